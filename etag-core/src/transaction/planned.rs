//! The states of a batch's resources as they will be, found out before anything is written.

use std::collections::HashMap;

use bytes::Bytes;
use smallvec::SmallVec;

use super::Transaction;
use crate::{ChangeRule, Error, ErrorKind, Head, Key, Lock, Revision};

/// The most resources that are looked through for a key; more have a table.
const FEW: usize = 16;

/// All resources that a batch has looked at, each read once.
#[derive(Default)]
pub(super) struct Planned {
    resources: SmallVec<[Resource; 1]>,
    places: HashMap<Key, usize>,
}

/// One resource: as it was found, and as it will be.
pub(super) struct Resource {
    pub(super) key: Key,
    pub(super) found: Option<Head>,
    pub(super) now: Option<Head>,
    /// The new document, where there is one.
    pub(super) body: Option<Bytes>,
    /// Whether the new document is another one than that of the last put.
    pub(super) completion: Completion,
    /// Which of its changes are remembered.
    pub(super) changes: ChangeRule,
    /// Who did what to it.
    pub(super) part: Part,
    /// How its children touch it.
    pub(super) touch: Option<Lock>,
}

/// Whose document a resource has in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Completion {
    /// That of the last put, or the one that was found.
    AsGiven,
    /// One that followed its children.
    Derived,
}

/// What a resource is to the batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// It is only looked at.
    Bystander,
    /// Its parent's delete took it along, or cleared its link.
    Relative,
    /// An item writes it.
    Written,
    /// An item writes it, and after that its parent's delete took it along, or cleared its link.
    Overtaken,
}

impl Part {
    /// What it is where its parent's delete changes it.
    pub(super) fn overtaken(self) -> Self {
        if self.is_written() { Self::Overtaken } else { Self::Relative }
    }

    /// Whether an item writes it.
    pub(super) fn is_written(self) -> bool {
        matches!(self, Self::Written | Self::Overtaken)
    }
}

impl Resource {
    /// Whether it is another resource than the one that was found: one deleted and made again.
    pub(super) fn is_made_anew(&self) -> bool {
        match (&self.found, &self.now) {
            (Some(found), Some(now)) => found.created != now.created,
            _ => false,
        }
    }

    /// Its document by now: the new one, or the one that is stored.
    pub(super) fn document(&self, transaction: &mut impl Transaction) -> Result<Bytes, Error> {
        if let Some(body) = &self.body {
            return Ok(body.clone());
        }
        transaction.body(&self.key)?.ok_or_else(|| unread(&self.key))
    }

    pub(super) fn revision(&self) -> Option<Revision> {
        self.now.as_ref().map(|head| head.revision)
    }
}

/// The document of a resource that is there was not to be had.
pub(super) fn unread(key: &Key) -> Error {
    let message =
        format!("fields that are derived need the document of {key}, and this store reads none in its commits");
    Error::new(ErrorKind::Unsupported, message)
}

impl Planned {
    /// The place of a resource, which is read where it was not yet.
    pub(super) fn look_at(&mut self, transaction: &mut impl Transaction, key: &Key) -> Result<usize, Error> {
        if let Some(place) = self.place_of(key) {
            return Ok(place);
        }
        let found = transaction.head(key)?;
        Ok(self.add(key.clone(), found))
    }

    /// The place of a child that was read with others.
    pub(super) fn add_child(&mut self, child: Head) -> usize {
        self.place_of(&child.key).unwrap_or_else(|| self.add(child.key.clone(), Some(child)))
    }

    fn add(&mut self, key: Key, found: Option<Head>) -> usize {
        let place = self.resources.len();
        let now = found.clone();
        let (completion, part) = (Completion::AsGiven, Part::Bystander);
        self.resources.push(Resource {
            key,
            found,
            now,
            body: None,
            completion,
            changes: ChangeRule::NONE,
            part,
            touch: None,
        });
        self.keep_places();
        place
    }

    fn keep_places(&mut self) {
        if self.resources.len() > FEW {
            let known = self.places.len();
            let new = self.resources.iter().enumerate().skip(known).map(|(place, one)| (one.key.clone(), place));
            self.places.extend(new);
        }
    }

    fn place_of(&self, key: &Key) -> Option<usize> {
        if self.resources.len() > FEW {
            return self.places.get(key).copied();
        }
        self.resources.iter().position(|resource| resource.key == *key)
    }

    pub(super) fn at(&self, place: usize) -> &Resource {
        &self.resources[place]
    }

    pub(super) fn at_mut(&mut self, place: usize) -> &mut Resource {
        &mut self.resources[place]
    }

    pub(super) fn len(&self) -> usize {
        self.resources.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Resource> {
        self.resources.iter()
    }
}
