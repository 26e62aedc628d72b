//! The store of [`etag_core`] in a SQLite file.
//!
//! Every write is conditional and atomic, and many callers share one transaction and one flush to the disk, so that the
//! safe way is the fast one. The file is an ordinary SQLite database in WAL mode: the documents are JSON in the table
//! `documents`, which any SQLite tool may read.
//!
//! ```
//! use etag_core::{Batch, ContentDigest, Error, Expectation, Key, Put, Store, TagPlan};
//! use etag_sqlite::SqliteStore;
//!
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! # let path = std::env::temp_dir().join(format!("etag-sqlite-crate-{}.db", std::process::id()));
//! let store = SqliteStore::open(&path).await?;
//! let key = Key::new("notes", "1");
//! let write = |text: u8, expectation| {
//!     let content = ContentDigest::from_bytes([text; 16]);
//!     Batch::new().put(Put::new(key.clone(), expectation, TagPlan::Revision, content, 1, vec![b'{', b'}'].into()))
//! };
//! store.commit(write(1, Expectation::Absent)).await?;
//! let tag = store.head(&key).await?.unwrap().tag;
//! store.commit(write(2, Expectation::matches(tag.clone()))).await?;
//! // Whoever else has read the first state is told that it is gone.
//! assert!(store.commit(write(3, Expectation::matches(tag))).await.unwrap_err().is_stale());
//! # store.close().await; drop(store); let _ = std::fs::remove_file(path);
//! # Ok::<(), Error>(()) }).unwrap();
//! ```
//!
//! # What survives
//! By default ([`Durability::Power`](etag_core::Durability::Power), SQLite's `synchronous=FULL`) a commit is answered when
//! the disk has confirmed it: it survives a kill of the process, a crash of the system and a loss of power, as far as the
//! disk tells the truth. With [`Durability::Kill`](etag_core::Durability::Kill) (`synchronous=NORMAL`) it survives a kill
//! of the process, and a loss of power may take the last commits, though never half of one. With both no revision is ever
//! given out twice (rule T5).
//!
//! # More than one process
//! A second process may open the same file on the same machine: each group of commits takes the file's write lock before it
//! reads what it compares with. Commits of two processes wait for one another for the
//! [busy timeout](Options::busy_timeout) at most. Not on a network drive: SQLite's log needs memory that the processes share.
//! The queue in which callers of [`modify`](etag_core::StoreExt::modify) wait for one another is one for each process.
//!
//! # Tables of one's own
//! The documents may be in tables that another program made, with columns of their own: implement [`Repository`] over them,
//! and open the store with [`Options::repository`]. Families, the ledger and change logs are the store's all the same.
//!
//! # Statements of one's own
//! [`SqliteStore::commit_with`] does a batch together with statements on other tables of the same file, in one transaction.
//!
//! # Backup and restore
//! Back up with SQLite's own means, as `sqlite3 board.db ".backup copy.db"` or `VACUUM INTO`, which may be done while the
//! store is in use, or copy the file after [`close`](etag_core::Store::close) and the end of every process that has it open.
//! To restore, end every process that has the file open, put the backup in its place, remove the files that end in `-wal`
//! and `-shm`, and call [`SqliteStore::rotate_epoch`] once before clients come back: the backup's counter would repeat
//! revisions that clients still hold tags of.
//!
//! # Threads
//! One thread writes and a few read ([`Options::readers`]); no task of an async runtime ever waits for the disk, and any
//! runtime will do. Reads never wait for the writer. [`close`](etag_core::Store::close) waits until all that was begun is
//! answered and the file is closed, its log folded in; from then on reads are refused as commits are. Dropping the last
//! handle does the same without waiting.

mod alongside;
mod changes;
mod connection;
mod documents;
mod error;
mod group;
mod ledger;
mod meta;
mod migrations;
mod numbers;
mod options;
mod pages;
mod patience;
mod queue;
mod readers;
mod repository;
mod store;
mod transaction;
mod writer;

pub use options::Options;
pub use repository::{Repository, StoredHead};
pub use rusqlite;
pub use store::SqliteStore;
