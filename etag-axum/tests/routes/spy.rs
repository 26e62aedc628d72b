//! A store that counts what is asked of it, and can be made to change things at the worst moment.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use async_trait::async_trait;
use etag_core::{
    Batch, Capabilities, Committed, Coordinator, Error, Expectation, Head, Item, Key, LedgerEntry, LedgerKey,
    MemoryStore, Page, Row, Scan, Store, TagEntry, put_document,
};

use crate::support::Task;

#[derive(Clone, Default)]
pub(crate) struct Spy(Arc<Inner>);

#[derive(Default)]
struct Inner {
    store: MemoryStore,
    calls: Mutex<BTreeMap<&'static str, usize>>,
    meddle: AtomicUsize,
    failure: Mutex<Option<Error>>,
    others: Mutex<Option<Batch>>,
}

impl Spy {
    /// How often a method was called since the last look.
    pub(crate) fn calls(&self) -> BTreeMap<&'static str, usize> {
        std::mem::take(&mut self.0.calls.lock().unwrap())
    }

    /// Changes what the next commits are about just before them, so often.
    pub(crate) fn meddle(&self, times: usize) {
        self.0.meddle.store(times, Ordering::SeqCst);
    }

    /// Answers the next commit with this.
    pub(crate) fn fail(&self, error: Error) {
        *self.0.failure.lock().unwrap() = Some(error);
    }

    /// Lets another write come before the next commit.
    pub(crate) fn be_overtaken_by(&self, batch: Batch) {
        *self.0.others.lock().unwrap() = Some(batch);
    }

    fn count(&self, method: &'static str) -> &MemoryStore {
        *self.0.calls.lock().unwrap().entry(method).or_default() += 1;
        &self.0.store
    }

    async fn meddle_with(&self, item: Option<&Item>) {
        let left = self.0.meddle.load(Ordering::SeqCst);
        let Some(key) = item.map(Item::key).filter(|_| left > 0) else { return };
        self.0.meddle.store(left - 1, Ordering::SeqCst);
        let task = Task { id: key.id().into(), title: format!("meddled {left}"), tags: Vec::new(), estimate: None };
        let put = put_document(self, &task, Expectation::Unconditional).unwrap();
        self.0.store.commit(Batch::new().put(put)).await.unwrap();
    }
}

#[async_trait]
impl Store for Spy {
    async fn read(&self, key: &Key) -> Result<Option<Row>, Error> {
        self.count("read").read(key).await
    }

    async fn head(&self, key: &Key) -> Result<Option<Head>, Error> {
        self.count("head").head(key).await
    }

    async fn scan(&self, scan: &Scan) -> Result<Page<Row>, Error> {
        self.count("scan").scan(scan).await
    }

    async fn scan_tags(&self, scan: &Scan) -> Result<Page<TagEntry>, Error> {
        self.count("scan_tags").scan_tags(scan).await
    }

    async fn commit(&self, batch: Batch) -> Result<Committed, Error> {
        if let Some(error) = self.0.failure.lock().unwrap().take() {
            return Err(error);
        }
        self.meddle_with(batch.items().first()).await;
        let others = self.0.others.lock().unwrap().take();
        if let Some(others) = others {
            self.0.store.commit(others).await.unwrap();
        }
        self.count("commit").commit(batch).await
    }

    async fn recall(&self, key: &LedgerKey) -> Result<Option<LedgerEntry>, Error> {
        self.count("recall").recall(key).await
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
