//! The store's handle.

use std::{fmt, sync::Arc};

use async_trait::async_trait;
use etag_core::{
    Batch, Capabilities, Committed, Coordinator, Cursor, Durability, Epoch, Error, Head, Key, LedgerEntry, LedgerKey,
    Page, Row, Scan, Store, TagEntry,
};
use tokio_postgres::{Client, Row as SqlRow, Statement, Transaction, types::ToSql};

use crate::{
    committer::Committer,
    connection::{Connector, Readers},
    error::Fault,
    group::Desk,
    keepable, migrations, numbers,
    options::Options,
    rows,
    statements::Statements,
};

/// A store in a PostgreSQL database. Cloning it is cheap, and all clones are one store.
///
/// ```no_run
/// # use etag_core::*;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Serialize, Deserialize, Versioned)]
/// # #[versioned(collection = "notes", validator = revision)]
/// # struct Note { #[versioned(id)] id: String, text: String }
/// # async fn example() -> Result<(), Error> {
/// use etag_postgres::PostgresStore;
///
/// let store = PostgresStore::open("postgres://app@127.0.0.1/app").await?;
/// let note = store.create(&Note { id: "1".into(), text: "milk".into() }).await?;
/// store.delete::<Note>(&note.id, note.etag()).await?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct PostgresStore(Arc<Shared>);

struct Shared {
    coordinator: Coordinator,
    durability: Durability,
    committer: Arc<Committer>,
    readers: Readers,
}

impl PostgresStore {
    /// Opens the store in the database that this URL names, as `postgres://user:password@host:port/database`.
    ///
    /// # Errors
    /// As for [`Options::open`].
    pub async fn open(url: impl Into<String>) -> Result<Self, Error> {
        Self::builder(url).open().await
    }

    /// A store in the database that this URL names, to be opened otherwise than by default.
    ///
    /// ```
    /// use etag_postgres::PostgresStore;
    ///
    /// let options = PostgresStore::builder("postgres://app@127.0.0.1/app");
    /// # drop(options);
    /// ```
    pub fn builder(url: impl Into<String>) -> Options {
        Options::new(url)
    }

    pub(crate) async fn open_with(options: Options) -> Result<Self, Error> {
        let connector = Connector::new(&options)?;
        let mut client = connector.client().await?;
        migrations::migrate(&mut client, &options.environment).await?;
        let durability = durability(&client).await.map_err(|fault| fault.to_error())?;
        let committer = Arc::new(Committer::new(&connector, &options));
        let readers = Readers::new(&connector, options.readers.get());
        let coordinator = Coordinator::new(options.environment);
        Ok(Self(Arc::new(Shared { coordinator, durability, committer, readers })))
    }

    /// Begins a new life of the store: after a restore from a backup, so that no tag given out since can match a new state
    /// (rule T5).
    ///
    /// # Errors
    /// Faults of the engine.
    pub async fn rotate_epoch(&self) -> Result<Epoch, Error> {
        let epoch = Epoch::from_bytes(self.0.coordinator.environment().random_bytes());
        let connection = self.0.readers.get().await?;
        let rotate = "UPDATE etag_meta SET epoch = $1 WHERE only_row = 1";
        let rotated = connection.execute(rotate, &[&numbers::epoch_to_sql(epoch)]).await;
        rotated.map_err(|error| Fault::from(error).to_error())?;
        Ok(epoch)
    }

    /// Does `batch` inside a transaction of yours, so that it commits together with whatever else you write there, as an
    /// outbox or a table of your own (rule S7). The transaction must be at READ COMMITTED, and be in this store's database.
    ///
    /// A batch that is rejected has written nothing, and the transaction may go on. What the batch is about stays locked
    /// until the transaction ends, so end it soon; to have no deadlocks do this before you lock anything else.
    ///
    /// # Errors
    /// Those of [`Store::commit`], and [`ErrorKind::Misconfigured`] where the transaction is at another isolation. After
    /// [`ErrorKind::Unavailable`] and [`ErrorKind::Engine`] it can only be rolled back.
    ///
    /// [`ErrorKind::Misconfigured`]: etag_core::ErrorKind::Misconfigured
    /// [`ErrorKind::Unavailable`]: etag_core::ErrorKind::Unavailable
    /// [`ErrorKind::Engine`]: etag_core::ErrorKind::Engine
    ///
    /// ```no_run
    /// # use etag_core::*;
    /// # async fn example(client: &mut tokio_postgres::Client, batch: Batch) -> Result<(), Box<dyn std::error::Error>> {
    /// # let store = etag_postgres::PostgresStore::open("postgres://app@127.0.0.1/app").await?;
    /// let transaction = client.transaction().await?;
    /// store.commit_in(&transaction, &batch).await?;
    /// transaction.execute("INSERT INTO outbox (topic) VALUES ('tasks')", &[]).await?;
    /// transaction.commit().await?;
    /// # Ok(()) }
    /// ```
    pub async fn commit_in(&self, transaction: &Transaction<'_>, batch: &Batch) -> Result<Committed, Error> {
        keepable::demand_keepable(batch)?;
        let client = transaction.client();
        let statements = Statements::prepare(client).await.map_err(|error| Fault::from(error).to_error())?;
        let environment = self.0.coordinator.environment();
        let desk = Desk { client, statements: &statements, environment };
        desk.commit_in(batch).await.map_err(|fault| fault.to_error())?
    }

