//! Fields of a parent that follow its children, by what the attributes say (rule F5, trap 27).

use std::sync::Arc;

use etag_core::{
    Batch, Derives, Effect, Error, ErrorKind, Expectation, FieldRole, Key, MemoryStore, Put, Row, Store as _,
    StoreExt as _, TagPlan, UnitOfWork, UnitOutcome, Versioned, from_client, put_document,
};
use serde::{Deserialize, Serialize};
use serde_json::json;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[versioned(collection = "plans", validator = revision)]
struct Plan {
    #[versioned(id)]
    id: String,
    #[serde(default)]
    #[versioned(derived)]
    items: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[versioned(collection = "tasks", validator = digest, changes = 10)]
#[serde(rename_all = "camelCase", default)]
struct Task {
    #[versioned(id)]
    id: String,
    #[versioned(parent(Plan, touch = content, derive = Plan::follow))]
    plan_id: Option<String>,
    title: String,
    #[versioned(derived)]
    item_count: u32,
    #[versioned(derived)]
    has_description: bool,
}

impl Default for Task {
    fn default() -> Self {
        task("", "")
    }
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Versioned)]
#[versioned(collection = "details", validator = revision)]
struct Details {
    #[versioned(id, parent(Task, touch = content, on_delete = cascade, derive = follow))]
    id: String,
    description: String,
    items: Vec<String>,
}

impl Plan {
    fn follow(&mut self, before: Option<&Task>, after: Option<&Task>) {
        self.items += after.map_or(0, |task| task.item_count);
        self.items -= before.map_or(0, |task| task.item_count);
    }
}

fn follow(task: &mut Task, _before: Option<&Details>, after: Option<&Details>) {
    task.title.push_str(" (not kept)");
    task.item_count = after.map_or(0, |details| details.items.len().try_into().unwrap());
    task.has_description = after.is_some_and(|details| !details.description.is_empty());
}

fn task(id: &str, title: &str) -> Task {
    Task { id: id.into(), plan_id: None, title: title.into(), item_count: 0, has_description: false }
}

fn details(id: &str, items: &[&str]) -> Details {
    Details { id: id.into(), description: String::new(), items: items.iter().map(ToString::to_string).collect() }
}

async fn store() -> MemoryStore {
    let store = MemoryStore::new();
    store.create(&Plan { id: "p".into(), items: 0 }).await.unwrap();
    store.create(&Task { plan_id: Some("p".into()), ..task("1", "milk") }).await.unwrap();
    store
}

async fn stored(store: &MemoryStore) -> Task {
    store.get::<Task>(&"1".to_owned()).await.unwrap().into_parts().0
}

#[test]
fn derived_fields_and_their_links_are_described() {
    let roles: Vec<_> = Task::MODEL.derived().map(|field| (field.name, field.role)).collect();
    assert_eq!(roles, [("itemCount", FieldRole::Derived), ("hasDescription", FieldRole::Derived)]);
    let link = &Details::MODEL.links[0];
    assert!(link.derive.is_some());
    assert_eq!(link.rule.derives, Derives::Fields);
}

#[tokio::test]
async fn a_parent_follows_its_child_in_the_childs_commit() {
    let store = store().await;
    let before = store.get::<Task>(&"1".to_owned()).await.unwrap();
    let created = store.create(&details("1", &["a", "b"])).await.unwrap();
    assert_eq!(stored(&store).await.item_count, 2);
    assert_ne!(store.get::<Task>(&"1".to_owned()).await.unwrap().etag(), before.etag());
    let changed = Details { description: "x".into(), ..details("1", &["a"]) };
    store.replace(&changed, created.etag()).await.unwrap();
    let task = stored(&store).await;
    assert_eq!((task.item_count, task.has_description, &*task.title), (1, true, "milk"));
}

#[tokio::test]
async fn what_is_derived_is_followed_in_turn() {
    let store = store().await;
    store.create(&details("1", &["a", "b"])).await.unwrap();
    assert_eq!(store.get::<Plan>(&"p".to_owned()).await.unwrap().items, 2);
    let details = store.get::<Details>(&"1".to_owned()).await.unwrap();
    store.delete::<Details>(&"1".to_owned(), details.etag()).await.unwrap();
    assert_eq!(store.get::<Plan>(&"p".to_owned()).await.unwrap().items, 0);
    assert_eq!(stored(&store).await.item_count, 0);
}

#[tokio::test]
async fn what_a_caller_says_of_a_derived_field_counts_for_nothing() {
    let store = MemoryStore::new();
    let created = store.create(&Task { item_count: 99, ..task("1", "milk") }).await.unwrap();
    assert_eq!((created.item_count, stored(&store).await.item_count), (0, 0));
    store.create(&details("1", &["a"])).await.unwrap();
    let etag = store.get::<Task>(&"1".to_owned()).await.unwrap().etag().clone();
    let replaced = store.replace(&Task { item_count: 99, ..task("1", "eggs") }, &etag).await.unwrap();
    assert_eq!((replaced.item_count, &*replaced.title), (1, "eggs"));
    assert_eq!(stored(&store).await, *replaced.value());
}

#[tokio::test]
async fn another_derived_value_alone_is_no_change() {
    let store = store().await;
    store.create(&details("1", &["a"])).await.unwrap();
    let held = store.get::<Task>(&"1".to_owned()).await.unwrap();
    let same = Task { item_count: 7, ..held.value().clone() };
    let put = put_document(&store, &same, Task::MODEL.expect(held.etag())).unwrap();
    let done = store.commit(Batch::new().put(put)).await.unwrap();
    assert_eq!(done.items[0].effect, Effect::Unchanged);
    assert_eq!(store.replace(&same, held.etag()).await.unwrap(), held);
}

