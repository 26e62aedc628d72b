//! The store's handle.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
    thread,
};

use async_trait::async_trait;
use etag_core::{
    Batch, Capabilities, Committed, Coordinator, Durability, Epoch, Error, ErrorKind, Head, Key, LedgerEntry,
    LedgerKey, Page, Row, Scan, Store, TagEntry,
};
use rusqlite::Connection;
use tokio::sync::{oneshot, watch};

use crate::{
    alongside::{Guard, Statements},
    connection::{open_reader, open_writer},
    error::{Fault, closed},
    group::Member,
    ledger,
    options::{BatchBounds, Options},
    pages,
    queue::Queue,
    readers::Readers,
    repository::{Repository, Tables},
    writer::{Work, Writer},
};

/// A store in a SQLite file. Cloning it gives another handle on the same store; when the last one is dropped its threads
/// end.
///
/// See the [crate](crate) for what it promises.
///
/// ```
/// use etag_core::{Batch, ContentDigest, Error, Expectation, Key, Put, Store, TagPlan};
/// use etag_sqlite::SqliteStore;
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// # let path = std::env::temp_dir().join(format!("etag-sqlite-store-{}.db", std::process::id()));
/// let store = SqliteStore::open(&path).await?;
/// let key = Key::new("notes", "1");
/// let content = ContentDigest::from_bytes([1; 16]);
/// let put = Put::new(key.clone(), Expectation::Absent, TagPlan::Revision, content, 1, r#"{"id":"1"}"#.into());
/// store.commit(Batch::new().put(put)).await?;
/// assert_eq!(store.read(&key).await?.unwrap().body, r#"{"id":"1"}"#);
/// # store.close().await; drop(store); let _ = std::fs::remove_file(path);
/// # Ok::<(), Error>(()) }).unwrap();
/// ```
#[derive(Clone)]
pub struct SqliteStore(Arc<Shared>);

struct Shared {
    file: PathBuf,
    coordinator: Coordinator,
    durability: Durability,
    batch: BatchBounds,
    tables: Tables,
    readers: Readers,
    writer: Arc<Queue<Work>>,
    /// Ends when all threads have.
    running: watch::Receiver<()>,
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.writer.close();
    }
}

impl SqliteStore {
    /// Opens the store in the file at `path`, or makes it, with every default of [`Options`].
    ///
    /// # Errors
    /// [`ErrorKind::Misconfigured`] where the file or its directory may not be written, the directory does not exist, the
    /// file is a database of another application or of a newer version of this crate; [`ErrorKind::Corrupt`] where it is no
    /// SQLite database or a damaged one; [`ErrorKind::Unavailable`] where another process keeps it locked. The text names
    /// the file.
    ///
    /// ```
    /// # use etag_core::{Error, ErrorKind, Store};
    /// use etag_sqlite::SqliteStore;
    ///
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// # let path = std::env::temp_dir().join(format!("etag-sqlite-open-{}.db", std::process::id()));
    /// let store = SqliteStore::open(&path).await?;
    /// # store.close().await; drop(store); let _ = std::fs::remove_file(path);
    /// assert_eq!(SqliteStore::open(":memory:").await.unwrap_err().kind(), ErrorKind::Misconfigured);
    /// # Ok::<(), Error>(()) }).unwrap();
    /// ```
    pub async fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        Self::builder(path).open().await
    }

    /// The options to open the store at `path` with.
    ///
    /// ```
    /// use etag_core::Durability;
    /// use etag_sqlite::SqliteStore;
    ///
    /// let options = SqliteStore::builder("board.db").durability(Durability::Kill);
    /// ```
    pub fn builder(path: impl AsRef<Path>) -> Options {
        Options::new(path.as_ref().to_owned())
    }

    /// Opening waits for the disk, so it is done on the thread that writes later on.
    pub(crate) async fn open_with(options: Options) -> Result<Self, Error> {
        let (answer, opened) = oneshot::channel();
        let file = options.path.clone();
        let thread = thread::Builder::new().name("etag-sqlite-writer".into());
        let spawned = thread.spawn(move || match start(&options) {
            Ok((writer, store, running)) => {
                let queue = Arc::clone(&store.0.writer);
                // Whoever went away meanwhile drops the store, which closes the queue.
                let _ = answer.send(Ok(store));
                writer.run(&queue, running);
            }
            Err(error) => {
                let _ = answer.send(Err(error));
            }
        });
        spawned.map_err(|error| no_thread(&file, error))?;
        opened.await.unwrap_or_else(|_| Err(closed(&file)))
    }

    /// Draws a new epoch, from which all further revisions are, and tells it. For an operator to call once after the file
    /// was restored from a backup, before clients come back.
    ///
    /// The restored counter repeats numbers that clients hold tags of. With another epoch in the tag none of those matches a
    /// state that is written from now on (rule T5). Tags of states that are in the backup stay valid.
    ///
    /// # Errors
    /// [`ErrorKind::Unavailable`] where the store is closed or the file locked, and faults of the engine.
    ///
    /// ```
    /// # use etag_core::{Error, Store};
    /// use etag_sqlite::SqliteStore;
    ///
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// # let path = std::env::temp_dir().join(format!("etag-sqlite-rotate-{}.db", std::process::id()));
    /// let store = SqliteStore::open(&path).await?;
    /// let first = store.rotate_epoch().await?;
    /// assert_ne!(store.rotate_epoch().await?, first);
    /// # store.close().await; drop(store); let _ = std::fs::remove_file(path);
    /// # Ok::<(), Error>(()) }).unwrap();
    /// ```
    pub async fn rotate_epoch(&self) -> Result<Epoch, Error> {
        let (answer, answered) = oneshot::channel();
        self.ask(Work::RotateEpoch(answer))?;
        answered.await.unwrap_or_else(|_| Err(self.writer_stopped()))
    }

    /// Hands a commit to the thread that writes.
    pub(crate) async fn join(&self, batch: Batch, statements: Option<Statements>) -> Result<Committed, Error> {
        let bytes = self.0.batch.check(&batch)?;
        let (answer, answered) = oneshot::channel();
        self.ask(Work::Commit(Member { batch, bytes, statements, answer }))?;
        answered.await.unwrap_or_else(|_| Err(self.writer_stopped()))
    }

    /// The file that the store is in.
    ///
    /// ```
    /// # use etag_core::{Error, Store};
    /// # use etag_sqlite::SqliteStore;
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// # let path = std::env::temp_dir().join(format!("etag-sqlite-file-{}.db", std::process::id()));
    /// let store = SqliteStore::open(&path).await?;
    /// assert_eq!(store.file(), path);
    /// # store.close().await; drop(store); let _ = std::fs::remove_file(path);
    /// # Ok::<(), Error>(()) }).unwrap();
    /// ```
    pub fn file(&self) -> &Path {
        &self.0.file
    }

    /// What `read` finds in the documents.
    async fn look<T, R>(&self, read: R) -> Result<T, Error>
    where
        T: Send + 'static,
        R: FnOnce(&dyn Repository, &Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let tables = self.0.tables.clone();
        self.0.readers.run(move |connection| read(tables.repository(), connection)).await
    }

    fn ask(&self, work: Work) -> Result<(), Error> {
        self.0.writer.push(work).map_err(|_| closed(&self.0.file))
    }

    fn writer_stopped(&self) -> Error {
        let file = self.0.file.display();
        Error::new(ErrorKind::Unknown, format!("{file}: the thread that writes stopped before it answered"))
    }
}

