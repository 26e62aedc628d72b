//! What this process knows of states: the heads that it read or wrote last. A guess that saves a round trip and decides
//! nothing, since the database compares the revision of each before it writes (rule S5).

use std::{
    collections::HashMap,
    mem,
    sync::{Mutex, MutexGuard, PoisonError},
};

use etag_core::{Epoch, Head, Key};

/// How many heads are remembered at least; at most twice as many are.
const CAPACITY: usize = 16_384;

/// Revisions are kept ready in such numbers.
pub(crate) const RESERVE: usize = 2_048;

#[derive(Default)]
pub(crate) struct Known(Mutex<Memory>);

#[derive(Default)]
struct Memory {
    recent: HashMap<Key, Remembered>,
    /// What was recent before; what is asked for comes back from here, the rest is forgotten.
    former: HashMap<Key, Remembered>,
    reserve: Option<Reserve>,
}

/// What is remembered of a resource.
#[derive(Clone, Debug)]
pub(crate) struct Remembered {
    pub(crate) head: Head,
    pub(crate) log: Log,
}

/// Whether a resource has a change log, which is not remembered itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Log {
    Kept,
    None,
}

/// Revisions that were drawn and not used yet.
#[derive(Clone, Debug)]
pub(crate) struct Reserve {
    pub(crate) epoch: Epoch,
    /// The latest first.
    pub(crate) numbers: Vec<i64>,
}

impl Known {
    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The heads of these resources and of all their ancestors, where all are known.
    pub(crate) fn family<'a>(&self, keys: impl Iterator<Item = &'a Key>) -> Option<HashMap<Key, Remembered>> {
        let mut memory = self.memory();
        let mut family = HashMap::new();
        let mut next: Vec<Key> = keys.cloned().collect();
        while let Some(key) = next.pop() {
            if family.contains_key(&key) {
                continue;
            }
            let remembered = memory.recall(&key)?;
            next.extend(remembered.head.parents.held().map(|link| link.parent.clone()));
            family.insert(key, remembered);
        }
        Some(family)
    }

    pub(crate) fn learn(&self, resources: impl Iterator<Item = Remembered>) {
        let mut memory = self.memory();
        resources.for_each(|resource| memory.remember(resource));
    }

    pub(crate) fn forget<'a>(&self, keys: impl Iterator<Item = &'a Key>) {
        let mut memory = self.memory();
        for key in keys {
            memory.recent.remove(key);
            memory.former.remove(key);
        }
    }

    /// Takes `count` revisions that were drawn later than any of a sequence up to `latest`: those of one resource grow.
    pub(crate) fn take_numbers(&self, count: usize, latest: u64) -> Option<Reserve> {
        let mut memory = self.memory();
        let reserve = memory.reserve.as_mut()?;
        let is_later = reserve.numbers.last().is_some_and(|&number| u64::try_from(number).is_ok_and(|it| it > latest));
        if !is_later || reserve.numbers.len() < count {
            memory.reserve = None;
            return None;
        }
        let kept = reserve.numbers.len() - count;
        let numbers = reserve.numbers.split_off(kept).into_iter().rev().collect();
        Some(Reserve { epoch: reserve.epoch, numbers })
    }

    pub(crate) fn needs_numbers(&self) -> bool {
        self.memory().reserve.as_ref().is_none_or(|reserve| reserve.numbers.len() < RESERVE / 4)
    }

    /// Keeps revisions ready that were drawn in this order.
    pub(crate) fn reserve(&self, epoch: Epoch, numbers: impl DoubleEndedIterator<Item = i64>) {
        self.memory().reserve = Some(Reserve { epoch, numbers: numbers.rev().collect() });
    }
}

impl Memory {
    fn recall(&mut self, key: &Key) -> Option<Remembered> {
        if let Some(resource) = self.recent.get(key) {
            return Some(resource.clone());
        }
        let resource = self.former.remove(key)?;
        self.remember(resource.clone());
        Some(resource)
    }

    /// Unless a later state is known: groups end in another order than they are heard of.
    fn remember(&mut self, resource: Remembered) {
        let head = &resource.head;
        let is_later = |other: &Remembered| {
            let (one, other) = (head.revision, other.head.revision);
            one.epoch() != other.epoch() || one.sequence() >= other.sequence()
        };
        if !self.recent.get(&head.key).is_none_or(is_later) {
            return;
        }
        if self.recent.len() >= CAPACITY {
            self.former = mem::take(&mut self.recent);
        }
        self.former.remove(&head.key);
        self.recent.insert(head.key.clone(), resource);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn epoch() -> Epoch {
        Epoch::from_bytes([7; 6])
    }

    #[test]
    fn numbers_are_given_once_and_in_order() {
        let known = Known::default();
        known.reserve(epoch(), 1..=10);
        assert_eq!(known.take_numbers(2, 0).unwrap().numbers, [1, 2]);
        assert_eq!(known.take_numbers(3, 2).unwrap().numbers, [3, 4, 5]);
    }

    #[test]
    fn numbers_that_are_not_later_than_a_known_state_are_thrown_away() {
        let known = Known::default();
        known.reserve(epoch(), 1..=10);
        assert!(known.take_numbers(1, 1).is_none());
        assert!(known.needs_numbers());
    }
}
