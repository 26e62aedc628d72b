//! Reads that lag behind writes: for a while after a write, a contact reads as it was before.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use async_trait::async_trait;
use etag_axum::Stored;
use etag_core::{Batch, Committed, Cursor, Error, Item, Key, Page, Row, Scan, Store, StoreLayer, Versioned as _};

use crate::{
    model::{Contact, ContactId},
    switches::{LaggingWrites, Pace, Reader},
};

/// A layer over a store that remembers what contacts were before their last write.
///
/// As a [`StoreLayer`] it tells the truth: whatever is compared is compared with that (rule S5). Only [`find`](Self::find) and
/// [`page`](Self::page), which answer GET, lag behind.
#[derive(Clone)]
pub(crate) struct Lagging(Arc<Shared>);

struct Shared {
    store: Arc<dyn Store>,
    pace: Pace,
    former: Mutex<HashMap<Key, Former>>,
}

/// What there was of a contact before its last write, and for how long that is still seen.
struct Former {
    row: Option<Row>,
    until: SystemTime,
    reads: u32,
}

impl Former {
    fn is_still_seen(&self, now: SystemTime) -> bool {
        now < self.until || self.reads > 0
    }

    fn is_read(&mut self, now: SystemTime) {
        if now >= self.until {
            self.reads = self.reads.saturating_sub(1);
        }
    }
}

impl Lagging {
    pub(crate) fn new(store: Arc<dyn Store>, pace: Pace) -> Self {
        Self(Arc::new(Shared { store, pace, former: Mutex::default() }))
    }

    /// A contact as this reader sees it now, where there is one.
    pub(crate) async fn find(&self, reader: Reader, id: ContactId) -> Result<Option<Stored<Contact>>, Error> {
        let key = Contact::key_of(&id);
        let mut row = self.0.store.read(&key).await?;
        if self.lags(reader) {
            row = self.as_seen(&key, row);
        }
        Ok(row.map(Stored::from_row))
    }

    /// A page of contacts as this reader sees them now.
    pub(crate) async fn page(&self, reader: Reader, scan: &Scan) -> Result<Page<Stored<Contact>>, Error> {
        let mut page = self.0.store.scan(scan).await?;
        if self.lags(reader) {
            page = self.page_as_seen(scan, page);
        }
        Ok(Page { items: page.items.into_iter().map(Stored::from_row).collect(), next: page.next })
    }

    fn lags(&self, reader: Reader) -> bool {
        !self.0.pace.is_immediate() && self.0.pace.lagging_reads.contains(&reader)
    }

    fn as_seen(&self, key: &Key, row: Option<Row>) -> Option<Row> {
        let now = self.now();
        let mut all = self.former();
        let Some(former) = all.get_mut(key).filter(|former| former.is_still_seen(now)) else { return row };
        former.is_read(now);
        former.row.clone()
    }

    /// The page with what is gone and still seen in its place, as far as there is room.
    fn page_as_seen(&self, scan: &Scan, Page { items, mut next }: Page<Row>) -> Page<Row> {
        let (after, last) = (scan.after.map_or(0, |Cursor(place)| place), next.map_or(u64::MAX, |Cursor(place)| place));
        let is_on_page = |row: &Row| place_of(row) > after && place_of(row) <= last;
        let gone = self.gone(|row| is_on_page(row) && items.iter().all(|item| item.head.key != row.head.key));
        let seen = items.into_iter().filter_map(|row| self.as_seen(&row.head.key.clone(), Some(row)));
        let mut items: Vec<_> = seen.chain(gone).collect();
        items.sort_by_key(place_of);
        if items.len() > scan.limit {
            items.truncate(scan.limit);
            next = items.last().map(|row| Cursor(place_of(row)));
        }
        Page { items, next }
    }

    /// What is still seen as it was, of these rows.
    fn gone(&self, is_meant: impl Fn(&Row) -> bool) -> Vec<Row> {
        let now = self.now();
        let mut all = self.former();
        let seen =
            all.values_mut().filter(|former| former.is_still_seen(now) && former.row.as_ref().is_some_and(&is_meant));
        let read = seen.filter_map(|former| {
            former.is_read(now);
            former.row.clone()
        });
        read.collect()
    }

    /// The contacts that a batch changes, as they are before it.
    async fn before(&self, batch: &Batch) -> Result<Vec<(Key, Option<Row>)>, Error> {
        let mut rows = Vec::new();
        if self.0.pace.is_immediate() {
            return Ok(rows);
        }
        let written = batch.items().iter().filter(|item| !matches!(item, Item::Check(_)));
        for item in written.filter(|item| item.key().collection() == Contact::MODEL.collection) {
            let row = self.0.store.read(item.key()).await?;
            let is_update = row.is_some() && matches!(item, Item::Put(_));
            if is_update || self.0.pace.lagging_writes == LaggingWrites::All {
                rows.push((item.key().clone(), row));
            }
        }
        Ok(rows)
    }

    fn remember(&self, rows: Vec<(Key, Option<Row>)>) {
        let (now, reads) = (self.now(), self.0.pace.propagation_reads);
        let until = now + Duration::from_millis(self.0.pace.propagation_ms);
        let mut all = self.former();
        all.retain(|_, former| former.is_still_seen(now));
        all.extend(rows.into_iter().map(|(key, row)| (key, Former { row, until, reads })));
    }

    fn now(&self) -> SystemTime {
        self.0.store.coordinator().environment().now()
    }

    fn former(&self) -> MutexGuard<'_, HashMap<Key, Former>> {
        self.0.former.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Its place in the list.
fn place_of(row: &Row) -> u64 {
    row.head.created.sequence()
}

#[async_trait]
impl StoreLayer for Lagging {
    fn below(&self) -> &dyn Store {
        &*self.0.store
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
}

#[cfg(test)]
#[path = "lagging_tests.rs"]
mod tests;