#[tokio::test]
async fn a_body_is_read_without_its_derived_members() {
    let body = json!({ "title": "milk", "itemCount": "no number", "hasDescription": true });
    assert_eq!(from_client::<Task>(body, &"1".to_owned()).unwrap(), task("1", "milk"));
}

#[tokio::test]
async fn modify_sees_and_keeps_what_is_derived() {
    let store = store().await;
    store.create(&details("1", &["a"])).await.unwrap();
    let change = |task: &mut Task| {
        assert_eq!(task.item_count, 1);
        (task.item_count, task.title) = (99, "eggs".into());
        Ok(())
    };
    let id = "1".to_owned();
    let (one, other) = tokio::join!(store.modify(&id, change), store.modify(&id, change));
    assert_eq!((one.unwrap().item_count, other.unwrap().item_count), (1, 1));
    assert_eq!(stored(&store).await.item_count, 1);
}

#[tokio::test]
async fn the_change_log_tells_what_was_derived() {
    let store = store().await;
    let held = store.get::<Task>(&"1".to_owned()).await.unwrap();
    store.create(&details("1", &["a"])).await.unwrap();
    let refused = store.replace(&task("1", "eggs"), held.etag()).await.unwrap_err();
    assert_eq!(refused.conflicts()[0].changed.as_deref(), Some(&["itemCount".to_owned()][..]));
}

/// The same document in a store of a program that does not know its model.
async fn copy(from: &MemoryStore, to: &MemoryStore, key: Key) -> Result<(), Error> {
    let Row { head, body } = from.read(&key).await.unwrap().unwrap();
    let mut put = Put::new(key, Expectation::Absent, TagPlan::Revision, head.content, head.schema, body);
    put.parents = head.parents.links().iter().filter(|link| link.name == "task").cloned().collect();
    to.commit(Batch::new().put(put)).await.map(drop)
}

#[tokio::test]
async fn a_child_whose_model_the_store_was_not_told_of_is_misconfigured_and_not_written() {
    let (told, other) = (store().await, MemoryStore::new());
    told.create(&details("1", &["a"])).await.unwrap();
    let (task, details) = (Task::key_of(&"1".to_owned()), Details::key_of(&"1".to_owned()));
    copy(&told, &other, task).await.unwrap();
    assert_eq!(copy(&told, &other, details.clone()).await.unwrap_err().kind(), ErrorKind::Misconfigured);
    assert!(other.read(&details).await.unwrap().is_none());
    other.coordinator().environment().learn(Details::MODEL);
    copy(&told, &other, details).await.unwrap();
}

#[tokio::test]
async fn what_is_derived_merges_as_it_is_stored() {
    let (base, theirs) = (task("1", "a"), Task { item_count: 3, ..task("1", "a") });
    let merged = Task::merge(&base, Task { item_count: 9, ..task("1", "b") }, &theirs).unwrap();
    assert_eq!((merged.item_count, &*merged.title), (3, "b"));
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[versioned(collection = "bombs")]
struct Bomb {
    #[versioned(id, parent(Plan, touch = content, derive = explode))]
    id: String,
    is_armed: bool,
}

fn explode(_: &mut Plan, _: Option<&Bomb>, after: Option<&Bomb>) {
    assert!(!after.is_some_and(|bomb| bomb.is_armed), "armed");
}

#[tokio::test]
async fn a_function_that_panics_fails_its_own_commit_only() {
    let store = store().await;
    let bomb = |is_armed| Bomb { id: "p".into(), is_armed };
    let error = store.create(&bomb(true)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Engine, "{error}");
    assert!(store.find::<Bomb>(&"p".to_owned()).await.unwrap().is_none());
    store.create(&bomb(false)).await.unwrap();
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[versioned(collection = "plans", schema = 2, upgrade = count_from_text)]
struct NewerPlan {
    #[versioned(id)]
    id: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    #[versioned(derived)]
    item_count: u32,
}

fn count_from_text(_: u32, mut document: serde_json::Value) -> Result<serde_json::Value, String> {
    let members = document.as_object_mut().ok_or("no object")?;
    let items = members.remove("items").ok_or("no items")?;
    members.insert("item_count".into(), items);
    Ok(document)
}

#[tokio::test]
async fn an_older_document_is_upgraded_before_its_derived_fields_are_kept() {
    let store = store().await;
    store.create(&details("1", &["a", "b"])).await.unwrap();
    let newer = NewerPlan { id: "p".into(), name: "x".into(), item_count: 9 };
    let put = put_document(&store, &newer, Expectation::Exists).unwrap();
    store.commit(Batch::new().put(put)).await.unwrap();
    let row = store.read(&newer.key()).await.unwrap().unwrap();
    assert_eq!((row.head.schema, &*row.body), (2, &br#"{"id":"p","name":"x","item_count":2}"#[..]));
}

#[tokio::test]
async fn what_is_derived_is_kept_in_what_a_unit_of_work_is_about_to_leave() {
    let store = store().await;
    store.create(&details("1", &["a"])).await.unwrap();
    let mut unit = UnitOfWork::<Result<(), Error>>::new(Arc::new(store.clone()));
    unit.begin(async |member| member.put(&task("1", "eggs"), Expectation::Exists).await.map(drop)).await;
    unit.begin(async |member| {
        let seen = member.get::<Task>(&"1".to_owned()).await?;
        assert_eq!((&*seen.title, seen.item_count), ("eggs", 1));
        Ok(())
    })
    .await;
    assert!(matches!(unit.commit().await.unwrap(), UnitOutcome::Done(_)));
    assert_eq!(stored(&store).await, Task { item_count: 1, ..task("1", "eggs") });
}
