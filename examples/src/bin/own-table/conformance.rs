//! The very repository of this example, over another table that was there before, passes the suite of all stores.

use std::sync::Arc;

use async_trait::async_trait;
use etag_core::{Durability, Environment, Error, Store};
use etag_sqlite::{SqliteStore, rusqlite::Connection};
use etag_testkit::Backend;
use tempfile::TempDir;

use crate::repository::{Table, Tables};

/// Pages of a site: of any section, and below any others.
const SITE: &[Table] = &[Table {
    collection: None,
    name: "pages",
    key: "section, slug",
    named: "section = ?1 AND slug = ?2",
    listed: "(?1 = '' OR section = ?1)",
    below: "EXISTS (SELECT 1 FROM json_each(etag_head, '$.parents') AS link WHERE link.value ->> 4
        AND link.value ->> 1 = ?4 AND link.value ->> 2 = ?5 AND (?6 = '' OR link.value ->> 0 = ?6))",
    document: "text",
    columns: "section, slug, text",
    values: "?1, ?2, ?3",
}];

struct Site(TempDir);

impl Site {
    fn temporary() -> Self {
        let directory = TempDir::new().expect("the system has a place for temporary files");
        let schema = "CREATE TABLE pages (number INTEGER PRIMARY KEY, section TEXT NOT NULL, slug TEXT NOT NULL, text TEXT NOT NULL,
            views INTEGER NOT NULL DEFAULT 0, UNIQUE (section, slug))";
        Connection::open(directory.path().join("site.db")).unwrap().execute_batch(schema).unwrap();
        Self(directory)
    }
}

#[async_trait]
impl Backend for Site {
    async fn open(&self, environment: Environment) -> Result<Arc<dyn Store>, Error> {
        let options = SqliteStore::builder(self.0.path().join("site.db")).repository(Tables(SITE));
        // No case cuts the power, so none needs a flush of the disk for each commit.
        let store = options.durability(Durability::Kill).environment(environment).open().await?;
        Ok(Arc::new(store))
    }

    async fn reopen(&self, environment: Environment) -> Result<Arc<dyn Store>, Error> {
        self.open(environment).await
    }
}

etag_testkit::conformance!(Site::temporary());
