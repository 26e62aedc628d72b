//! How a store is opened.

use std::{num::NonZeroUsize, path::PathBuf, sync::Arc, thread, time::Duration};

use etag_core::{Batch, Durability, Environment, Error, ErrorKind, Item};

use crate::{Repository, SqliteStore, connection::Flush, repository::Tables};

/// How a [`SqliteStore`] is opened, begun with [`SqliteStore::builder`].
///
/// ```
/// use std::time::Duration;
/// use etag_core::{Durability, Error, Store};
/// use etag_sqlite::SqliteStore;
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// # let path = std::env::temp_dir().join(format!("etag-sqlite-options-{}.db", std::process::id()));
/// let store = SqliteStore::builder(&path)
///     .durability(Durability::Kill)
///     .busy_timeout(Duration::from_secs(2))
///     .open()
///     .await?;
/// assert_eq!(store.capabilities().durability, Durability::Kill);
/// # store.close().await; drop(store); let _ = std::fs::remove_file(path);
/// # Ok::<(), Error>(()) }).unwrap();
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing is opened before `open`"]
pub struct Options {
    pub(crate) path: PathBuf,
    pub(crate) durability: Durability,
    pub(crate) busy_timeout: Duration,
    pub(crate) readers: NonZeroUsize,
    pub(crate) group: GroupBounds,
    pub(crate) batch: BatchBounds,
    pub(crate) environment: Environment,
    pub(crate) tables: Tables,
}

/// What one transaction of several commits holds at most.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GroupBounds {
    pub(crate) items: usize,
    pub(crate) bytes: usize,
    pub(crate) time: Duration,
}

/// What one commit holds at most.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BatchBounds {
    items: usize,
    bytes: usize,
}

impl Options {
    pub(crate) fn new(path: PathBuf) -> Self {
        Self {
            path,
            durability: Durability::Power,
            busy_timeout: Duration::from_secs(5),
            readers: thread::available_parallelism().map_or(NonZeroUsize::MIN, |cores| cores.min(MOST_READERS)),
            group: GroupBounds { items: 1024, bytes: 8 << 20, time: Duration::from_millis(4) },
            batch: BatchBounds { items: 10_000, bytes: 256 << 20 },
            environment: Environment::system(),
            tables: Tables::Ours,
        }
    }

    /// What an acknowledged commit must survive. [`Durability::Power`], the default, flushes before each answer;
    /// [`Durability::Kill`] flushes now and then, and so does [`Durability::Process`], which SQLite has no faster way to do.
    ///
    /// No revision is given out twice with either: after a loss of power the counter goes on behind every number that a
    /// lost commit may have had.
    ///
    /// ```
    /// # use etag_core::Durability;
    /// # use etag_sqlite::SqliteStore;
    /// let options = SqliteStore::builder("board.db").durability(Durability::Kill);
    /// ```
    pub fn durability(mut self, durability: Durability) -> Self {
        self.durability = durability;
        self
    }

    /// How long to try where another process writes; 5 seconds unless said otherwise. A commit that can't begin within it
    /// is [`ErrorKind::Unavailable`].
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use etag_sqlite::SqliteStore;
    /// let options = SqliteStore::builder("board.db").busy_timeout(Duration::from_secs(1));
    /// ```
    pub fn busy_timeout(mut self, timeout: Duration) -> Self {
        self.busy_timeout = timeout.min(Duration::from_secs(3600));
        self
    }

    /// How many threads read; as many as there are cores, but at most 4, unless said otherwise.
    ///
    /// ```
    /// # use std::num::NonZeroUsize;
    /// # use etag_sqlite::SqliteStore;
    /// let options = SqliteStore::builder("board.db").readers(NonZeroUsize::MIN);
    /// ```
    pub fn readers(mut self, readers: NonZeroUsize) -> Self {
        self.readers = readers;
        self
    }

    /// How many items of how many bytes one group of commits holds at most, and for how long it takes further ones in;
    /// 1024, 8 MiB and 4 ms unless said otherwise. A group holds one commit at least, however large.
    ///
    /// ```
    /// # use std::time::Duration;
    /// # use etag_sqlite::SqliteStore;
    /// let options = SqliteStore::builder("board.db").group(64, 1 << 20, Duration::from_millis(1));
    /// ```
    pub fn group(mut self, items: usize, bytes: usize, time: Duration) -> Self {
        self.group = GroupBounds { items, bytes, time };
        self
    }

