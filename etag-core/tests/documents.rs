//! What is stored, what is served, and what a client's body may set.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use etag_core::{
    Clock, ETag, Effect, Environment, ErrorKind, Expectation, MemoryStore, Row, Store, StoreExt, Versioned, Violations,
    from_client, representation,
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[versioned(collection = "plain", validator = revision)]
struct Plain {
    #[versioned(id)]
    id: u64,
    text: String,
    #[serde(default)]
    estimate: Option<f64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[versioned(collection = "stamped", validator = revision, validate = Stamped::check)]
struct Stamped {
    #[versioned(id)]
    id: String,
    #[versioned(created)]
    created_at: String,
    text: String,
    #[versioned(modified)]
    modified_at: String,
    #[versioned(revision)]
    revision: u64,
    #[versioned(etag)]
    etag: ETag,
}

impl Stamped {
    fn check(&self) -> Result<(), Violations> {
        let mut violations = Violations::new();
        if self.text.is_empty() {
            violations.add("/text", "must not be empty");
        }
        violations.into_result()
    }
}

struct Noon;

impl Clock for Noon {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(1_000_000_000_500)
    }
}

fn store() -> MemoryStore {
    MemoryStore::with_environment(Environment::system().with_clock(Noon))
}

fn stamped(text: &str) -> Stamped {
    let body = json!({ "text": text });
    from_client(body, &"1".to_owned()).unwrap()
}