fn start(options: &Options) -> Result<(Writer, SqliteStore, watch::Sender<()>), Error> {
    let mut connection = open_writer(options)?;
    let guard = Guard::on(&mut connection).map_err(|error| Fault::new(&options.path, error).to_error())?;
    let connections = (0..options.readers.get()).map(|_| open_reader(options)).collect::<Result<_, _>>()?;
    let (ends, running) = watch::channel(());
    let started = Readers::start(connections, options.path.clone());
    let (readers, reading) = started.map_err(|error| no_thread(&options.path, error))?;
    let shared = Shared {
        file: options.path.clone(),
        coordinator: Coordinator::new(options.environment.clone()),
        durability: options.promised(),
        batch: options.batch,
        tables: options.tables.clone(),
        readers,
        writer: Arc::new(Queue::new()),
        running,
    };
    Ok((Writer::new(connection, guard, reading, options), SqliteStore(Arc::new(shared)), ends))
}

fn no_thread(file: &Path, error: std::io::Error) -> Error {
    let message = format!("{}: the system gives no thread to the store: {error}", file.display());
    Error::new(ErrorKind::Engine, message).with_source(error)
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SqliteStore({})", self.0.file.display())
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn read(&self, key: &Key) -> Result<Option<Row>, Error> {
        let key = key.clone();
        self.look(move |repository, connection| repository.row(connection, &key)).await
    }

    async fn head(&self, key: &Key) -> Result<Option<Head>, Error> {
        let key = key.clone();
        self.look(move |repository, connection| repository.head(connection, &key)).await
    }

    async fn scan(&self, scan: &Scan) -> Result<Page<Row>, Error> {
        let scan = scan.clone();
        self.look(move |repository, connection| pages::rows(repository, connection, &scan)).await
    }

    async fn scan_tags(&self, scan: &Scan) -> Result<Page<TagEntry>, Error> {
        let scan = scan.clone();
        self.look(move |repository, connection| pages::tags(repository, connection, &scan)).await
    }

    async fn commit(&self, batch: Batch) -> Result<Committed, Error> {
        self.join(batch, None).await
    }

    async fn recall(&self, key: &LedgerKey) -> Result<Option<LedgerEntry>, Error> {
        let (key, now) = (key.clone(), self.0.coordinator.environment().now());
        self.0.readers.run(move |connection| ledger::recall(connection, &key, now)).await
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
        self.0.writer.close();
        self.0.readers.close();
        // Nothing is ever sent: the end of the last thread ends it.
        while self.0.running.clone().changed().await.is_ok() {}
    }
}