    /// How many items of how many bytes one commit holds at most; 10,000 and 256 MiB unless said otherwise. A larger one is
    /// [`ErrorKind::TooLarge`].
    ///
    /// ```
    /// # use etag_sqlite::SqliteStore;
    /// let options = SqliteStore::builder("board.db").batch(100, 1 << 20);
    /// ```
    pub fn batch(mut self, items: usize, bytes: usize) -> Self {
        self.batch = BatchBounds { items, bytes };
        self
    }

    /// The clock, the randomness and the digest key.
    ///
    /// ```
    /// # use etag_core::Environment;
    /// # use etag_sqlite::SqliteStore;
    /// let options = SqliteStore::builder("board.db").environment(Environment::system());
    /// ```
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// The documents are in tables that the file has already, through this repository, and the store's own tables beside
    /// them. The file is put into WAL mode, and stays there; its application id and user version are left alone.
    ///
    /// ```no_run
    /// # use bytes::Bytes;
    /// # use etag_core::{Error, Head, Key, Row, Scan};
    /// # use etag_sqlite::rusqlite::{Connection, Result};
    /// use etag_sqlite::{Repository, SqliteStore};
    ///
    /// struct Bookkeeping;
    ///
    /// impl Repository for Bookkeeping {
    ///     // …
    /// #     fn row(&self, _: &Connection, _: &Key) -> Result<Option<Row>> { Ok(None) }
    /// #     fn page(&self, _: &Connection, _: &Scan) -> Result<Vec<Row>> { Ok(vec![]) }
    /// #     fn children(&self, _: &Connection, _: &Key, _: usize) -> Result<Vec<Head>> { Ok(vec![]) }
    /// #     fn write(&self, _: &Connection, _: &Head, _: &Bytes, _: Option<&Head>) -> Result<()> { Ok(()) }
    /// #     fn remove(&self, _: &Connection, _: &Head) -> Result<()> { Ok(()) }
    /// }
    ///
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let store = SqliteStore::builder("books.db").repository(Bookkeeping).open().await?;
    /// # Ok::<(), Error>(()) }).unwrap();
    /// ```
    pub fn repository(mut self, repository: impl Repository) -> Self {
        self.tables = Tables::Theirs(Arc::new(repository));
        self
    }

    /// Opens the file, or makes it.
    ///
    /// # Errors
    /// As for [`SqliteStore::open`].
    ///
    /// ```
    /// # use etag_sqlite::SqliteStore;
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let error = SqliteStore::builder("no/such/directory/board.db").open().await.unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "no/such/directory/board.db: the directory no/such/directory does not exist; make it first"
    /// );
    /// # });
    /// ```
    pub async fn open(self) -> Result<SqliteStore, Error> {
        SqliteStore::open_with(self).await
    }

    pub(crate) fn flush(&self) -> Flush {
        match self.durability {
            Durability::Power => Flush::EachCommit,
            Durability::Kill | Durability::Process => Flush::Later,
        }
    }

    /// What the opened store promises, which may be more than was asked for.
    pub(crate) fn promised(&self) -> Durability {
        self.durability.max(Durability::Kill)
    }
}

const MOST_READERS: NonZeroUsize = NonZeroUsize::new(4).expect("4 is not 0");

impl BatchBounds {
    /// The bytes of a batch that is within the bounds.
    pub(crate) fn check(self, batch: &Batch) -> Result<usize, Error> {
        let items = batch.items().len();
        if items > self.items {
            return Err(too_large(format!("a commit of {items} items; at most {} are taken at once", self.items)));
        }
        let bytes = batch.items().iter().map(body_length).sum();
        if bytes > self.bytes {
            return Err(too_large(format!("a commit of {bytes} bytes; at most {} are taken at once", self.bytes)));
        }
        Ok(bytes)
    }
}

fn too_large(message: String) -> Error {
    Error::new(ErrorKind::TooLarge, message)
}

fn body_length(item: &Item) -> usize {
    if let Item::Put(put) = item { put.body.len() } else { 0 }
}
