use etag_core::{Error, MemoryStore, StoreExt as _, Versioned};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, Deserialize, Serialize, Versioned)]
#[versioned(collection = "Tasks", validator = digest)]
struct Task {
    #[versioned(id)]
    id: u64,
    #[versioned(exclude)]
    title: String,
}

async fn change(store: &MemoryStore, task: &Task) -> Result<(), Error> {
    let created = task.create_if_absent(store).await?;
    let patch = TaskPatch { title: Some("tea".to_owned()), ..TaskPatch::default() };
    let patched = Task::patch_if_match(store, &task.id, created.etag(), patch).await?;
    store.modify(&7, |task: &mut Task| Ok(task.title.clear())).await?;
    let merged = Task::merge(task, task.clone(), &patched)?;
    assert_eq!(merged.etag(), task.etag());
    Task::delete_if_match(store, task.id(), patched.etag()).await
}

fn main() {
    let _ = change;
}
