//! What a unit is going to commit.

use std::{collections::HashMap, time::SystemTime};

use smallvec::SmallVec;

use super::{
    given_up,
    provisional::{self, Step},
};
use crate::{
    Batch, Committed, Conflict, Epoch, Error, Expectation, Item, Key, Replay, Revision, Row, StoredTag, TagPart,
    Written,
};

/// The sequence of the first planned state. Those of later ones are larger, which is what codecs count on.
const FIRST_SEQUENCE: u64 = u64::MAX - u32::MAX as u64;

/// The items of all members, in their order.
pub(super) struct Plan {
    epoch: Epoch,
    entries: Vec<Entry>,
    /// Where the items of each resource stand.
    places: HashMap<Key, SmallVec<[usize; 1]>>,
    phase: Phase,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Open,
    Closed,
    /// It is written, and the store shows it.
    Done,
}

struct Entry {
    item: Item,
    /// What the member demanded, in its own terms.
    demanded: Expectation,
    member: usize,
    origin: Origin,
    at: SystemTime,
}

/// Where an item comes from.
enum Origin {
    /// The member's one commit, in which it has this place.
    Commit(usize),
    /// A check that was answered at once.
    Check,
}

/// What a read of a member finds.
pub(super) enum View {
    Stored(Option<Row>),
    Planned(Option<Row>),
}

impl Plan {
    pub(super) fn new(epoch: Epoch) -> Self {
        Self { epoch, entries: Vec::new(), places: HashMap::new(), phase: Phase::Open }
    }

    /// Adds what `member` commits.
    pub(super) fn add(&mut self, member: usize, batch: &Batch, at: SystemTime) -> Result<(), Error> {
        if self.phase != Phase::Open {
            return Err(given_up());
        }
        let first = self.entries.len();
        for (place, item) in batch.items().iter().enumerate() {
            self.push(member, item.clone(), Origin::Commit(place), first, at);
        }
        Ok(())
    }

    /// Adds checks that were answered already, to be made again with the commit.
    pub(super) fn add_checks(&mut self, member: usize, batch: &Batch, at: SystemTime) {
        if self.phase != Phase::Open {
            return;
        }
        let first = self.entries.len();
        for item in batch.items() {
            self.push(member, item.clone(), Origin::Check, first, at);
        }
    }

    fn push(&mut self, member: usize, mut item: Item, origin: Origin, first: usize, at: SystemTime) {
        let demanded = item.expectation().clone();
        let expectation = self.in_terms_of_the_unit(item.key(), &demanded, first);
        match &mut item {
            Item::Put(put) => put.expectation = expectation,
            Item::Delete(delete) => delete.expectation = expectation,
            Item::Check(check) => check.expectation = expectation,
        }
        self.places.entry(item.key().clone()).or_default().push(self.entries.len());
        self.entries.push(Entry { item, demanded, member, origin, at });
    }

    /// What `demanded` means to the one commit: nobody but the unit knows of provisional states.
    fn in_terms_of_the_unit(&self, key: &Key, demanded: &Expectation, first: usize) -> Expectation {
        let planned = match demanded {
            Expectation::LeftBy(item) => Some(first.saturating_add(*item)),
            Expectation::At(revision) | Expectation::Unedited(revision) => self.planner(key, *revision),
            Expectation::Matches(demanded) => {
                demanded.tags.iter().filter_map(StoredTag::revision).find_map(|revision| self.planner(key, revision))
            }
            Expectation::Unconditional | Expectation::Absent | Expectation::Exists => None,
        };
        planned.map_or_else(|| demanded.clone(), Expectation::LeftBy)
    }

    /// Where no store gets to, so that it is told from a stored one even where all randomness is the same.
    fn revision(&self, index: usize) -> Revision {
        Revision::new(self.epoch, FIRST_SEQUENCE + index as u64)
    }

    /// The item that is going to leave this state.
    fn planner(&self, key: &Key, revision: Revision) -> Option<usize> {
        self.places.get(key)?.iter().copied().find(|&index| self.revision(index) == revision)
    }

    /// What members before this one are going to write of a resource, with its places in the commit.
    fn writes(&self, member: usize, key: &Key) -> impl Iterator<Item = (usize, &Entry)> {
        let places = if self.phase == Phase::Done { None } else { self.places.get(key) };
        let entries = places.into_iter().flatten().map(|&index| (index, &self.entries[index]));
        entries.filter(move |(_, entry)| entry.member < member && !matches!(entry.item, Item::Check(_)))
    }

    pub(super) fn writes_before(&self, member: usize, key: &Key) -> bool {
        self.writes(member, key).next().is_some()
    }

    /// The state that `member` sees of a resource.
    pub(super) fn view(&self, member: usize, key: &Key, stored: Option<Row>) -> View {
        if !self.writes_before(member, key) {
            return View::Stored(stored);
        }
        let steps = self.writes(member, key).map(|(index, entry)| Step {
            item: &entry.item,
            revision: self.revision(index),
            at: entry.at,
        });
        View::Planned(provisional::left(stored, steps))
    }

    /// The one batch. No member adds to it from now on.
    pub(super) fn close(&mut self) -> Batch {
        self.phase = Phase::Closed;
        self.entries.iter().map(|entry| entry.item.clone()).collect()
    }

    /// Ends with the commit, which has something for each member.
    pub(super) fn end(&mut self, done: &Committed) -> Shares {
        self.phase = Phase::Done;
        let mut shares = Shares { items: HashMap::new(), whole: done.clone() };
        for (entry, written) in self.entries.iter().zip(&done.items) {
            if let Origin::Commit(_) = entry.origin {
                shares.items.entry(entry.member).or_default().push(written.clone());
            }
        }
        shares
    }

    /// Whose commit this item is of.
    pub(super) fn author(&self, item: usize) -> Option<usize> {
        self.entries.get(item).filter(|entry| matches!(entry.origin, Origin::Commit(_))).map(|entry| entry.member)
    }

    /// Which part of the tag the item compares.
    pub(super) fn part(&self, item: usize) -> TagPart {
        self.entries.get(item).map_or(TagPart::Whole, |entry| entry.item.compares())
    }

    /// The conflicts of `member`, in its own terms.
    pub(super) fn rejection_of(&self, member: usize, error: &Error) -> Error {
        let own = error.conflicts().iter().filter_map(|conflict| {
            let entry = self.entries.get(conflict.item).filter(|entry| entry.member == member)?;
            let Origin::Commit(item) = entry.origin else { return None };
            Some(Conflict { item, expectation: entry.demanded.clone(), ..conflict.clone() })
        });
        Error::rejected(own.collect())
    }
}

/// What the one commit did, by members.
pub(super) struct Shares {
    items: HashMap<usize, SmallVec<[Written; 1]>>,
    whole: Committed,
}

impl Shares {
    pub(super) fn of(&self, member: usize) -> Committed {
        let items = self.items.get(&member).cloned().unwrap_or_default();
        Committed { items, touched: self.whole.touched.clone(), replay: Replay::Original }
    }
}
