//! The description of a model, and what its author adds: checks, upgrades, stamps and tags of other servers.

use etag_core::{
    Batch, ETag, ErrorKind, Expectation, FieldRole, Key, MemoryStore, ModelField, ModelId, Presence, Put, Store as _,
    StoreExt as _, TagPlan, Touch, Validator, Versioned, Violations, from_client,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ModelId)]
struct BoardId(String);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[versioned(collection = "boards", validator = last_modified)]
struct Board {
    #[versioned(id)]
    id: BoardId,
    #[versioned(parent(Self, touch = none))]
    above: Option<BoardId>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[serde(rename_all = "camelCase")]
#[versioned(collection = "tasks", representation = 3, schema = 2, upgrade = upgrade, validate = validate)]
struct Task {
    title: String,
    #[versioned(id)]
    number: u64,
    #[versioned(parent(Board, touch = none))]
    board_id: BoardId,
    #[versioned(parent(Board, touch = none, name = "origin"))]
    came_from: Option<BoardId>,
    #[versioned(created)]
    created_at: String,
    #[versioned(modified)]
    modified_at: String,
    #[versioned(revision)]
    revision: u64,
    #[versioned(etag)]
    etag: String,
    #[serde(skip)]
    cache: u32,
}

fn validate(task: &Task) -> Result<(), Violations> {
    let mut violations = Violations::new();
    if task.title.is_empty() {
        violations.add("/title", "must not be empty");
    }
    violations.into_result()
}

fn upgrade(from: u32, mut document: Value) -> Result<Value, String> {
    assert_eq!(from, 1);
    let name = document.as_object_mut().and_then(|members| members.remove("name"));
    document["title"] = name.ok_or("it has no name")?;
    Ok(document)
}

fn task() -> Task {
    Task {
        title: "tea".into(),
        number: 7,
        board_id: BoardId("home".into()),
        came_from: None,
        created_at: String::new(),
        modified_at: String::new(),
        revision: 0,
        etag: String::new(),
        cache: 0,
    }
}

#[test]
fn the_description_says_what_the_attributes_say() {
    let model = Task::MODEL;
    assert_eq!((model.name, model.collection, model.representation, model.schema), ("Task", "tasks", 3, 2));
    assert_eq!((model.validator, Board::MODEL.validator), (Validator::Revision, Validator::LastModified));
    assert_eq!(task().key(), Key::new("tasks", "7"));
}

#[test]
fn fields_are_described_in_the_order_of_the_struct_without_what_serde_skips() {
    let described = |field: &ModelField| (field.name, field.rust_name, field.role);
    let expected = [
        ("title", "title", FieldRole::Data),
        ("number", "number", FieldRole::Id),
        ("boardId", "board_id", FieldRole::Data),
        ("cameFrom", "came_from", FieldRole::Data),
        ("createdAt", "created_at", FieldRole::Created),
        ("modifiedAt", "modified_at", FieldRole::Modified),
        ("revision", "revision", FieldRole::Revision),
        ("etag", "etag", FieldRole::ETag),
    ];
    assert_eq!(Task::MODEL.fields.iter().map(described).collect::<Vec<_>>(), expected);
}

#[test]
fn links_are_described_with_their_parents() {
    let [board, origin] = Task::MODEL.links else { panic!("two links") };
    assert_eq!((board.name, board.field, board.presence), ("board", "boardId", Presence::Required));
    assert_eq!((origin.name, origin.field, origin.presence), ("origin", "cameFrom", Presence::Optional));
    assert_eq!((board.rule.touch, (board.parent)().name), (Touch::None, "Board"));
    assert_eq!((Board::MODEL.links[0].parent)().collection, "boards");
}

#[tokio::test]
async fn each_link_has_its_method() {
    let store = MemoryStore::new();
    let board = |id: &str| Board { id: BoardId(id.into()), above: None };
    for id in ["home", "work"] {
        board(id).create_if_absent(&store).await.unwrap();
    }
    let task = Task { came_from: Some(BoardId("work".into())), ..task() };
    assert_eq!(task.board(&store).await.unwrap().unwrap().id, board("home").id);
    assert_eq!(task.origin(&store).await.unwrap().unwrap().id, board("work").id);
    let lost = Task { board_id: BoardId("gone".into()), came_from: None, ..task };
    assert!(lost.board(&store).await.unwrap().is_none());
    assert!(lost.origin(&store).await.unwrap().is_none());
}

#[tokio::test]
async fn a_value_that_breaks_a_rule_is_not_written() {
    let store = MemoryStore::new();
    let error = Task { title: String::new(), ..task() }.create_if_absent(&store).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert_eq!(error.violations().unwrap().iter().next().unwrap().pointer, "/title");
    assert!(store.find::<Task>(&7).await.unwrap().is_none());
}

#[tokio::test]
async fn stamps_are_filled_in_by_the_store() {
    let store = MemoryStore::new();
    Board { id: task().board_id, above: None }.create_if_absent(&store).await.unwrap();
    let created = task().create_if_absent(&store).await.unwrap();
    assert_eq!(created.revision, created.revision().sequence());
    assert_eq!(created.value().etag, created.etag().to_string());
    assert_eq!(created.created_at, created.modified_at);
    let changed = store
        .modify(&7, |task: &mut Task| {
            task.title.push('s');
            Ok(())
        })
        .await
        .unwrap();
    assert_eq!(changed.created_at, created.created_at);
    assert!(changed.revision > created.revision);
    assert_eq!(changed.value().etag, changed.etag().to_string());
}

#[test]
fn a_client_sets_no_stamp() {
    let body = json!({ "title": "tea", "boardId": "home", "revision": 99, "etag": "\"mine\"", "createdAt": "then" });
    let task = from_client::<Task>(body, &7).unwrap();
    assert_eq!((task.revision, task.etag.as_str()), (0, "\"\""));
}

async fn store_with_old_document(document: &Value) -> MemoryStore {
    let store = MemoryStore::new();
    let (key, body) = (Task::key_of(&7), document.to_string().into());
    let put = Put::new(key, Expectation::Absent, TagPlan::Revision, task().content_digest(), 1, body);
    store.commit(Batch::new().put(put)).await.unwrap();
    store
}

#[tokio::test]
async fn an_older_document_is_upgraded_when_it_is_read() {
    let store = store_with_old_document(&json!({ "number": 7, "name": "tea", "boardId": "home" })).await;
    assert_eq!(store.get::<Task>(&7).await.unwrap().title, "tea");
}

#[tokio::test]
async fn a_document_that_can_not_be_upgraded_says_why() {
    let store = store_with_old_document(&json!({ "number": 7, "boardId": "home" })).await;
    let error = store.get::<Task>(&7).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Undecodable);
    assert!(error.to_string().contains("it has no name"), "{error}");
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[versioned(collection = "mirrors", validator = opaque)]
struct Mirror {
    #[versioned(id)]
    id: u64,
    text: String,
    #[versioned(etag)]
    tag: Option<ETag>,
}

fn mirror(tag: Option<&str>) -> Mirror {
    Mirror { id: 1, text: "tea".into(), tag: tag.map(|tag| tag.parse().unwrap()) }
}

#[tokio::test]
async fn an_opaque_model_is_kept_under_the_tag_that_it_holds() {
    let store = MemoryStore::new();
    let created = mirror(Some("W/\"theirs,1\"")).create_if_absent(&store).await.unwrap();
    assert_eq!(created.etag().to_string(), "W/\"theirs,1\"");
    assert_eq!(created.value().etag().as_ref(), Some(created.etag()));
}

#[tokio::test]
async fn an_opaque_model_without_a_tag_can_not_be_written() {
    let error = mirror(None).create_if_absent(&MemoryStore::new()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misconfigured);
}

#[test]
fn a_merged_opaque_model_holds_the_tag_of_the_state_that_it_was_merged_with() {
    let (base, theirs) = (mirror(Some("\"1\"")), mirror(Some("\"2\"")));
    let mine = Mirror { text: "milk".into(), ..base.clone() };
    let merged = Mirror::merge(&base, mine, &theirs).unwrap();
    assert_eq!((merged.text.as_str(), merged.tag), ("milk", theirs.tag));
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[versioned(collection = "numbered", validator = digest)]
struct Numbered {
    #[versioned(id)]
    id: uuid_like::Name,
}

mod uuid_like {
    use super::{Deserialize, ModelId, Serialize};

    #[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ModelId)]
    pub(super) struct Name(pub(super) u32);
}

#[test]
fn a_newtype_id_has_the_text_form_of_what_is_in_it() {
    assert_eq!(uuid_like::Name::parse("42").unwrap(), uuid_like::Name(42));
    assert_eq!(&*uuid_like::Name(42).to_text(), "42");
    assert!(uuid_like::Name::parse("042").is_err());
    assert_eq!(uuid_like::Name::EXPECTED, u32::EXPECTED);
    assert_eq!(Numbered { id: uuid_like::Name(1) }.key(), Key::new("numbered", "1"));
}
