//! Edits that remember the tag they were made from, and merge where they can.

use etag_core::{ErrorKind, MemoryStore, Snapshot, StoreExt, Versioned};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[versioned(collection = "tasks", validator = revision)]
struct Task {
    #[versioned(id)]
    id: String,
    title: String,
    done: bool,
    #[versioned(merge = union)]
    tags: Vec<String>,
}

async fn task(store: &MemoryStore) -> Snapshot<Task> {
    let task = Task { id: "1".into(), title: "paint".into(), done: false, tags: vec!["home".into()] };
    store.create(&task).await.unwrap()
}

#[tokio::test]
async fn an_old_edit_is_never_sent_under_a_new_tag() {
    let store = MemoryStore::new();
    let snapshot = task(&store).await;
    snapshot.edit(|task| task.done = true).save(&store).await.unwrap();
    assert!(snapshot.edit(|task| task.title = "sand".into()).save(&store).await.unwrap_err().is_stale());
    assert_eq!(store.get::<Task>(&"1".into()).await.unwrap().title, "paint");
}

#[tokio::test]
async fn disjoint_edits_merge() {
    let store = MemoryStore::new();
    let snapshot = task(&store).await;
    snapshot.edit(|task| task.done = true).save(&store).await.unwrap();
    let merged = snapshot.edit(|task| task.title = "sand".into()).save_merged(&store).await.unwrap();
    assert_eq!((merged.title.as_str(), merged.done), ("sand", true));
    assert_eq!(merged, store.get::<Task>(&"1".into()).await.unwrap());
}

#[tokio::test]
async fn edits_of_one_field_are_a_conflict_that_names_it_and_writes_nothing() {
    let store = MemoryStore::new();
    let snapshot = task(&store).await;
    snapshot.edit(|task| task.title = "sand".into()).save(&store).await.unwrap();
    let error = snapshot.edit(|task| task.title = "wax".into()).save_merged(&store).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Merge);
    assert_eq!(error.merge_conflict().unwrap().fields(), ["title"]);
    assert_eq!(store.get::<Task>(&"1".into()).await.unwrap().title, "sand");
}

#[tokio::test]
async fn a_rule_of_the_model_merges_edits_of_one_field() {
    let store = MemoryStore::new();
    let snapshot = task(&store).await;
    snapshot.edit(|task| task.tags.push("paid".into())).save(&store).await.unwrap();
    let merged = snapshot.edit(|task| task.tags.push("wet".into())).save_merged(&store).await.unwrap();
    assert_eq!(merged.tags, ["home", "wet", "paid"]);
}

#[tokio::test]
async fn a_typed_patch_is_applied_to_the_state_that_the_tag_names() {
    let store = MemoryStore::new();
    let snapshot = task(&store).await;
    let patch = || TaskPatch { done: Some(true), ..TaskPatch::default() };
    let id = "1".to_owned();
    let patched = store.patch::<Task>(&id, snapshot.etag(), patch()).await.unwrap();
    assert!(patched.done);
    assert!(store.patch::<Task>(&id, snapshot.etag(), patch()).await.unwrap_err().is_stale());
}

#[tokio::test]
async fn a_delete_needs_the_current_tag() {
    let store = MemoryStore::new();
    let snapshot = task(&store).await;
    let newer = snapshot.edit(|task| task.done = true).save(&store).await.unwrap();
    let id = "1".to_owned();
    assert!(store.delete::<Task>(&id, snapshot.etag()).await.unwrap_err().is_stale());
    store.delete::<Task>(&id, newer.etag()).await.unwrap();
    assert!(store.get::<Task>(&id).await.unwrap_err().is_not_found());
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[versioned(collection = "readings", validator = last_modified)]
struct Reading {
    #[versioned(id)]
    id: String,
    value: f64,
}

#[tokio::test]
async fn an_edit_of_a_state_with_a_weak_tag_is_saved_once() {
    let store = MemoryStore::new();
    let snapshot = store.create(&Reading { id: "1".into(), value: 0.5 }).await.unwrap();
    assert!(snapshot.etag().is_weak());
    snapshot.edit(|reading| reading.value = 1.5).save(&store).await.unwrap();
    assert!(snapshot.edit(|reading| reading.value = 2.5).save(&store).await.unwrap_err().is_stale());
}
