//! The store with one bug, or none.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::SystemTime,
};

use async_trait::async_trait;
use etag_core::{
    Batch, Capabilities, Committed, Coordinator, Durability, Environment, Error, ErrorKind, Head, Key, LedgerEntry,
    LedgerKey, Page, Row, Scan, Store, TagEntry,
};
use tokio::{sync::Mutex as Lock, task::yield_now};

use crate::{
    bug::Bug,
    commits::folded,
    lists,
    rows::{Heads, Rows},
};

/// What is there whether or not it is open.
#[derive(Default)]
pub(crate) struct Disk {
    pub(crate) rows: Mutex<Rows>,
    /// What was there before the last commit.
    pub(crate) former: Mutex<Rows>,
    pub(crate) drawn: AtomicU64,
    pub(crate) locks: Mutex<BTreeMap<Key, Arc<Lock<()>>>>,
}

#[derive(Clone)]
pub(crate) struct BrokenStore(pub(crate) Arc<Shared>);

pub(crate) struct Shared {
    pub(crate) bug: Option<Bug>,
    pub(crate) disk: Arc<Disk>,
    coordinator: Coordinator,
    pub(crate) known: Mutex<Heads>,
    cached: Mutex<BTreeMap<Key, Option<Row>>>,
    is_closed: Arc<AtomicBool>,
}

impl BrokenStore {
    pub(crate) fn open(bug: Option<Bug>, disk: &Arc<Disk>, environment: Environment) -> Self {
        let store = Self::with(bug, disk, Coordinator::new(environment), Arc::default());
        match bug {
            Some(Bug::DrawsAgainAfterOpening) => {
                let last = store.rows().last_sequence();
                disk.drawn.store(last, Ordering::SeqCst);
            }
            Some(Bug::ForgetsTheLedgerAtTheEnd) => store.rows().ledger.clear(),
            _ => {}
        }
        store
    }

    fn with(bug: Option<Bug>, disk: &Arc<Disk>, coordinator: Coordinator, is_closed: Arc<AtomicBool>) -> Self {
        Self(Arc::new(Shared {
            bug,
            disk: Arc::clone(disk),
            coordinator,
            known: Mutex::default(),
            cached: Mutex::default(),
            is_closed,
        }))
    }

    pub(crate) fn has(&self, bug: Bug) -> bool {
        self.0.bug == Some(bug)
    }

    pub(crate) fn rows(&self) -> MutexGuard<'_, Rows> {
        self.0.disk.rows.lock().expect("no panic under the lock")
    }

    pub(crate) fn now(&self) -> SystemTime {
        if self.has(Bug::HasAClockOfItsOwn) { SystemTime::now() } else { self.0.coordinator.environment().now() }
    }

    /// The row as a reader finds it.
    fn found(&self, key: &Key) -> Option<Row> {
        let rows = self.rows();
        match self.0.bug {
            Some(Bug::KeepsDeletedReadable) => rows.kept.get(key).or_else(|| rows.gone.get(key)).cloned(),
            Some(Bug::ServesTheStateBeforeTheLastCommit) => {
                self.0.disk.former.lock().expect("no panic under the lock").kept.get(key).cloned()
            }
            Some(Bug::FoldsIds) => rows.kept.get(&folded(key)).cloned(),
            Some(Bug::IgnoresCollections) => rows.kept.values().find(|row| row.head.key.id() == key.id()).cloned(),
            Some(Bug::ReadsWhatItReadBefore) => {
                let mut cached = self.0.cached.lock().expect("no panic under the lock");
                cached.entry(key.clone()).or_insert_with(|| rows.kept.get(key).cloned()).clone()
            }
            _ => rows.kept.get(key).cloned(),
        }
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.0.is_closed.load(Ordering::SeqCst)
    }
}

#[async_trait]
impl Store for BrokenStore {
    async fn read(&self, key: &Key) -> Result<Option<Row>, Error> {
        yield_now().await;
        let Some(mut row) = self.found(key) else { return Ok(None) };
        if self.has(Bug::ReadsHeadAndBodyApart) {
            yield_now().await;
            row.body = self.found(key).map(|row| row.body).unwrap_or_default();
        }
        Ok(Some(row))
    }

    async fn head(&self, key: &Key) -> Result<Option<Head>, Error> {
        yield_now().await;
        let head = self.found(key).map(|row| row.head);
        Ok(head.map(|mut head| {
            if self.has(Bug::TellsNoHeadOfItsOwnParents) {
                head.parents = etag_core::Parents::NONE;
            }
            head
        }))
    }

    async fn scan(&self, scan: &Scan) -> Result<Page<Row>, Error> {
        yield_now().await;
        Ok(lists::page(self.0.bug, scan, &self.rows()))
    }

    async fn scan_tags(&self, scan: &Scan) -> Result<Page<TagEntry>, Error> {
        yield_now().await;
        let rows = self.rows();
        let Page { items, next } = lists::page(self.0.bug, scan, &rows);
        let tag = |row: &Row| match self.0.bug {
            Some(Bug::ListsTagsOfTheFirstState) => rows.first[&row.head.key].tag.clone(),
            _ => row.head.tag.clone(),
        };
        let items = items.iter().map(|row| TagEntry { id: row.head.key.id().into(), tag: tag(row) }).collect();
        Ok(Page { items, next })
    }

    async fn commit(&self, batch: Batch) -> Result<Committed, Error> {
        yield_now().await;
        if self.is_closed() {
            return Err(Error::new(ErrorKind::Unavailable, "the store is closed"));
        }
        let _held = match self.0.bug {
            Some(Bug::LocksInTheCallersOrder) => self.lock_in_the_callers_order(&batch).await,
            _ => Vec::new(),
        };
        self.0.cached.lock().expect("no panic under the lock").clear();
        self.commit_through(&batch).await
    }

    async fn recall(&self, key: &LedgerKey) -> Result<Option<LedgerEntry>, Error> {
        let now = self.now();
        Ok(self.rows().recall(key, now).filter(|_| !self.has(Bug::RecallsNothing)))
    }

    fn handle(&self) -> Arc<dyn Store> {
        if self.has(Bug::ClosesOneHandle) {
            let coordinator = Coordinator::new(self.0.coordinator.environment().clone());
            return Arc::new(Self::with(self.0.bug, &self.0.disk, coordinator, Arc::default()));
        }
        Arc::new(self.clone())
    }

    fn coordinator(&self) -> &Coordinator {
        &self.0.coordinator
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::new(Durability::Kill)
    }

    async fn close(&self) {
        if self.has(Bug::StaysOpen) {
            return;
        }
        self.0.is_closed.store(true, Ordering::SeqCst);
        if self.has(Bug::ForgetsTheLastCommitAtTheEnd) {
            *self.rows() = self.0.disk.former.lock().expect("no panic under the lock").clone();
        }
    }
}
