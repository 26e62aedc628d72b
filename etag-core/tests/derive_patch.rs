//! The patch struct tells a field to set from one to leave, and `null` from absent.

use etag_core::{MemoryStore, Patch as _, StoreExt as _, Versioned};
use serde::{Deserialize, Serialize};
use serde_json::json;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[serde(rename_all = "camelCase")]
#[versioned(collection = "tasks", patch(name = TaskChanges, derive(Clone, Debug, PartialEq, Serialize, Deserialize)))]
struct Task {
    #[versioned(id)]
    id: u64,
    title: String,
    due_date: Option<String>,
    #[serde(rename = "kind")]
    r#type: u8,
    #[serde(skip_deserializing)]
    derived: u32,
    #[serde(skip)]
    cache: u32,
    #[versioned(modified)]
    modified: String,
}

fn task() -> Task {
    Task {
        id: 1,
        title: "tea".into(),
        due_date: Some("today".into()),
        r#type: 1,
        derived: 2,
        cache: 3,
        modified: String::new(),
    }
}

fn patched(changes: TaskChanges) -> Task {
    let mut value = task();
    changes.apply(&mut value);
    value
}

fn read(json: serde_json::Value) -> TaskChanges {
    serde_json::from_value(json).unwrap()
}

#[test]
fn a_patch_that_names_nothing_changes_nothing() {
    assert_eq!(patched(TaskChanges::default()), task());
    assert_eq!(read(json!({})), TaskChanges::default());
}

#[test]
fn a_patch_sets_what_it_names() {
    let changes = TaskChanges { title: Some("milk".into()), r#type: Some(2), ..TaskChanges::default() };
    assert_eq!(patched(changes), Task { title: "milk".into(), r#type: 2, ..task() });
}

#[test]
fn null_clears_a_field_and_absence_leaves_it() {
    assert_eq!(read(json!({ "dueDate": null })).due_date, Some(None));
    assert_eq!(patched(read(json!({ "dueDate": null }))), Task { due_date: None, ..task() });
    assert_eq!(patched(read(json!({ "title": "tea" }))), task());
}

#[test]
fn null_is_no_value_of_a_field_that_must_have_one() {
    let error = serde_json::from_value::<TaskChanges>(json!({ "title": null })).unwrap_err();
    assert!(error.to_string().contains("null"), "{error}");
}

#[test]
fn a_serialised_patch_has_the_names_of_the_model_and_only_what_it_sets() {
    let changes = TaskChanges { due_date: Some(None), r#type: Some(2), ..TaskChanges::default() };
    let json = serde_json::to_value(&changes).unwrap();
    assert_eq!(json, json!({ "dueDate": null, "kind": 2 }));
    assert_eq!(read(json), changes);
}

#[test]
fn a_patch_has_the_fields_that_a_client_may_write_and_no_other() {
    let TaskChanges { title, due_date, r#type } = TaskChanges::default();
    assert_eq!((title, due_date, r#type), (None, None, None));
}

#[tokio::test]
async fn a_patch_under_the_current_tag_is_written_and_under_another_is_not() {
    let store = MemoryStore::new();
    let created = task().create_if_absent(&store).await.unwrap();
    let changes = read(json!({ "title": "milk", "dueDate": null }));
    let written = Task::patch_if_match(&store, &1, created.etag(), changes.clone()).await.unwrap();
    assert_eq!((written.title.as_str(), &written.due_date), ("milk", &None));
    assert!(Task::patch_if_match(&store, &1, created.etag(), changes).await.unwrap_err().is_stale());
    assert_eq!(store.get::<Task>(&1).await.unwrap().etag(), written.etag());
}

#[derive(Clone, Debug, PartialEq, Versioned)]
#[versioned(collection = "folders")]
struct Folder {
    #[versioned(id)]
    id: u64,
    names: Vec<String>,
    inner: Option<Box<Nested<Self>>>,
}

#[derive(Clone, Debug, PartialEq)]
struct Nested<T>(std::marker::PhantomData<T>);

impl<T> etag_core::Content for Nested<T> {
    fn feed(&self, sink: &mut etag_core::Digester) {
        sink.none();
    }
}

#[test]
fn self_in_a_field_is_the_model_in_its_patch_too() {
    let mut folder = Folder { id: 1, names: vec![], inner: None };
    let nested: Nested<Folder> = Nested(std::marker::PhantomData);
    FolderPatch { inner: Some(Some(Box::new(nested))), ..FolderPatch::default() }.apply(&mut folder);
    assert!(folder.inner.is_some());
}
