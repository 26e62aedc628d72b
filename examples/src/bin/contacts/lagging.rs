//! Reads that lag behind writes: for a while after a write, a contact reads as it was before.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use async_trait::async_trait;
use etag_core::{
    Batch, Capabilities, Committed, Coordinator, Document, Error, Head, Item, Key, LedgerEntry, LedgerKey, Page, Row,
    Scan, Snapshot, Store, TagEntry, Versioned as _,
};

use crate::model::Contact;

/// For how long a contact reads as it was before its last write: until both are over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Window {
    /// This long.
    pub(crate) time: Duration,
    /// For so many reads.
    pub(crate) reads: u32,
}

/// A store that remembers what contacts were before their last write.
///
/// As a [`Store`] it tells the truth: whatever is compared is compared with that (rule S5). Only [`find`](Self::find) and
/// [`page`](Self::page), which answer GET, lag behind.
#[derive(Clone)]
pub(crate) struct Lagging(Arc<Shared>);

struct Shared {
    store: Arc<dyn Store>,
    window: Window,
    former: Mutex<HashMap<Key, Former>>,
}

struct Former {
    row: Row,
    until: SystemTime,
    reads: u32,
}

impl Former {
    fn is_still_seen(&mut self, now: SystemTime) -> bool {
        if now < self.until {
            return true;
        }
        let is_seen = self.reads > 0;
        self.reads = self.reads.saturating_sub(1);
        is_seen
    }
}

impl Lagging {
    pub(crate) fn new(store: Arc<dyn Store>, window: Window) -> Self {
        Self(Arc::new(Shared { store, window, former: Mutex::default() }))
    }

    /// A resource as it reads now, where there is one.
    pub(crate) async fn find<T: Document>(&self, id: &T::Id) -> Result<Option<Snapshot<T>>, Error> {
        let row = self.0.store.read(&T::key_of(id)).await?;
        row.map(|row| Snapshot::from_row(self.as_seen(row))).transpose()
    }

    /// A page of resources as they read now.
    pub(crate) async fn page<T: Document>(&self, scan: &Scan) -> Result<Page<Snapshot<T>>, Error> {
        let Page { items, next } = self.0.store.scan(scan).await?;
        let items = items.into_iter().map(|row| Snapshot::from_row(self.as_seen(row)));
        Ok(Page { items: items.collect::<Result<_, _>>()?, next })
    }

    fn as_seen(&self, row: Row) -> Row {
        let now = self.0.store.coordinator().environment().now();
        let mut all = self.former();
        let Entry::Occupied(mut former) = all.entry(row.head.key.clone()) else { return row };
        if former.get_mut().is_still_seen(now) {
            return former.get().row.clone();
        }
        former.remove();
        row
    }

    /// The contacts that a batch changes, as they are before it.
    async fn before(&self, batch: &Batch) -> Result<Vec<Row>, Error> {
        let mut rows = Vec::new();
        if self.0.window == Window::default() {
            return Ok(rows);
        }
        let changed = batch.items().iter().filter(|item| matches!(item, Item::Put(_)));
        for key in changed.map(Item::key).filter(|key| key.collection() == Contact::MODEL.collection) {
            rows.extend(self.0.store.read(key).await?);
        }
        Ok(rows)
    }

    fn remember(&self, rows: Vec<Row>) {
        let Window { time, reads } = self.0.window;
        let until = self.0.store.coordinator().environment().now() + time;
        let former = rows.into_iter().map(|row| (row.head.key.clone(), Former { row, until, reads }));
        self.former().extend(former);
    }

    fn former(&self) -> MutexGuard<'_, HashMap<Key, Former>> {
        self.0.former.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Store for Lagging {
    async fn read(&self, key: &Key) -> Result<Option<Row>, Error> {
        self.0.store.read(key).await
    }

    async fn head(&self, key: &Key) -> Result<Option<Head>, Error> {
        self.0.store.head(key).await
    }

    async fn scan(&self, scan: &Scan) -> Result<Page<Row>, Error> {
        self.0.store.scan(scan).await
    }

    async fn scan_tags(&self, scan: &Scan) -> Result<Page<TagEntry>, Error> {
        self.0.store.scan_tags(scan).await
    }

    async fn commit(&self, batch: Batch) -> Result<Committed, Error> {
        // Every put of a contact expects the revision that was judged, so what is read here is what a commit replaces, or
        // the commit is refused.
        let before = self.before(&batch).await?;
        let committed = self.0.store.commit(batch).await?;
        if !before.is_empty() {
            self.remember(before);
        }
        Ok(committed)
    }

    async fn recall(&self, key: &LedgerKey) -> Result<Option<LedgerEntry>, Error> {
        self.0.store.recall(key).await
    }

    fn handle(&self) -> Arc<dyn Store> {
        Arc::new(self.clone())
    }

    fn coordinator(&self) -> &Coordinator {
        self.0.store.coordinator()
    }

    fn capabilities(&self) -> Capabilities {
        self.0.store.capabilities()
    }

    async fn close(&self) {
        self.0.store.close().await;
    }
}

#[cfg(test)]
#[path = "lagging_tests.rs"]
mod tests;
