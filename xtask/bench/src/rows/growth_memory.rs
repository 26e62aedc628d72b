//! What grows with the store in memory, and what of that is the machine's: a map of more than the processor's cache holds
//! is slower, whoever keeps it.

use etag_core::{MemoryStore, Store as _};
use tokio::runtime::Runtime;

use super::{
    Group,
    growth::{Reach, fill, keys},
    memory,
};
use crate::{
    clock::Clock,
    measure::{Side, Sides, awaiting},
    pace::Kind,
    place::one_thread,
    row::{Row, Target},
};

const FEW: u64 = 1000;

pub(crate) fn group(reach: Reach) -> Group {
    let rows = vec![
        of_size("memory-growth-read", "read", reach, "ours, of 1000", reading).target(Target::AtMost(1.5)),
        of_size("memory-growth-head", "head, which decides 304", reach, "ours, of 1000", looking)
            .target(Target::AtMost(1.5)),
        of_size("memory-growth-write", "`commit` of a put under a tag", reach, "ours, of 1000", memory::ours)
            .target(Target::AtMost(1.5)),
        of_size("memory-growth-map", "compare-and-set in a map by hand", reach, "a map of 1000", memory::by_hand),
    ];
    Group { title: "Growth of the memory store", notes: NOTES, rows }
}

const NOTES: &str = "One caller, every resource in a scattered order, tasks of 500 bytes. The last row shows what of it is \
the processor's cache: it is a map under a lock, and nothing of ours.";

fn of_size(id: &str, what: &str, reach: Reach, hand: &'static str, side: fn(u64) -> Side) -> Row {
    let what = format!("{what}, of {} resources", reach.name());
    Row::new(id, Kind::Requests, what, hand).sides(move |_| Sides::new(side(FEW), side(reach.resources())))
}

fn filled(runtime: &Runtime, resources: u64) -> MemoryStore {
    let store = MemoryStore::new();
    fill(runtime, &store, resources);
    store
}

fn reading(resources: u64) -> Side {
    let runtime = one_thread();
    let (store, mut keys) = (filled(&runtime, resources), keys(resources));
    awaiting(Clock::Thread, runtime, async move || {
        store.read(&keys()).await.expect("the store answers").expect("it is there")
    })
}

fn looking(resources: u64) -> Side {
    let runtime = one_thread();
    let (store, mut keys) = (filled(&runtime, resources), keys(resources));
    awaiting(Clock::Thread, runtime, async move || {
        store.head(&keys()).await.expect("the store answers").expect("it is there")
    })
}