#[tokio::test]
async fn the_stored_bytes_are_the_representation_of_a_model_without_stamps() {
    let store = store();
    store.create(&Plain { id: 7, text: "a".into(), estimate: Some(0.1) }).await.unwrap();
    let row = store.read(&Plain::key_of(&7)).await.unwrap().unwrap();
    assert_eq!(row.body, r#"{"id":7,"text":"a","estimate":0.1}"#);
    let served = representation::<Plain>(&row).unwrap();
    assert_eq!(served.as_ptr(), row.body.as_ptr(), "not even copied");
}

#[tokio::test]
async fn stamps_are_filled_in_by_the_store_and_never_stored() {
    let store = store();
    let snapshot = store.create(&stamped("a")).await.unwrap();
    let row = store.read(&Stamped::key_of(&"1".into())).await.unwrap().unwrap();
    assert_eq!(row.body, r#"{"id":"1","text":"a"}"#);
    let served: Value = serde_json::from_slice(&representation::<Stamped>(&row).unwrap()).unwrap();
    let expected = json!({
        "id": "1",
        "text": "a",
        "created_at": "2001-09-09T01:46:40.500000Z",
        "modified_at": "2001-09-09T01:46:40.500000Z",
        "revision": 1,
        "etag": snapshot.etag().to_str().unwrap(),
    });
    assert_eq!(served, expected);
    assert_eq!((snapshot.revision, &snapshot.etag), (1, snapshot.etag()));
}

/// As a repository of somebody's own may keep it.
#[tokio::test]
async fn stamps_are_filled_into_a_document_with_white_space() {
    let store = store();
    store.create(&stamped("a")).await.unwrap();
    let row = store.read(&Stamped::key_of(&"1".into())).await.unwrap().unwrap();
    for body in [" { \"id\" : \"1\", \"text\" : \"a\" }\r\n", "{ }"] {
        let served = representation::<Stamped>(&Row { body: body.into(), head: row.head.clone() }).unwrap();
        let served: Value = serde_json::from_slice(&served).unwrap();
        assert_eq!(served["revision"], 1, "{served}");
    }
}

#[tokio::test]
async fn stamps_are_no_content() {
    let store = store();
    let first = store.create(&stamped("a")).await.unwrap();
    let mut echoed = first.value().clone();
    echoed.revision = 99;
    echoed.modified_at = "1999-01-01T00:00:00Z".into();
    let (effect, head) = store.put(&echoed, Expectation::Exists).await.unwrap();
    assert_eq!((effect, &head.tag), (Effect::Unchanged, &first.head().tag));
}

#[test]
fn a_client_sends_back_what_it_was_given_and_sets_no_stamp() {
    let body = json!({ "id": "1", "text": "a", "revision": 99, "created_at": "x", "etag": "\"mine\"" });
    let value = from_client::<Stamped>(body, &"1".to_owned()).unwrap();
    assert_eq!((value.revision, value.text.as_str()), (0, "a"));
}

fn violation<T: etag_core::Document>(body: Value, id: &T::Id) -> (String, String) {
    let error = from_client::<T>(body, id).err().expect("a violation");
    let violation = error.violations().unwrap().iter().next().unwrap().clone();
    (violation.pointer.into_owned(), violation.message.into_owned())
}

#[test]
fn a_body_that_is_not_of_the_model_is_refused_with_its_place() {
    assert_eq!(
        violation::<Plain>(json!({ "text": "a", "id": 8 }), &7),
        ("/id".into(), "must be 7, the id in the path, or be left out".into())
    );
    assert_eq!(violation::<Plain>(json!({ "text": 1 }), &7).0, "/text");
    assert_eq!(violation::<Plain>(json!({ "text": "a", "estimate": "x" }), &7).0, "/estimate");
    assert!(violation::<Plain>(json!({}), &7).1.contains("missing field `text`"));
    assert_eq!(violation::<Plain>(json!([]), &7).1, "must be a JSON object, the representation of a `Plain`");
}

#[tokio::test]
async fn an_invalid_value_is_not_written() {
    let error = store().create(&stamped("")).await.unwrap_err();
    assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::Invalid, "/text: must not be empty"));
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[versioned(collection = "plain", validator = revision, schema = 2, upgrade = Renamed::upgrade, representation = 2)]
struct Renamed {
    #[versioned(id)]
    id: u64,
    title: String,
}

impl Renamed {
    fn upgrade(from: u32, mut document: Value) -> Result<Value, String> {
        assert_eq!(from, 1);
        let members = document.as_object_mut().ok_or("not an object")?;
        let text = members.remove("text").ok_or("no text")?;
        members.insert("title".into(), text);
        Ok(document)
    }
}

#[tokio::test]
async fn a_row_of_an_older_schema_is_read_and_its_tag_is_another() {
    let store = store();
    let old = store.create(&Plain { id: 7, text: "a".into(), estimate: None }).await.unwrap();
    let new = store.get::<Renamed>(&7).await.unwrap();
    assert_eq!(new.title, "a");
    assert_ne!(old.etag(), new.etag());
    assert!(store.replace(&Renamed { id: 7, title: "b".into() }, old.etag()).await.unwrap_err().is_stale());
    let changed = store.replace(&Renamed { id: 7, title: "b".into() }, new.etag()).await.unwrap();
    assert_eq!(changed.title, "b");
}

#[tokio::test]
async fn a_row_that_can_not_be_upgraded_says_why() {
    let store = store();
    store.create(&Plain { id: 7, text: "a".into(), estimate: None }).await.unwrap();
    let mut put =
        etag_core::put_document(&store, &Plain { id: 8, text: "a".into(), estimate: None }, Expectation::Absent)
            .unwrap();
    put.body = r#"{"id":8}"#.into();
    store.commit(etag_core::Batch::new().put(put)).await.unwrap();
    let error = store.get::<Renamed>(&8).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Undecodable);
    assert_eq!(error.to_string(), "plain/8 can't be upgraded from schema 1 to 2: no text");
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[versioned(collection = "plain", validator = revision)]
struct OneWay {
    #[versioned(id)]
    id: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    marks: Vec<String>,
}

#[tokio::test]
async fn what_could_not_be_read_again_is_not_written() {
    let store = store();
    let error = store.create(&OneWay { id: 8, marks: Vec::new() }).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Undecodable);
    assert!(error.to_string().contains("missing field `marks`"), "{error}");
    assert_eq!(store.read(&OneWay::key_of(&8)).await.unwrap(), None);
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[versioned(collection = "free", validator = revision)]
struct Free {
    #[versioned(id)]
    id: u64,
    any: Value,
}

fn nested(levels: usize) -> Free {
    Free { id: 7, any: (0..levels).fold(json!(1), |inner, _| json!([inner])) }
}

/// The reader of JSON follows 127 levels, of which the document has one.
#[tokio::test]
async fn what_is_nested_too_deeply_to_be_read_again_is_invalid() {
    let store = store();
    for levels in [127, 128, 500] {
        let error = store.create(&nested(levels)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid, "{error}");
    }
    assert_eq!(store.read(&Free::key_of(&7)).await.unwrap(), None);
    store.create(&nested(126)).await.unwrap();
    assert_eq!(*store.get::<Free>(&7).await.unwrap(), nested(126));
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[versioned(collection = "copies", validator = opaque)]
struct Copy {
    #[versioned(id)]
    id: u64,
    text: String,
    #[versioned(etag)]
    etag: ETag,
}

#[tokio::test]
async fn a_strong_opaque_tag_never_names_a_second_state() {
    let store = store();
    let copy = |text: &str, tag: &str| Copy { id: 7, text: text.into(), etag: tag.parse().unwrap() };
    store.create(&copy("a", "\"1\"")).await.unwrap();
    let error = store.put(&copy("b", "\"1\""), Expectation::Exists).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    store.put(&copy("b", "\"2\""), Expectation::Exists).await.unwrap();
    assert_eq!(store.get::<Copy>(&7).await.unwrap().text, "b");
}

#[test]
fn a_struct_within_a_document_of_a_client_is_an_object() {
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, etag_core::Content)]
    #[serde(default)]
    struct Place {
        street: String,
    }

    #[derive(Debug, Serialize, Deserialize, Versioned)]
    #[versioned(collection = "people", validator = revision)]
    struct Person {
        #[versioned(id)]
        id: u64,
        place: Place,
    }

    let read = |place: Value| from_client::<Person>(json!({ "place": place }), &1);
    assert_eq!(read(json!({ "street": "a" })).unwrap().place.street, "a");
    for list in [json!([]), json!(["a"])] {
        let error = read(list).unwrap_err();
        assert_eq!(error.violations().unwrap().iter().next().unwrap().pointer, "/place");
    }
}
