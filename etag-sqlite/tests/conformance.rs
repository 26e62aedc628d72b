//! The SQLite store passes the suite of all stores.

use std::sync::Arc;

use async_trait::async_trait;
use etag_core::{Durability, Environment, Error, Store};
use etag_sqlite::SqliteStore;
use etag_testkit::Backend;
use tempfile::TempDir;

struct File(TempDir);

impl File {
    fn temporary() -> Self {
        Self(TempDir::new().expect("the system has a place for temporary files"))
    }
}

#[async_trait]
impl Backend for File {
    async fn open(&self, environment: Environment) -> Result<Arc<dyn Store>, Error> {
        // No case cuts the power, so none needs a flush of the disk for each commit.
        let options = SqliteStore::builder(self.0.path().join("store.db")).durability(Durability::Kill);
        Ok(Arc::new(options.environment(environment).open().await?))
    }

    async fn reopen(&self, environment: Environment) -> Result<Arc<dyn Store>, Error> {
        self.open(environment).await
    }
}

etag_testkit::conformance!(File::temporary());
