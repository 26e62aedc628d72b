//! The PostgreSQL store passes the suite of all stores: as one process, and as two that share a database and take turns.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicUsize, Ordering},
};

use async_trait::async_trait;
use etag_core::{
    Batch, Capabilities, Committed, Coordinator, Environment, Error, Head, Key, LedgerEntry, LedgerKey, Page, Row,
    Scan, Store, TagEntry,
};
use etag_postgres::PostgresStore;
use etag_testkit::Backend;

async fn open(environment: Environment) -> Result<PostgresStore, Error> {
    static DATABASE: OnceLock<String> = OnceLock::new();
    let url = DATABASE.get_or_init(|| private_postgres::shared().fresh_database().expect("the server runs"));
    PostgresStore::builder(url).environment(environment).open().await
}

struct OneProcess;

#[async_trait]
impl Backend for OneProcess {
    async fn open(&self, environment: Environment) -> Result<Arc<dyn Store>, Error> {
        Ok(Arc::new(open(environment).await?))
    }

    async fn reopen(&self, environment: Environment) -> Result<Arc<dyn Store>, Error> {
        self.open(environment).await
    }
}

/// Nothing in memory keeps callers apart who are served by different stores.
struct TwoProcesses;

#[async_trait]
impl Backend for TwoProcesses {
    async fn open(&self, environment: Environment) -> Result<Arc<dyn Store>, Error> {
        let stores = [open(environment.clone()).await?, open(environment).await?];
        Ok(Arc::new(Alternating { stores, turn: Arc::default() }))
    }

    async fn reopen(&self, environment: Environment) -> Result<Arc<dyn Store>, Error> {
        self.open(environment).await
    }
}

#[derive(Clone)]
struct Alternating {
    stores: [PostgresStore; 2],
    turn: Arc<AtomicUsize>,
}

impl Alternating {
    fn next(&self) -> &PostgresStore {
        &self.stores[self.turn.fetch_add(1, Ordering::Relaxed) % 2]
    }
}

#[async_trait]
impl Store for Alternating {
    async fn read(&self, key: &Key) -> Result<Option<Row>, Error> {
        self.next().read(key).await
    }

    async fn head(&self, key: &Key) -> Result<Option<Head>, Error> {
        self.next().head(key).await
    }

    async fn scan(&self, scan: &Scan) -> Result<Page<Row>, Error> {
        self.next().scan(scan).await
    }

    async fn scan_tags(&self, scan: &Scan) -> Result<Page<TagEntry>, Error> {
        self.next().scan_tags(scan).await
    }

    async fn commit(&self, batch: Batch) -> Result<Committed, Error> {
        self.next().commit(batch).await
    }

    async fn recall(&self, key: &LedgerKey) -> Result<Option<LedgerEntry>, Error> {
        self.next().recall(key).await
    }

    fn handle(&self) -> Arc<dyn Store> {
        Arc::new(self.clone())
    }

    fn coordinator(&self) -> &Coordinator {
        self.stores[0].coordinator()
    }

    fn capabilities(&self) -> Capabilities {
        self.stores[0].capabilities()
    }

    async fn close(&self) {
        for store in &self.stores {
            store.close().await;
        }
    }
}

mod one_process {
    use super::OneProcess;

    etag_testkit::conformance!(
        #[ignore = "needs PostgreSQL: run by cargo xtask test"]
        OneProcess
    );
}

mod two_processes {
    use super::TwoProcesses;

    etag_testkit::conformance!(
        #[ignore = "needs PostgreSQL: run by cargo xtask test"]
        TwoProcesses
    );
}
