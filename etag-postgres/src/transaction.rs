//! `etag_core::transaction` over what was locked: planned in memory, written afterwards.

use std::time::SystemTime;

use bytes::Bytes;
use etag_core::{
    ChangeLog, Environment, Error, ErrorKind, Head, Key, LedgerEntry, LedgerKey, Model, Revision, Transaction,
};

use crate::{
    loaded::{Document, LastRemoval, Loaded, Missing, Resource},
    numbers,
};

/// A transaction whose writes stay in memory until all members of its group have been planned.
pub(crate) struct GroupTransaction<'a> {
    loaded: &'a mut Loaded,
    environment: &'a Environment,
    pub(crate) missing: Missing,
    pub(crate) recorded: Vec<(LedgerKey, LedgerEntry, SystemTime)>,
    pub(crate) removal: Option<SystemTime>,
}

impl<'a> GroupTransaction<'a> {
    pub(crate) fn new(loaded: &'a mut Loaded, environment: &'a Environment) -> Self {
        Self { loaded, environment, missing: Missing::default(), recorded: Vec::new(), removal: None }
    }

    /// Ends the planning of a batch that needs more than was locked: it begins anew with what is missing.
    fn interrupted(&mut self, note: impl FnOnce(&mut Missing)) -> Error {
        note(&mut self.missing);
        Error::new(ErrorKind::Unavailable, "more has to be locked first")
    }

    fn resource(&mut self, key: &Key) -> Result<&mut Resource, Error> {
        if !self.loaded.resources.contains_key(key) {
            return Err(self.interrupted(|missing| {
                missing.keys.insert(key.clone());
            }));
        }
        Ok(self.loaded.resources.get_mut(key).expect("it was just found"))
    }
}

impl Transaction for GroupTransaction<'_> {
    fn head(&mut self, key: &Key) -> Result<Option<Head>, Error> {
        Ok(self.resource(key)?.now.clone())
    }

    fn draw_revision(&mut self) -> Revision {
        let number = self.loaded.numbers.next().unwrap_or_else(|| {
            self.missing.numbers = true;
            i64::MAX
        });
        Revision::new(self.loaded.epoch, numbers::from_sql(number))
    }

    fn children(&mut self, parent: &Key, limit: usize) -> Result<Vec<Head>, Error> {
        let Some(children) = self.loaded.children.get(parent) else {
            return Err(self.interrupted(|missing| {
                missing.parents.insert(parent.clone());
                missing.keys.insert(parent.clone());
            }));
        };
        let unlocked: Vec<Key> =
            children.iter().filter(|child| !self.loaded.resources.contains_key(child)).cloned().collect();
        if !unlocked.is_empty() {
            return Err(self.interrupted(|missing| {
                // Whatever goes takes its own children along.
                missing.parents.extend(unlocked.iter().cloned());
                missing.keys.extend(unlocked);
            }));
        }
        let now = self.loaded.resources.values().filter_map(|resource| resource.now.as_ref());
        let is_child = |head: &&Head| head.parents.held().any(|link| link.parent == *parent);
        let mut heads: Vec<Head> = now.filter(is_child).cloned().collect();
        heads.sort_by(|one, other| one.key.cmp(&other.key));
        heads.truncate(limit);
        Ok(heads)
    }

    fn write(&mut self, head: &Head, body: &Bytes, before: Option<&Head>) -> Result<(), Error> {
        let resource = self.resource(&head.key)?;
        if before.is_none() {
            resource.log = None;
        }
        resource.now = Some(head.clone());
        resource.body = Some(body.clone());
        resource.document = Document::New;
        Ok(())
    }

    fn write_head(&mut self, head: &Head, _before: &Head) -> Result<(), Error> {
        self.resource(&head.key)?.now = Some(head.clone());
        Ok(())
    }

    fn remove(&mut self, head: &Head, at: SystemTime) -> Result<(), Error> {
        let resource = self.resource(&head.key)?;
        (resource.now, resource.body, resource.log) = (None, None, None);
        self.removal = self.removal.max(Some(at));
        if let LastRemoval::Read(last) = &mut self.loaded.last_removal {
            *last = (*last).max(Some(at));
        }
        Ok(())
    }

    fn last_removal(&mut self) -> Result<Option<SystemTime>, Error> {
        match self.loaded.last_removal {
            LastRemoval::Read(at) => Ok(at),
            LastRemoval::Unread => Err(self.interrupted(|missing| missing.removal = true)),
        }
    }

    fn recall(&mut self, key: &LedgerKey, _now: SystemTime) -> Result<Option<LedgerEntry>, Error> {
        Ok(self.loaded.ledger.get(key).cloned())
    }

    fn body(&mut self, key: &Key) -> Result<Option<Bytes>, Error> {
        match self.resource(key)?.body.clone() {
            Some(body) => Ok(Some(body)),
            None => Err(self.interrupted(|missing| {
                missing.bodies.insert(key.clone());
            })),
        }
    }

    fn model(&self, collection: &str) -> Option<&'static Model> {
        self.environment.model(collection)
    }

    fn changes(&mut self, key: &Key) -> Result<Option<ChangeLog>, Error> {
        Ok(self.resource(key)?.log.clone())
    }

    fn keep_changes(&mut self, key: &Key, log: &ChangeLog) -> Result<(), Error> {
        self.resource(key)?.log = Some(log.clone());
        Ok(())
    }

    fn record(&mut self, key: &LedgerKey, entry: &LedgerEntry, until: SystemTime) -> Result<(), Error> {
        self.loaded.ledger.insert(key.clone(), entry.clone());
        self.recorded.push((key.clone(), entry.clone(), until));
        Ok(())
    }
}
