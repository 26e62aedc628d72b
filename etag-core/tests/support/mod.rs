//! Writes and clocks for the tests of stores.
#![allow(dead_code, reason = "each test uses a part of it")]

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use etag_core::{
    Batch, Clock, Committed, ContentDigest, Delete, Digester, Effect, Error, Expectation, Head, Key, Put, Store,
    StoredTag, TagPlan,
};

pub(crate) fn key(id: &str) -> Key {
    Key::new("notes", id)
}

pub(crate) fn digest(text: &str) -> ContentDigest {
    let mut sink = Digester::new();
    sink.str(text);
    sink.finish()
}

pub(crate) fn put(id: &str, text: &str, expectation: Expectation) -> Put {
    let body = format!("{{\"id\":\"{id}\",\"text\":\"{text}\"}}");
    Put::new(key(id), expectation, TagPlan::Revision, digest(text), 1, body.into())
}

pub(crate) async fn commit_one(store: &impl Store, put: Put) -> Result<(Effect, Head), Error> {
    store.commit(Batch::new().put(put)).await.map(only)
}

pub(crate) async fn delete(store: &impl Store, id: &str, expectation: Expectation) -> Result<(Effect, Head), Error> {
    store.commit(Batch::new().delete(Delete::new(key(id), expectation))).await.map(only)
}

fn only(committed: Committed) -> (Effect, Head) {
    let written = committed.items.into_iter().next().expect("one item");
    (written.effect, written.head.expect("a state"))
}

pub(crate) async fn created(store: &impl Store, id: &str) -> StoredTag {
    commit_one(store, put(id, "first", Expectation::Absent)).await.expect("created").1.tag
}

pub(crate) fn matching(tag: &StoredTag) -> Expectation {
    Expectation::matches(tag.clone())
}

/// A clock that stands until it is set.
#[derive(Clone, Debug)]
pub(crate) struct SetClock(Arc<AtomicU64>);

impl SetClock {
    pub(crate) fn at(millis: u64) -> Self {
        Self(Arc::new(AtomicU64::new(millis)))
    }

    pub(crate) fn set(&self, millis: u64) {
        self.0.store(millis, Ordering::SeqCst);
    }
}

impl Clock for SetClock {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_millis(self.0.load(Ordering::SeqCst))
    }
}
