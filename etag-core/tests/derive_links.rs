//! What the derive makes of links: their description, the parents of a value, and the functions in both directions.

use etag_core::{
    Cardinality, ChangeRule, Derives, ErrorKind, Key, Link, LinkRule, Lock, MemoryStore, ModelId, OnDelete, Presence,
    Store as _, StoreExt as _, Touch, Versioned,
};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ModelId)]
struct BoardId(String);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[versioned(collection = "boards", changes = 20)]
struct Board {
    #[versioned(id)]
    id: BoardId,
    #[versioned(parent(Self, touch = structure, lock = own, on_delete = detach, name = "above"))]
    above_id: Option<BoardId>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[serde(rename_all = "camelCase")]
#[versioned(collection = "tasks")]
struct Task {
    #[versioned(id)]
    id: u64,
    title: String,
    #[versioned(parent(Board, touch = content, on_delete = cascade))]
    board_id: BoardId,
    #[versioned(parent(Board, touch = none, name = "origin"))]
    came_from: Option<BoardId>,
}

/// At most one to a task, with the task's id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[versioned(collection = "details")]
struct Details {
    #[versioned(id, parent(Task, touch = none, on_delete = cascade, cascade = unseen))]
    task_id: u64,
    notes: String,
}

fn board_id(id: &str) -> BoardId {
    BoardId(id.into())
}

fn task(id: u64, board: &str) -> Task {
    Task { id, title: format!("task {id}"), board_id: board_id(board), came_from: None }
}

async fn store_with_boards() -> MemoryStore {
    let store = MemoryStore::new();
    for id in ["home", "work"] {
        Board { id: board_id(id), above_id: None }.create_if_absent(&store).await.unwrap();
    }
    store
}

fn rule(touch: Touch, lock: Lock, on_delete: OnDelete) -> LinkRule {
    LinkRule { touch, lock, on_delete, derives: Derives::Nothing }
}

#[test]
fn a_rule_is_what_the_attribute_says() {
    let of = |link: &Link| link.rule;
    assert_eq!(of(&Task::MODEL.links[0]), rule(Touch::Content, Lock::Family, OnDelete::Cascade));
    assert_eq!(of(&Board::MODEL.links[0]), rule(Touch::Structure, Lock::Own, OnDelete::Detach));
    assert_eq!(of(&Details::MODEL.links[0]), rule(Touch::None, Lock::Family, OnDelete::Cascade));
}

#[test]
fn what_is_not_said_is_family_and_restrict() {
    let origin = Task::MODEL.link("origin").unwrap();
    assert_eq!(origin.rule, rule(Touch::None, Lock::Family, OnDelete::Restrict));
}

#[test]
fn a_link_on_the_id_is_to_one_child() {
    let only = &Details::MODEL.links[0];
    assert_eq!((only.name, only.field, only.cardinality), ("task", "task_id", Cardinality::One));
    assert_eq!(only.presence, Presence::Required);
    let many = &Task::MODEL.links[0];
    assert_eq!((many.name, many.field, many.cardinality), ("board", "boardId", Cardinality::Many));
}

#[test]
fn changes_are_remembered_where_the_model_says_so() {
    assert_eq!((Board::MODEL.changes, Task::MODEL.changes), (ChangeRule::last(20), ChangeRule::NONE));
}

#[test]
fn a_value_has_the_parents_that_its_fields_name() {
    let parents = Task { came_from: Some(board_id("work")), ..task(1, "home") }.parents();
    let held: Vec<_> = parents.held().map(|link| (&*link.name, &link.parent, link.rule)).collect();
    let [board, origin] = Task::MODEL.links else { panic!("two links") };
    let (home, work) = (Key::new("boards", "home"), Key::new("boards", "work"));
    assert_eq!(held, [("board", &home, board.rule), ("origin", &work, origin.rule)]);
    assert_eq!(task(1, "home").parents().of_link("origin"), None);
    let details = Details { task_id: 7, notes: String::new() };
    assert_eq!(details.parents().of_link("task"), Some(&Key::new("tasks", "7")));
}

#[tokio::test]
async fn children_are_listed_by_the_link_that_names_their_parent() {
    let store = store_with_boards().await;
    for (id, board) in [(1, "home"), (2, "work"), (3, "home")] {
        task(id, board).create_if_absent(&store).await.unwrap();
    }
    Task { came_from: Some(board_id("home")), ..task(4, "work") }.create_if_absent(&store).await.unwrap();
    let page = Task::of_board(&store, &board_id("home"), None, 10).await.unwrap();
    assert_eq!(page.items.iter().map(|task| task.id).collect::<Vec<_>>(), [1, 3]);
    let page = Task::of_origin(&store, &board_id("home"), None, 10).await.unwrap();
    assert_eq!(page.items.iter().map(|task| task.id).collect::<Vec<_>>(), [4]);
    assert!(Task::of_board(&store, &board_id("gone"), None, 10).await.unwrap().items.is_empty());
}

#[tokio::test]
async fn children_come_in_pages() {
    let store = store_with_boards().await;
    for id in 1..=3 {
        task(id, "home").create_if_absent(&store).await.unwrap();
    }
    let first = Task::of_board(&store, &board_id("home"), None, 2).await.unwrap();
    assert_eq!(first.items.len(), 2);
    let last = Task::of_board(&store, &board_id("home"), first.next, 2).await.unwrap();
    assert_eq!((last.items[0].id, last.items.len(), last.next), (3, 1, None));
}

#[tokio::test]
async fn the_tag_of_a_listed_child_is_good_for_its_next_write() {
    let store = store_with_boards().await;
    task(1, "home").create_if_absent(&store).await.unwrap();
    let page = Task::of_board(&store, &board_id("home"), None, 1).await.unwrap();
    Task::delete_if_match(&store, &1, page.items[0].etag()).await.unwrap();
}

#[tokio::test]
async fn the_only_child_is_found_by_its_parents_id() {
    let store = store_with_boards().await;
    let task = task(7, "home").create_if_absent(&store).await.unwrap();
    assert!(Details::of_task(&store, &task.id).await.unwrap().is_none());
    let details = Details { task_id: 7, notes: "milk".into() }.create_if_absent(&store).await.unwrap();
    assert_eq!(Details::of_task(&store, &task.id).await.unwrap(), Some(details.clone()));
    assert_eq!(*details.task(&store).await.unwrap().unwrap().value(), *task.value());
}

#[tokio::test]
async fn a_model_is_its_own_parent() {
    let store = store_with_boards().await;
    let below = Board { id: board_id("kitchen"), above_id: Some(board_id("home")) };
    below.create_if_absent(&store).await.unwrap();
    assert_eq!(below.above(&store).await.unwrap().unwrap().id, board_id("home"));
    let page = Board::of_above(&store, &board_id("home"), None, 10).await.unwrap();
    assert_eq!(page.items.iter().map(|board| &board.id).collect::<Vec<_>>(), [&board_id("kitchen")]);
}

#[tokio::test]
async fn a_child_that_can_not_be_read_is_an_error() {
    #[derive(Clone, Debug, PartialEq, Serialize, Versioned)]
    #[versioned(collection = "tasks")]
    struct Odd {
        #[versioned(id)]
        id: u64,
        #[versioned(parent(Board, touch = none))]
        board_id: BoardId,
    }
    impl<'de> Deserialize<'de> for Odd {
        fn deserialize<D: serde::Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
            Err(serde::de::Error::custom("odd"))
        }
    }
    let store = store_with_boards().await;
    task(1, "home").create_if_absent(&store).await.unwrap();
    let error = Odd::of_board(&store, &board_id("home"), None, 10).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Undecodable);
}

type MaybeBoard = Option<BoardId>;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[versioned(collection = "drafts")]
struct Draft {
    #[versioned(id)]
    id: u64,
    #[versioned(parent(Board, touch = content, on_delete = detach))]
    board_id: MaybeBoard,
}

#[tokio::test]
async fn an_alias_of_an_option_is_read_through() {
    let store = store_with_boards().await;
    let draft = Draft { id: 1, board_id: Some(board_id("home")) }.create_if_absent(&store).await.unwrap();
    assert_eq!(Draft::MODEL.links[0].presence, Presence::Optional);
    let page = Draft::of_board(&store, &draft.board_id, None, 10).await.unwrap();
    assert_eq!(page.items, [draft]);
    assert!(Draft::of_board(&store, &None, None, 10).await.unwrap().items.is_empty());
}

#[tokio::test]
async fn the_functions_take_any_store() {
    let store = store_with_boards().await.handle();
    let task = task(1, "home").create_if_absent(&*store).await.unwrap();
    assert_eq!(Task::of_board(&*store, &task.board_id, None, 1).await.unwrap().items[0], task);
    assert!(task.board(&store).await.unwrap().is_some());
    assert!(store.find::<Details>(&1).await.unwrap().is_none());
}
