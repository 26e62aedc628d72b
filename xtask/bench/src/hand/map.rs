//! A compare-and-set on documents in memory.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use bytes::Bytes;
use uuid::Uuid;

/// Documents with a revision each, under one lock.
#[derive(Default)]
pub(crate) struct Documents(RwLock<HashMap<Uuid, (u64, Bytes)>>);

impl Documents {
    /// Adds a document at revision 1.
    pub(crate) fn insert(&self, id: Uuid, body: Bytes) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(id, (1, body));
    }

    /// Replaces the document if it has this revision, and gives the new one.
    pub(crate) fn compare_and_set(&self, id: &Uuid, revision: u64, body: Bytes) -> Option<u64> {
        let mut documents = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let document = documents.get_mut(id).filter(|(current, _)| *current == revision)?;
        *document = (revision + 1, body);
        Some(document.0)
    }
}
