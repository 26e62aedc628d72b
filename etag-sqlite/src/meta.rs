//! The store's one row of its own: the epoch and the counter of revisions.

use std::time::SystemTime;

use etag_core::{Epoch, Revision};
use rusqlite::{Connection, params};

use crate::numbers;

type Result<T> = std::result::Result<T, rusqlite::Error>;

const SELECT: &str =
    "SELECT epoch, last_sequence, reserved, last_removal, last_group, keeps_changes FROM etag_meta WHERE only = 1";

const UPDATE: &str = "UPDATE etag_meta SET epoch = ?1, last_sequence = ?2, reserved = ?3, last_removal = ?4, last_group = ?5, keeps_changes = ?6 \
     WHERE only = 1";

/// How many numbers are reserved by one flush where commits are not flushed.
const RESERVATION: u64 = 1 << 16;

/// Read inside each transaction, since another process may have changed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Meta {
    pub(crate) epoch: Epoch,
    last_sequence: u64,
    reserved: u64,
    last_removal: Option<SystemTime>,
    last_group: i64,
    keeps_changes: bool,
}

impl Meta {
    pub(crate) fn load(connection: &Connection) -> Result<Self> {
        connection.prepare_cached(SELECT)?.query_row([], |row| {
            Ok(Self {
                epoch: numbers::epoch_from_sql(row.get(0)?),
                last_sequence: numbers::from_sql(row.get(1)?),
                reserved: numbers::from_sql(row.get(2)?),
                last_removal: row.get::<_, Option<i64>>(3)?.map(numbers::time_from_sql),
                last_group: row.get(4)?,
                keeps_changes: row.get(5)?,
            })
        })
    }

    pub(crate) fn save(&self, connection: &Connection) -> Result<()> {
        connection.prepare_cached(UPDATE)?.execute(params![
            numbers::epoch_to_sql(self.epoch),
            numbers::to_sql(self.last_sequence),
            numbers::to_sql(self.reserved),
            self.last_removal.map(numbers::time_to_sql),
            self.last_group,
            self.keeps_changes,
        ])?;
        Ok(())
    }

    pub(crate) fn draw_revision(&mut self) -> Revision {
        self.last_sequence += 1;
        Revision::new(self.epoch, self.last_sequence)
    }

    pub(crate) fn last_sequence(&self) -> u64 {
        self.last_sequence
    }

    /// Goes past numbers that were drawn already, in a transaction that was rolled back.
    pub(crate) fn skip_to(&mut self, drawn: u64) {
        self.last_sequence = self.last_sequence.max(drawn);
    }

    pub(crate) fn has_reserved(&self, count: u64) -> bool {
        self.last_sequence.saturating_add(count) <= self.reserved
    }

    pub(crate) fn reserve(&mut self, count: u64) {
        self.reserved = self.last_sequence.saturating_add(count).saturating_add(RESERVATION);
    }

    pub(crate) fn last_removal(&self) -> Option<SystemTime> {
        self.last_removal
    }

    pub(crate) fn remember_removal(&mut self, at: SystemTime) {
        self.last_removal = self.last_removal.max(Some(at));
    }

    /// Whether there may be a change log.
    pub(crate) fn keeps_changes(&self) -> bool {
        self.keeps_changes
    }

    pub(crate) fn keep_changes(&mut self) {
        self.keeps_changes = true;
    }

    /// Signs the row with a group's own number.
    pub(crate) fn sign(&mut self, group: i64) {
        self.last_group = group;
    }

    pub(crate) fn is_signed(&self, group: i64) -> bool {
        self.last_group == group
    }
}
