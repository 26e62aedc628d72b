//! The documents of the tests.

use etag_core::{
    Batch, ContentDigest, Delete, Effect, Error, Expectation, Head, Key, Put, Store, StoredTag, TagPlan, Versioned,
};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[versioned(collection = "counters", validator = revision)]
pub(crate) struct Counter {
    #[versioned(id)]
    pub(crate) id: String,
    pub(crate) count: u64,
}

pub(crate) fn key(id: &str) -> Key {
    Key::new("notes", id)
}

/// A document that says `text`, tagged by its revision.
pub(crate) fn put(id: &str, text: &str, expectation: Expectation) -> Put {
    let body = format!("{{\"id\":{id:?},\"text\":{text:?}}}");
    Put::new(key(id), expectation, TagPlan::Revision, digest(text), 1, body.into())
}

pub(crate) fn delete(id: &str, expectation: Expectation) -> Delete {
    Delete::new(key(id), expectation)
}

pub(crate) fn digest(text: &str) -> ContentDigest {
    let mut sink = etag_core::Digester::new();
    sink.str(text);
    sink.finish()
}

/// A tag that no state ever had.
pub(crate) fn foreign_tag() -> StoredTag {
    StoredTag::from_bytes(b"\"r.AAAAAAAA.1\"").unwrap()
}

pub(crate) async fn write(
    store: &impl Store,
    id: &str,
    text: &str,
    expectation: Expectation,
) -> Result<(Effect, Head), Error> {
    let committed = store.commit(Batch::new().put(put(id, text, expectation))).await?;
    let written = committed.items.into_iter().next().unwrap();
    Ok((written.effect, written.head.unwrap()))
}

pub(crate) async fn remove(store: &impl Store, id: &str) {
    store.commit(Batch::new().delete(delete(id, Expectation::Exists))).await.unwrap();
}

pub(crate) async fn tag_of(store: &impl Store, id: &str) -> Option<StoredTag> {
    store.head(&key(id)).await.unwrap().map(|head| head.tag)
}
