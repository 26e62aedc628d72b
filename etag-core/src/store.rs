//! The store: read, scan, and one way to write.

use std::sync::Arc;

use async_trait::async_trait;

use crate::{Batch, Committed, Coordinator, Error, Head, Key, LedgerEntry, LedgerKey, Row, StoredTag};

/// Where resources are kept.
///
/// # Contract
/// * `commit` compares and writes in one atomic step of the engine: either every item's expectation is met and all is
///   written, or nothing is written and [`Error::conflicts`] names every item that failed with the state it met, read in
///   the same transaction (rules S1, S2).
/// * An item meets the state at the start of the batch as changed by the items before it (rule B1). A delete of what is
///   absent is a conflict.
/// * A revision is drawn for each state that is written and never again (rule T5). A put whose content is stored already
///   draws none, if [`IfUnchanged::Keep`](crate::IfUnchanged::Keep) (rule P7).
/// * Once `commit` has answered, every read and every commit that begins later sees what it wrote, and it survives what
///   the store promises to survive.
/// * A dropped future leaves its commit wholly done or not done (rule S8).
/// * Transient faults are retried inside; one that stays is [`ErrorKind::Unavailable`](crate::ErrorKind::Unavailable), and
///   a commit of which the store can't find out is [`ErrorKind::Unknown`](crate::ErrorKind::Unknown) (rule S6).
/// * No method blocks the thread of an async runtime.
///
/// [`StoreExt`](crate::StoreExt) has the typed methods. An `Arc` of a store is a store.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// The resource, where there is one.
    ///
    /// # Errors
    /// Only faults of the engine; absence is `None`.
    async fn read(&self, key: &Key) -> Result<Option<Row>, Error>;

    /// The resource without its body, where there is one.
    ///
    /// # Errors
    /// As for [`read`](Self::read).
    async fn head(&self, key: &Key) -> Result<Option<Head>, Error> {
        Ok(self.read(key).await?.map(|row| row.head))
    }

    /// One page of a collection in the order in which its resources were created.
    ///
    /// # Errors
    /// As for [`read`](Self::read).
    async fn scan(&self, scan: &Scan) -> Result<Page<Row>, Error>;

    /// The ids and tags of one page, from an index alone (rule H4): it costs no body.
    ///
    /// # Errors
    /// As for [`read`](Self::read).
    async fn scan_tags(&self, scan: &Scan) -> Result<Page<TagEntry>, Error>;

    /// Does all of a batch, or nothing.
    ///
    /// # Errors
    /// A rejected batch ([`Error::is_rejected`]), a ledger key that is reused or in flight, or a fault of the engine.
    async fn commit(&self, batch: Batch) -> Result<Committed, Error>;

    /// What the commit under this idempotency key did, where it is still known (rule P6).
    ///
    /// # Errors
    /// As for [`read`](Self::read).
    async fn recall(&self, key: &LedgerKey) -> Result<Option<LedgerEntry>, Error>;

    /// Another handle on this store, for work that outlives the caller's future.
    fn handle(&self) -> Arc<dyn Store>;

    /// What the callers of one process share of this store.
    fn coordinator(&self) -> &Coordinator;

    /// What the store can do beyond what every store must.
    fn capabilities(&self) -> Capabilities;

    /// Waits until every commit that was begun is answered, then refuses further ones with
    /// [`ErrorKind::Unavailable`](crate::ErrorKind::Unavailable). A store that lets go of its file or its connections may
    /// refuse reads from then on, too.
    async fn close(&self);
}

/// What a store can do beyond what every store must do. Every store must read, scan, commit batches of any keys and all
/// expectations atomically, keep a ledger, and never reissue a revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Capabilities {
    /// How long an acknowledged commit lives.
    pub durability: Durability,
}

impl Capabilities {
    /// A store whose commits live this long.
    pub const fn new(durability: Durability) -> Self {
        Self { durability }
    }
}

/// How long an acknowledged commit lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Durability {
    /// As long as the process.
    Process,
    /// Through a kill of the process; a loss of power may take the last ones.
    Kill,
    /// Through a loss of power.
    Power,
}

/// Which page of which collection.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Scan {
    /// The collection.
    pub collection: std::borrow::Cow<'static, str>,
    /// Only what comes after this place.
    pub after: Option<Cursor>,
    /// How many at most; at least 1.
    pub limit: usize,
}

impl Scan {
    /// The first `limit` resources of `collection`.
    pub fn new(collection: impl Into<std::borrow::Cow<'static, str>>, limit: usize) -> Self {
        Self { collection: collection.into(), after: None, limit: limit.max(1) }
    }

    /// The page that comes after this place.
    #[must_use]
    pub fn after(mut self, cursor: Option<Cursor>) -> Self {
        self.after = cursor;
        self
    }
}

/// A place in a collection: between what was created up to then and what was created since. It stays valid whatever is
/// created, changed or deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor(pub u64);

/// One page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<Cursor>,
}

/// A resource's id and tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagEntry {
    /// The id.
    pub id: Arc<str>,
    /// The tag.
    pub tag: StoredTag,
}

macro_rules! stores_through {
    ($($pointer:ty),*) => {$(
        #[async_trait]
        impl<S: Store + ?Sized> Store for $pointer {
            async fn read(&self, key: &Key) -> Result<Option<Row>, Error> {
                (**self).read(key).await
            }

            async fn head(&self, key: &Key) -> Result<Option<Head>, Error> {
                (**self).head(key).await
            }

            async fn scan(&self, scan: &Scan) -> Result<Page<Row>, Error> {
                (**self).scan(scan).await
            }

            async fn scan_tags(&self, scan: &Scan) -> Result<Page<TagEntry>, Error> {
                (**self).scan_tags(scan).await
            }

            async fn commit(&self, batch: Batch) -> Result<Committed, Error> {
                (**self).commit(batch).await
            }

            async fn recall(&self, key: &LedgerKey) -> Result<Option<LedgerEntry>, Error> {
                (**self).recall(key).await
            }

            fn handle(&self) -> Arc<dyn Store> {
                (**self).handle()
            }

            fn coordinator(&self) -> &Coordinator {
                (**self).coordinator()
            }

            fn capabilities(&self) -> Capabilities {
                (**self).capabilities()
            }

            async fn close(&self) {
                (**self).close().await;
            }
        }
    )*};
}

stores_through!(Arc<S>);
