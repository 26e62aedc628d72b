//! What a group of commits has locked and read, and what it will make of it.

use std::{
    collections::{BTreeSet, HashMap},
    time::SystemTime,
};

use bytes::Bytes;
use etag_core::{Batch, ChangeLog, Epoch, Head, Item, Key, LedgerEntry, LedgerKey};

/// What is needed for some batches, as far as it is known.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// Resources to lock.
    pub(crate) keys: BTreeSet<Key>,
    /// Those of them whose children are needed.
    pub(crate) parents: BTreeSet<Key>,
    /// Those of them whose document is needed.
    pub(crate) bodies: BTreeSet<Key>,
    pub(crate) ledger: Vec<LedgerKey>,
    /// How many revisions.
    pub(crate) numbers: usize,
    /// Whether ancestors are to be locked with what is known.
    pub(crate) climb: bool,
}

impl Wanted {
    pub(crate) fn of<'a>(batches: impl Iterator<Item = &'a Batch>) -> Self {
        let mut wanted = Self::default();
        for batch in batches {
            batch.items().iter().for_each(|item| wanted.add(item));
            wanted.ledger.extend(batch.ledger().map(|claim| claim.key.clone()));
        }
        wanted
    }

    fn add(&mut self, item: &Item) {
        self.keys.insert(item.key().clone());
        self.numbers += 1;
        match item {
            Item::Put(put) => {
                for link in put.parents.held() {
                    self.keys.insert(link.parent.clone());
                    self.numbers += 1;
                    self.climb = true;
                }
                if put.changes > 0 {
                    self.bodies.insert(put.key.clone());
                }
            }
            Item::Delete(delete) => {
                self.parents.insert(delete.key.clone());
                self.climb = true;
            }
            Item::Check(_) => {}
        }
    }

    /// Adds what turned out to be needed, too.
    pub(crate) fn extend(&mut self, missing: Missing) {
        self.keys.extend(missing.keys);
        self.parents.extend(missing.parents);
        self.bodies.extend(missing.bodies);
        self.climb = true;
        if missing.numbers {
            self.numbers = self.numbers * 2 + self.keys.len();
        }
    }
}

/// What was needed and not there.
#[derive(Debug, Default)]
pub(crate) struct Missing {
    pub(crate) keys: BTreeSet<Key>,
    pub(crate) parents: BTreeSet<Key>,
    pub(crate) bodies: BTreeSet<Key>,
    pub(crate) numbers: bool,
}

impl Missing {
    pub(crate) fn is_empty(&self) -> bool {
        self.keys.is_empty() && self.parents.is_empty() && self.bodies.is_empty() && !self.numbers
    }
}

/// A locked resource: as it was found, and as the group leaves it.
#[derive(Debug, Default)]
pub(crate) struct Resource {
    pub(crate) found: Option<Head>,
    pub(crate) now: Option<Head>,
    /// The document, where it is known or new.
    pub(crate) body: Option<Bytes>,
    pub(crate) document: Document,
    pub(crate) log: Option<ChangeLog>,
}

/// Whether the document that is stored is to be replaced.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Document {
    #[default]
    Kept,
    New,
}

/// All that is locked.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) resources: HashMap<Key, Resource>,
    pub(crate) children: HashMap<Key, Vec<Key>>,
    pub(crate) ledger: HashMap<LedgerKey, LedgerEntry>,
    pub(crate) epoch: Epoch,
    pub(crate) last_removal: Option<SystemTime>,
    pub(crate) numbers: std::vec::IntoIter<i64>,
}
