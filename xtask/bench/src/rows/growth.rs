//! What grows with the store, and what must not.

use std::path::Path;

use etag_core::{Batch, Cursor, Expectation, Item, Key, Scan, Store, Versioned as _, put_document};
use etag_sqlite::SqliteStore;
use sqlx::sqlite::SqliteSynchronous;
use tokio::runtime::Runtime;
use uuid::Uuid;

use super::{
    Group,
    writes_sqlite::{Durable, Replacing, store},
};
use crate::{
    callers::calling,
    clock::Clock,
    hand::sqlite::{Connections, Tasks},
    measure::{Side, Sides, awaiting, per_item},
    model::Task,
    pace::Kind,
    place::{all_cores, in_turn, one_thread},
    row::{Row, Target},
};

/// How many resources the larger store holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// 10^5.
    Usual,
    /// 10^6, which takes a while to fill.
    Long,
}

impl Reach {
    pub(super) fn resources(self) -> u64 {
        match self {
            Self::Usual => 100_000,
            Self::Long => 1_000_000,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Usual => "100,000",
            Self::Long => "1,000,000",
        }
    }
}

pub(crate) fn group(reach: Reach) -> Group {
    let (many, name) = (reach.resources(), reach.name());
    let rows = vec![
        of_size("growth-read", "read", name, Kind::Requests, many, reading).on_one_core(),
        of_size("growth-head", "head, which decides 304", name, Kind::Requests, many, looking).on_one_core(),
        by_hand(name, many),
        of_size("growth-write", "durable `replace`, 32 callers", name, Kind::Disk, many, writing),
        page(name, many),
        batch("growth-batch-10", 10, 1, "ours, single writes"),
        batch("growth-batch-100", 100, 1, "ours, single writes").target(Target::AtLeast(5.0)),
        batch("growth-batch-1000", 1000, 100, "ours, in batches of 100").target(Target::AtLeast(1.0 / 1.2)),
    ];
    Group { title: "Growth", notes: NOTES, rows }
}

const NOTES: &str = "The counterpart of each row is our own store in its small form, or the same work by hand. SQLite with \
synchronous=FULL, tasks of 500 bytes, resources in a scattered order. Of reads the processor's time is measured, with all \
threads on one core: what grows there is what the caches of SQLite and of the processor can't hold, by hand, too. `--long` \
grows the store to a million.";

fn of_size(id: &str, what: &str, name: &str, kind: Kind, many: u64, side: fn(&Path, u64) -> Side) -> Row {
    Row::new(id, kind, format!("{what}, of {name} resources"), "ours, of 1000")
        .target(Target::AtMost(1.5))
        .sides(move |folder| Sides::new(side(&folder.join("few.db"), 1000), side(&folder.join("many.db"), many)))
}

/// What of the growth is the machine's.
fn by_hand(name: &str, many: u64) -> Row {
    let what = format!("select by hand with sqlx, of {name} resources");
    Row::new("growth-select", Kind::Requests, what, "the same, of 1000").on_one_core().sides(move |folder| {
        Sides::new(selecting(&folder.join("few.db"), 1000), selecting(&folder.join("many.db"), many))
    })
}

fn selecting(path: &Path, resources: u64) -> Side {
    let runtime = one_thread();
    let tasks = runtime.block_on(Tasks::open(path, SqliteSynchronous::Off, Connections::One));
    let all: Vec<_> = (0..resources).map(task).collect();
    runtime.block_on(tasks.insert_all(&all));
    let mut turns = in_turn(all.len());
    awaiting(Clock::Process, runtime, async move || tasks.find(all[turns()].id).await.expect("it is there"))
}

fn task(n: u64) -> Task {
    Task { id: Uuid::from_u128(n.into()), ..Task::of_size(500) }
}

fn filled(runtime: &Runtime, path: &Path, resources: u64) -> SqliteStore {
    let store = runtime.block_on(store(path, Durable::Full));
    fill(runtime, &store, resources);
    store
}

