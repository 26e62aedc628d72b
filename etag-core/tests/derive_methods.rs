//! The methods that `#[derive(Versioned)]` gives a model, against the store in memory.

use etag_core::{Content, MemoryStore, ModelId, StoreExt as _, Versioned};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ModelId)]
struct BoardId(String);

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, Content)]
#[serde(rename_all = "lowercase")]
enum Priority {
    Low,
    High,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[versioned(collection = "boards")]
struct Board {
    #[versioned(id)]
    id: BoardId,
    name: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[versioned(collection = "tasks", validator = digest)]
struct Task {
    #[versioned(id)]
    id: u64,
    title: String,
    priority: Priority,
    #[versioned(merge = union)]
    tags: Vec<String>,
    due: Option<String>,
    #[versioned(parent(Board, touch = none))]
    board_id: Option<BoardId>,
}

fn task() -> Task {
    Task { id: 1, title: "tea".into(), priority: Priority::Low, tags: vec![], due: None, board_id: None }
}

#[tokio::test]
async fn conditional_writes_hold_the_condition_that_their_names_say() {
    let store = MemoryStore::new();
    let created = task().create_if_absent(&store).await.unwrap();
    assert!(task().create_if_absent(&store).await.unwrap_err().is_rejected());
    let patch = TaskPatch { title: Some("milk".into()), ..TaskPatch::default() };
    let patched = Task::patch_if_match(&store, &1, created.etag(), patch).await.unwrap();
    assert_eq!((patched.title.as_str(), patched.priority), ("milk", Priority::Low));
    assert!(task().replace_if_match(&store, created.etag()).await.unwrap_err().is_stale());
    assert_eq!(*patched.etag(), patched.value().etag());
    assert!(Task::delete_if_match(&store, &1, created.etag()).await.unwrap_err().is_stale());
    Task::delete_if_match(&store, &1, patched.etag()).await.unwrap();
    assert!(store.find::<Task>(&1).await.unwrap().is_none());
}

#[tokio::test]
async fn a_parent_is_read_by_the_method_that_its_link_names() {
    let store = MemoryStore::new();
    let board = Board { id: BoardId("home".into()), name: "Home".into() };
    let child = Task { board_id: Some(board.id.clone()), ..task() };
    assert!(child.board(&store).await.unwrap().is_none());
    board.create_if_absent(&store).await.unwrap();
    assert_eq!(*child.board(&store).await.unwrap().unwrap(), board);
    assert!(task().board(&store).await.unwrap().is_none());
}