    async fn query(
        &self,
        choose: fn(&Statements) -> &Statement,
        parameters: &[&(dyn ToSql + Sync)],
    ) -> Result<Vec<SqlRow>, Error> {
        let connection = self.0.readers.get().await?;
        let rows = connection.query(choose(&connection.statements), parameters).await;
        match rows.map_err(Fault::from) {
            // A read changes nothing, so one that a broken connection lost may be asked again.
            Err(Fault::Disconnected(_)) => {
                let connection = self.0.readers.get().await?;
                let rows = connection.query(choose(&connection.statements), parameters).await;
                rows.map_err(|error| Fault::from(error).to_error())
            }
            rows => rows.map_err(|fault| fault.to_error()),
        }
    }

    async fn query_page(&self, scan: &Scan, kind: PageKind) -> Result<Vec<SqlRow>, Error> {
        let after = scan.after.map_or(0, |Cursor(sequence)| numbers::to_sql(sequence));
        let limit = numbers::to_sql(u64::try_from(scan.limit).unwrap_or(u64::MAX).saturating_add(1));
        let collection: &str = &scan.collection;
        let Some(filter) = &scan.parent else {
            let statement: fn(&Statements) -> &Statement = match kind {
                PageKind::Rows => |statements| &statements.page,
                PageKind::Tags => |statements| &statements.tags,
            };
            return self.query(statement, &[&collection, &after, &limit]).await;
        };
        if !keepable::can_be_asked_for(&filter.parent) {
            return Ok(Vec::new());
        }
        let (parent, id, link) = (filter.parent.collection(), filter.parent.id(), &*filter.link);
        let statement: fn(&Statements) -> &Statement = match kind {
            PageKind::Rows => |statements| &statements.page_of_parent,
            PageKind::Tags => |statements| &statements.tags_of_parent,
        };
        self.query(statement, &[&collection, &after, &limit, &parent, &id, &link]).await
    }
}

#[derive(Clone, Copy)]
enum PageKind {
    Rows,
    Tags,
}

/// What the server's settings promise of what was acknowledged.
async fn durability(client: &Client) -> Result<Durability, Fault> {
    let row = client.query_one("SELECT current_setting('fsync'), current_setting('synchronous_commit')", &[]).await?;
    let is_flushed = row.get::<_, &str>(0) == "on" && row.get::<_, &str>(1) != "off";
    Ok(if is_flushed { Durability::Power } else { Durability::Process })
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore").finish_non_exhaustive()
    }
}

#[async_trait]
impl Store for PostgresStore {
    async fn read(&self, key: &Key) -> Result<Option<Row>, Error> {
        if !keepable::can_be_asked_for(key) {
            return Ok(None);
        }
        let (collection, id) = (key.collection(), key.id());
        let rows = self.query(|statements| &statements.row, &[&collection, &id]).await?;
        rows.first().map(rows::row_of).transpose()
    }

    async fn head(&self, key: &Key) -> Result<Option<Head>, Error> {
        if !keepable::can_be_asked_for(key) {
            return Ok(None);
        }
        let (collection, id) = (key.collection(), key.id());
        let rows = self.query(|statements| &statements.head, &[&collection, &id]).await?;
        rows.first().map(rows::head_of).transpose()
    }

    async fn scan(&self, scan: &Scan) -> Result<Page<Row>, Error> {
        rows::page(&self.query_page(scan, PageKind::Rows).await?, scan)
    }

    async fn scan_tags(&self, scan: &Scan) -> Result<Page<TagEntry>, Error> {
        rows::tags(&self.query_page(scan, PageKind::Tags).await?, scan)
    }

    async fn commit(&self, batch: Batch) -> Result<Committed, Error> {
        keepable::demand_keepable(&batch)?;
        self.0.committer.commit(batch).await
    }

    async fn recall(&self, key: &LedgerKey) -> Result<Option<LedgerEntry>, Error> {
        if !keepable::can_be_recalled(key) {
            return Ok(None);
        }
        let now = numbers::time_to_sql(self.0.coordinator.environment().now());
        let rows = self.query(|statements| &statements.recall, &[&key.principal, &key.key, &now]).await?;
        rows.first().map(|row| rows::entry_of(row, 0)).transpose()
    }

    fn handle(&self) -> Arc<dyn Store> {
        Arc::new(self.clone())
    }

    fn coordinator(&self) -> &Coordinator {
        &self.0.coordinator
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::new(self.0.durability)
    }

    async fn close(&self) {
        self.0.committer.close().await;
        self.0.readers.close().await;
    }
}
