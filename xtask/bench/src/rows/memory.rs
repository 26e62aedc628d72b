//! The memory store against a map under a lock.

use bytes::Bytes;
use etag_core::{
    Batch, Committed, ContentDigest, Expectation, Head, IfUnchanged, Key, MemoryStore, Put, Store as _, StoredTag,
    TagPlan, Versioned as _,
};
use uuid::Uuid;

use super::Group;
use crate::{
    clock::Clock,
    hand::map::Documents,
    measure::{Side, Sides, awaiting, computing},
    model::Task,
    pace::Kind,
    place::{in_turn, one_thread},
    row::{Row, Target},
};

const RESOURCES: u64 = 10_000;

pub(crate) fn group() -> Group {
    Group { title: "Memory store", notes: NOTES, rows: vec![compare_and_set()] }
}

const NOTES: &str = "10,000 documents of 500 bytes, one caller, every document in its turn. Both sides are given the \
document as bytes; by hand the state is a revision and the bytes, ours is all that a store keeps.";

fn compare_and_set() -> Row {
    Row::new("memory", Kind::Requests, "`commit` of a put under a tag", "`RwLock<HashMap>` compare-and-set")
        .in_rates()
        .target(Target::AtLeast(0.5))
        .sides(|_| Sides::new(by_hand(RESOURCES), ours(RESOURCES)))
}

fn body() -> Bytes {
    serde_json::to_vec(&Task::of_size(500)).expect("a task is JSON").into()
}

pub(super) fn by_hand(resources: u64) -> Side {
    let (documents, body) = (Documents::default(), body());
    let mut held: Vec<_> = (0..resources).map(|n| (Uuid::from_u128(n.into()), 1)).collect();
    for (id, _) in &held {
        documents.insert(*id, body.clone());
    }
    let mut turns = in_turn(held.len());
    computing(move || {
        let (id, revision) = &mut held[turns()];
        *revision = documents.compare_and_set(id, *revision, body.clone()).expect("nobody else writes");
    })
}

pub(super) fn ours(resources: u64) -> Side {
    let (runtime, store, body) = (one_thread(), MemoryStore::new(), body());
    let put = move |key: &Key, expectation| {
        let content = ContentDigest::from_bytes([0; 16]);
        let mut put = Put::new(key.clone(), expectation, TagPlan::Revision, content, 1, body.clone());
        put.if_unchanged = IfUnchanged::Rewrite;
        Batch::new().put(put)
    };
    let mut held: Vec<(Key, StoredTag)> = Vec::new();
    for n in 0..resources {
        let key = Task::key_of(&Uuid::from_u128(n.into()));
        let created = runtime.block_on(store.commit(put(&key, Expectation::Absent))).expect("the key is new");
        held.push((key, head(created).tag));
    }
    let mut turns = in_turn(held.len());
    awaiting(Clock::Thread, runtime, async move || {
        let (key, tag) = &mut held[turns()];
        let written = store.commit(put(key, Expectation::matches(tag.clone()))).await.expect("nobody else writes");
        *tag = head(written).tag;
    })
}

fn head(committed: Committed) -> Head {
    committed.items.into_iter().next().and_then(|item| item.head).expect("one item was written")
}