/// Creates so many tasks, numbered from 0.
pub(super) fn fill(runtime: &Runtime, store: &dyn Store, resources: u64) {
    let ids: Vec<_> = (0..resources).collect();
    for ids in ids.chunks(1000) {
        runtime.block_on(store.commit(creating(store, ids))).expect("the ids are new");
    }
}

fn creating(store: &dyn Store, ids: &[u64]) -> Batch {
    ids.iter().map(|n| put(store, &task(*n), Expectation::Absent)).collect()
}

fn put(store: &dyn Store, task: &Task, expectation: Expectation) -> Item {
    put_document(store, task, expectation).expect("a task is a document").into()
}

/// The keys of those tasks in a scattered order, over and over.
pub(super) fn keys(resources: u64) -> impl FnMut() -> Key {
    let mut turns = in_turn(usize::try_from(resources).expect("a million at most"));
    move || Task::key_of(&Uuid::from_u128(turns() as u128))
}

fn reading(path: &Path, resources: u64) -> Side {
    let runtime = one_thread();
    let (store, mut keys) = (filled(&runtime, path, resources), keys(resources));
    awaiting(Clock::Process, runtime, async move || {
        store.read(&keys()).await.expect("the store answers").expect("it is there")
    })
}

fn looking(path: &Path, resources: u64) -> Side {
    let runtime = one_thread();
    let (store, mut keys) = (filled(&runtime, path, resources), keys(resources));
    awaiting(Clock::Process, runtime, async move || {
        store.head(&keys()).await.expect("the store answers").expect("it is there")
    })
}

/// Each caller has a resource of its own among all the others.
fn writing(path: &Path, resources: u64) -> Side {
    let runtime = all_cores();
    let store = filled(&runtime, path, resources);
    let own = (0..32).map(|n| task(resources + n));
    let callers = own.map(|task| runtime.block_on(Replacing::on(store.clone(), task))).collect();
    calling(runtime, callers)
}

fn page(name: &str, many: u64) -> Row {
    Row::new("growth-page", Kind::Requests, format!("the last page of 50, of {name} resources"), "ours, the first page")
        .on_one_core()
        .target(Target::AtMost(1.2))
        .sides(move |folder| {
            let last = many - 51;
            Sides::new(
                paging(&folder.join("first.db"), many, None),
                paging(&folder.join("last.db"), many, Some(Cursor(last))),
            )
        })
}

fn paging(path: &Path, resources: u64, after: Option<Cursor>) -> Side {
    let runtime = one_thread();
    let store = filled(&runtime, path, resources);
    let scan = Scan::new(Task::MODEL.collection, 50).after(after);
    awaiting(Clock::Process, runtime, async move || {
        let page = store.scan(&scan).await.expect("the store answers");
        assert_eq!(page.items.len(), 50, "a full page");
    })
}

fn batch(id: &str, items: u32, than: u32, hand: &'static str) -> Row {
    Row::new(id, Kind::Disk, format!("items in batches of {items}, one caller"), hand)
        .in_rates()
        .sides(move |folder| Sides::new(batches_of(folder, than), batches_of(folder, items)))
}

/// Each operation replaces so many tasks, whatever their state: what is measured is the cost of an item.
fn batches_of(folder: &Path, items: u32) -> Side {
    let runtime = one_thread();
    let store = filled(&runtime, &folder.join(format!("batches-of-{items}.db")), 1000);
    let (mut turns, mut round) = (in_turn(1000), 0_u8);
    let side = awaiting(Clock::Day, runtime, async move || {
        round = round.wrapping_add(1);
        let changed = (0..items).map(|_| Task { priority: round, ..task(turns() as u64) });
        let batch: Batch = changed.map(|task| put(&store, &task, Expectation::Exists)).collect();
        store.commit(batch).await.expect("they are there");
    });
    per_item(side, items)
}
