//! What grows with a family, and what must not.

use std::path::Path;

use etag_core::{Batch, ETag, Expectation, Store as _, StoreExt as _, Versioned as _, put_document};
use etag_sqlite::SqliteStore;
use tokio::runtime::Runtime;

use super::{
    Group,
    writes_sqlite::{Durable, store},
};
use crate::{
    clock::Clock,
    family::{Board, Card, Folder},
    measure::{Side, Sides, awaiting},
    pace::Kind,
    place::one_thread,
    row::{Row, Target},
};

/// One row more is touched for each level, in the same transaction and flush.
const DEPTH: u64 = 8;

const MANY: u64 = 20_000;

pub(crate) fn group() -> Group {
    let rows = vec![
        Row::new("family-depth", Kind::Disk, format!("a write that touches {DEPTH} ancestors"), "ours, without any")
            .target(Target::AtMost(2.0))
            .sides(|folder| Sides::new(folders(folder, 0), folders(folder, DEPTH))),
        Row::new("family-write", Kind::Disk, format!("a write of one of {MANY} children"), "ours, of 10")
            .target(Target::AtMost(1.5))
            .sides(|folder| Sides::new(writing(folder, 10), writing(folder, MANY))),
        Row::new("family-304", Kind::Requests, format!("the head of a parent of {MANY} children"), "ours, of 10")
            .on_one_core()
            .target(Target::AtMost(1.5))
            .sides(|folder| Sides::new(looking(folder, 10), looking(folder, MANY))),
    ];
    Group { title: "Growth of families", notes: NOTES, rows }
}

const NOTES: &str =
    "SQLite with synchronous=FULL, one caller. The counterpart of each row is our own store with a small family.";

fn folders(folder: &Path, depth: u64) -> Side {
    let runtime = one_thread();
    let store = runtime.block_on(store(&folder.join(format!("depth-{depth}.db")), Durable::Full));
    let mut leaf = Folder { id: 0, inside: None, count: 0 };
    let mut etag = create(&runtime, &store, &leaf);
    for id in 1..=depth {
        leaf = Folder { id, inside: Some(id - 1), count: 0 };
        etag = create(&runtime, &store, &leaf);
    }
    awaiting(Clock::Day, runtime, async move || {
        leaf.count += 1;
        etag = store.replace(&leaf, &etag).await.expect("nobody else writes it").etag().clone();
    })
}

fn create(runtime: &Runtime, store: &SqliteStore, folder: &Folder) -> ETag {
    runtime.block_on(store.create(folder)).expect("the id is new").etag().clone()
}

/// A board with so many cards.
fn filled(folder: &Path, name: &str, children: u64) -> (Runtime, SqliteStore) {
    let runtime = one_thread();
    let store = runtime.block_on(store(&folder.join(format!("{name}-{children}.db")), Durable::Full));
    runtime.block_on(store.create(&Board::nth(0))).expect("the store is empty");
    let ids: Vec<u64> = (0..children).collect();
    for ids in ids.chunks(500) {
        let put =
            |id: &u64| put_document(&store, &Card::of(0, *id), Expectation::Absent).expect("a card is a document");
        runtime.block_on(store.commit(ids.iter().map(put).collect::<Batch>())).expect("the ids are new");
    }
    (runtime, store)
}

fn writing(folder: &Path, children: u64) -> Side {
    let (runtime, store) = filled(folder, "write", children);
    let mut card = Card::of(0, 0);
    awaiting(Clock::Day, runtime, async move || {
        card.count += 1;
        store.put(&card, Expectation::Exists).await.expect("it is there")
    })
}

fn looking(folder: &Path, children: u64) -> Side {
    let (runtime, store) = filled(folder, "look", children);
    let key = Board::key_of(&0);
    awaiting(Clock::Process, runtime, async move || store.head(&key).await.expect("the store answers"))
}
