//! What a group of commits has locked and read, and what it will make of it.

use std::{
    collections::{BTreeSet, HashMap},
    time::SystemTime,
};

use bytes::Bytes;
use etag_core::{
    Batch, ChangeLog, Derives, Digester, Epoch, Expectation, Head, Item, Key, LedgerEntry, LedgerKey, Parents, Put,
};

use crate::known::{Known, Log, Remembered};

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
    /// Stripes to lock: of the keys of batches that rely on an absence (no write skew over what is not there).
    pub(crate) stripes: BTreeSet<i32>,
    /// Whether ancestors are to be locked with what is known.
    pub(crate) climb: bool,
}

impl Wanted {
    pub(crate) fn of<'a>(batches: impl Iterator<Item = &'a Batch>) -> Self {
        let mut wanted = Self::default();
        for batch in batches {
            batch.items().iter().for_each(|item| wanted.add(item));
            if batch.items().iter().any(relies_on_absence) {
                wanted.stripes.extend(batch.items().iter().map(|item| stripe_of(item.key())));
            }
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
                if needs_documents(put) {
                    self.bodies.insert(put.key.clone());
                    self.bodies.extend(followers(&put.parents).cloned());
                }
            }
            Item::Delete(delete) => {
                self.parents.insert(delete.key.clone());
                self.climb = true;
            }
            Item::Check(_) => {}
        }
    }

    /// Adds a family as it is remembered, with the documents that may have to follow each other.
    pub(crate) fn extend_by_family(&mut self, family: HashMap<Key, Remembered>) {
        for (key, Remembered { head, .. }) in family {
            let followers: Vec<Key> = followers(&head.parents).cloned().collect();
            if !followers.is_empty() {
                self.bodies.insert(key.clone());
                self.bodies.extend(followers);
            }
            self.keys.insert(key);
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

/// Whether a put is made of what is stored, or changes what is derived from it.
pub(crate) fn needs_documents(put: &Put) -> bool {
    !put.changes.is_none() || put.keep_derived.is_some() || followers(&put.parents).next().is_some()
}

/// The parents of which fields follow a child.
fn followers(parents: &Parents) -> impl Iterator<Item = &Key> {
    parents.held().filter(|link| link.rule.derives == Derives::Fields).map(|link| &link.parent)
}

/// Two batches that each check that what the other creates is absent must not both be done. Rows that are there are locked;
/// for those that are not, both lock the stripes of all their keys.
fn relies_on_absence(item: &Item) -> bool {
    matches!(item, Item::Check(check) if matches!(check.expectation, Expectation::Absent | Expectation::Unconditional))
}

/// The same in every process, and in every version.
fn stripe_of(key: &Key) -> i32 {
    let mut digester = Digester::new();
    digester.str(key.collection());
    digester.str(key.id());
    i32::from(digester.finish().to_bytes()[0])
}

/// What was needed and not there.
#[derive(Debug, Default)]
pub(crate) struct Missing {
    pub(crate) keys: BTreeSet<Key>,
    pub(crate) parents: BTreeSet<Key>,
    pub(crate) bodies: BTreeSet<Key>,
    pub(crate) numbers: bool,
    pub(crate) removal: bool,
}

impl Missing {
    pub(crate) fn is_empty(&self) -> bool {
        self.keys.is_empty() && self.parents.is_empty() && self.bodies.is_empty() && !self.numbers && !self.removal
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

/// When a resource of the store was removed last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LastRemoval {
    Read(Option<SystemTime>),
    Unread,
}

/// All that is locked, or believed to be so.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) resources: HashMap<Key, Resource>,
    pub(crate) children: HashMap<Key, Vec<Key>>,
    pub(crate) ledger: HashMap<LedgerKey, LedgerEntry>,
    pub(crate) epoch: Epoch,
    pub(crate) last_removal: LastRemoval,
    pub(crate) numbers: std::vec::IntoIter<i64>,
}

impl Loaded {
    /// Lets the process remember how the group left its resources.
    pub(crate) fn teach(self, known: &Known) {
        known.forget(self.resources.iter().filter(|(_, resource)| resource.now.is_none()).map(|(key, _)| key));
        let remembered = |resource: Resource| {
            let log = if resource.log.is_some() { Log::Kept } else { Log::None };
            Some(Remembered { head: resource.now?, log })
        };
        known.learn(self.resources.into_values().filter_map(remembered));
    }
}
