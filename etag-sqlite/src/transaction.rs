//! A transaction of SQLite that several commits share.

use std::time::SystemTime;

use bytes::Bytes;
use etag_core::{
    Batch, ChangeLog, Committed, Environment, Error, Head, Key, LedgerEntry, LedgerKey, Model, Revision, Transaction,
    transaction,
};
use rusqlite::Connection;

use crate::{changes, ledger, meta::Meta, numbers, repository::Repository, writer::Desk};

/// What was written in it, and what the engine said when it failed.
pub(crate) struct GroupTransaction<'a> {
    connection: &'a Connection,
    repository: &'a dyn Repository,
    environment: &'a Environment,
    meta: &'a mut Meta,
    now: SystemTime,
    has_written: bool,
    fault: Option<rusqlite::Error>,
}

impl<'a> GroupTransaction<'a> {
    pub(crate) fn new(connection: &'a Connection, desk: &'a Desk, meta: &'a mut Meta) -> Self {
        let (repository, environment) = (desk.tables.repository(), &desk.environment);
        Self { connection, repository, environment, meta, now: SystemTime::UNIX_EPOCH, has_written: false, fault: None }
    }

    /// One member's commit. The outer error is the engine's and ends the transaction; the inner one is the member's own,
    /// and has written nothing.
    pub(crate) fn commit(
        &mut self,
        batch: &Batch,
        now: SystemTime,
    ) -> Result<Result<Committed, Error>, rusqlite::Error> {
        self.now = numbers::to_stored_precision(now);
        let outcome = transaction::commit(self, batch, self.now);
        self.fault.take().map_or(Ok(outcome), Err)
    }

    pub(crate) fn connection(&self) -> &'a Connection {
        self.connection
    }

    /// Something was written here by others than the store.
    pub(crate) fn note_writes(&mut self) {
        self.has_written = true;
    }

    pub(crate) fn has_written(&self) -> bool {
        self.has_written
    }

    /// Keeps the engine's error for the group; what the caller of the trait gets of it goes nowhere.
    fn engine<T>(&mut self, result: Result<T, rusqlite::Error>) -> Result<T, Error> {
        result.map_err(|error| {
            self.fault = Some(error);
            Error::new(etag_core::ErrorKind::Engine, "the transaction failed")
        })
    }
}

impl Transaction for GroupTransaction<'_> {
    fn head(&mut self, key: &Key) -> Result<Option<Head>, Error> {
        let head = self.repository.head(self.connection, key);
        self.engine(head)
    }

    fn draw_revision(&mut self) -> Revision {
        // A rejected batch may tell its caller of the number, so that the counter must be kept.
        self.has_written = true;
        self.meta.draw_revision()
    }

    fn write(&mut self, head: &Head, body: &Bytes, before: Option<&Head>) -> Result<(), Error> {
        self.has_written = true;
        let written = self.repository.write(self.connection, head, body, before);
        self.engine(written)
    }

    fn write_head(&mut self, head: &Head, before: &Head) -> Result<(), Error> {
        self.has_written = true;
        let written = self.repository.write_head(self.connection, head, before);
        self.engine(written)
    }

    fn children(&mut self, parent: &Key, limit: usize) -> Result<Vec<Head>, Error> {
        let children = self.repository.children(self.connection, parent, limit);
        self.engine(children)
    }

    fn remove(&mut self, head: &Head, at: SystemTime) -> Result<(), Error> {
        self.has_written = true;
        self.meta.remember_removal(at);
        let removed = self.repository.remove(self.connection, head);
        self.engine(removed)?;
        if !self.meta.keeps_changes() {
            return Ok(());
        }
        let forgotten = changes::forget(self.connection, &head.key);
        self.engine(forgotten)
    }

    fn body(&mut self, key: &Key) -> Result<Option<Bytes>, Error> {
        let row = self.repository.row(self.connection, key);
        Ok(self.engine(row)?.map(|row| row.body))
    }

    fn model(&self, collection: &str) -> Option<&'static Model> {
        self.environment.model(collection)
    }

    fn changes(&mut self, key: &Key) -> Result<Option<ChangeLog>, Error> {
        if !self.meta.keeps_changes() {
            return Ok(None);
        }
        let log = changes::find(self.connection, key);
        self.engine(log)
    }

    fn keep_changes(&mut self, key: &Key, log: &ChangeLog) -> Result<(), Error> {
        self.meta.keep_changes();
        let kept = changes::keep(self.connection, key, log);
        self.engine(kept)
    }

    fn last_removal(&mut self) -> Result<Option<SystemTime>, Error> {
        Ok(self.meta.last_removal())
    }

    fn recall(&mut self, key: &LedgerKey, now: SystemTime) -> Result<Option<LedgerEntry>, Error> {
        let entry = ledger::recall(self.connection, key, now);
        self.engine(entry)
    }

    fn record(&mut self, key: &LedgerKey, entry: &LedgerEntry, until: SystemTime) -> Result<(), Error> {
        self.has_written = true;
        let purged = ledger::purge(self.connection, self.now);
        self.engine(purged)?;
        let recorded = ledger::record(self.connection, key, entry, until);
        self.engine(recorded)
    }
}
