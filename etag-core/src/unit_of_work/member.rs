//! The store of one member.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use bytes::Bytes;
use smallvec::SmallVec;

use super::{Unit, plan::View, seat::Seat};
use crate::{
    Batch, Capabilities, Committed, Conflict, Coordinator, Effect, Error, ErrorKind, Head, Item, Key, LedgerEntry,
    LedgerKey, Page, Replay, Row, Scan, Store, TagEntry, Written,
};

/// The store as one member of a [`UnitOfWork`](crate::UnitOfWork) sees it. Cloning it gives another handle for the same
/// member.
///
/// Closing it does nothing: the store belongs to others, too.
///
/// ```
/// # use std::sync::Arc;
/// # use etag_core::*;
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let mut unit = UnitOfWork::new(Arc::new(MemoryStore::new()));
/// let scan = Scan::new("notes", 10);
/// unit.begin(|member: Member| async move { member.scan(&scan).await.unwrap().items.len() }).await;
/// assert_eq!(unit.commit().await?, UnitOutcome::Done(vec![0]));
/// # Ok::<(), Error>(()) }).unwrap();
/// ```
#[derive(Clone)]
pub struct Member {
    unit: Arc<Unit>,
    seat: Arc<Seat>,
}

impl Member {
    pub(super) fn new(unit: Arc<Unit>, seat: Arc<Seat>) -> Self {
        Self { unit, seat }
    }

    /// Whether the member was shown a state that was not stored, with a tag that is none: what it gives back may have the tag
    /// in it.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use etag_core::*;
    /// # use serde::{Deserialize, Serialize};
    /// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note { #[versioned(id)] id: String, text: String }
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    /// let note = Note { id: "1".into(), text: "milk".into() };
    /// let mut unit = UnitOfWork::new(Arc::clone(&store));
    /// unit.begin(|member| async move { member.create(&note).await.map(|note| note.etag().clone()) }).await;
    ///
    /// let mut reader = None;
    /// let read = |member: Member| async move { member.get::<Note>(&"1".to_owned()).await.map(|note| note.etag().clone()) };
    /// unit.begin(|member| read(reader.insert(member).clone())).await;
    /// assert!(reader.unwrap().has_seen_plans());
    /// let UnitOutcome::Done(tags) = unit.commit().await? else { panic!("nobody else writes") };
    /// assert_ne!(tags[1].as_ref().unwrap(), tags[0].as_ref().unwrap());
    /// # Ok::<(), Error>(()) }).unwrap();
    /// ```
    pub fn has_seen_plans(&self) -> bool {
        self.seat.has_seen_plans()
    }

    fn view(&self, key: &Key, stored: Option<Row>) -> Option<Row> {
        if self.seat.found_absent(key) {
            return None;
        }
        match self.unit.plan().view(self.seat.place(), key, stored) {
            View::Stored(row) => row,
            View::Planned(row) => {
                self.seat.note_plans_seen();
                row
            }
        }
    }

    /// Answers a commit that writes nothing, and has it made again with the unit's.
    async fn check(&self, batch: Batch) -> Result<Committed, Error> {
        let checked = if batch.items().iter().any(|item| self.sees_otherwise(item.key())) {
            self.check_plans(&batch).await?
        } else {
            self.unit.store.commit(batch.clone()).await?
        };
        self.unit.plan().add_checks(self.seat.place(), &batch, self.unit.now());
        Ok(checked)
    }

    /// Whether the state that the member is shown need not be the stored one.
    fn sees_otherwise(&self, key: &Key) -> bool {
        self.seat.found_absent(key) || self.unit.plan().writes_before(self.seat.place(), key)
    }

    async fn check_plans(&self, batch: &Batch) -> Result<Committed, Error> {
        let mut heads: SmallVec<[Option<Head>; 1]> = SmallVec::new();
        let mut conflicts = Vec::new();
        for (index, item) in batch.items().iter().enumerate() {
            let head = self.head(item.key()).await?;
            let left = |earlier: usize| heads.get(earlier).and_then(Option::as_ref).map(|head| head.revision);
            if !item.expectation().is_met_by(head.as_ref(), item.compares(), left) {
                conflicts.push(Conflict::new(index, item.key().clone(), item.expectation().clone(), head.clone()));
            }
            heads.push(head);
        }
        if !conflicts.is_empty() {
            return Err(Error::rejected(conflicts));
        }
        let items = heads.into_iter().map(|head| Written::new(Effect::Checked, head)).collect();
        Ok(Committed { items, touched: Vec::new(), replay: Replay::Original })
    }
}

impl Unit {
    fn now(&self) -> std::time::SystemTime {
        self.store.coordinator().environment().now()
    }
}

#[async_trait]
impl Store for Member {
    async fn read(&self, key: &Key) -> Result<Option<Row>, Error> {
        let stored = self.unit.store.read(key).await?;
        Ok(self.view(key, stored))
    }

    async fn head(&self, key: &Key) -> Result<Option<Head>, Error> {
        let stored = self.unit.store.head(key).await?;
        let row = stored.map(|head| Row { head, body: Bytes::new() });
        Ok(self.view(key, row).map(|row| row.head))
    }

    async fn scan(&self, scan: &Scan) -> Result<Page<Row>, Error> {
        self.unit.store.scan(scan).await
    }

    async fn scan_tags(&self, scan: &Scan) -> Result<Page<TagEntry>, Error> {
        self.unit.store.scan_tags(scan).await
    }

    async fn commit(&self, batch: Batch) -> Result<Committed, Error> {
        if batch.ledger().is_some() {
            return Err(ledgerless());
        }
        if batch.items().iter().all(|item| matches!(item, Item::Check(_))) {
            return self.check(batch).await;
        }
        let plan = || self.unit.plan().add(self.seat.place(), &batch, self.unit.now());
        let answer = self.seat.wait(plan)?;
        answer.get().await
    }

    async fn recall(&self, key: &LedgerKey) -> Result<Option<LedgerEntry>, Error> {
        self.unit.store.recall(key).await
    }

    fn handle(&self) -> Arc<dyn Store> {
        Arc::new(self.clone())
    }

    fn coordinator(&self) -> &Coordinator {
        &self.seat.coordinator
    }

    fn capabilities(&self) -> Capabilities {
        self.unit.store.capabilities()
    }

    async fn close(&self) {}
}

fn ledgerless() -> Error {
    let message = "a member of a unit of work can't claim an idempotency key; the unit has to be repeated as a whole";
    Error::new(ErrorKind::Unsupported, message)
}

impl fmt::Debug for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Member({} of a unit of work)", self.seat.place())
    }
}
