//! The store: read, scan, and one way to write.

use std::sync::Arc;

use async_trait::async_trait;

use crate::{Batch, Committed, Coordinator, Error, Head, Key, LedgerEntry, LedgerKey, Parents, Row, StoredTag};

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
///
/// ```
/// # use etag_core::*;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
/// # #[versioned(collection = "notes", validator = revision)]
/// # struct Note { #[versioned(id)] id: String, text: String }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let store = MemoryStore::new();
/// let note = Note { id: "1".into(), text: "milk".into() };
/// let put = put_document(&store, &note, Expectation::Absent)?;
/// store.commit(Batch::new().put(put.clone())).await?;
/// assert_eq!(store.read(&put.key).await?.map(|row| row.body), Some(put.body.clone()));
///
/// let error = store.commit(Batch::new().put(put)).await.unwrap_err();
/// assert!(error.is_already_exists());
/// # Ok::<(), Error>(()) }).unwrap();
/// ```
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// The resource, where there is one.
    ///
    /// # Errors
    /// Only faults of the engine; absence is `None`.
    ///
    /// ```
    /// # use etag_core::*;
    /// # use serde::{Deserialize, Serialize};
    /// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note { #[versioned(id)] id: String, text: String }
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let store = MemoryStore::new();
    /// let note = store.create(&Note { id: "1".into(), text: "milk".into() }).await?;
    /// let row = store.read(&note.key()).await?;
    /// assert_eq!(row.map(|row| row.body), Some(r#"{"id":"1","text":"milk"}"#.into()));
    /// assert!(store.read(&Key::new("notes", "2")).await?.is_none());
    /// # Ok::<(), Error>(()) }).unwrap();
    /// ```
    async fn read(&self, key: &Key) -> Result<Option<Row>, Error>;

    /// The resource without its body, where there is one.
    ///
    /// # Errors
    /// As for [`read`](Self::read).
    ///
    /// ```
    /// # use etag_core::*;
    /// # use serde::{Deserialize, Serialize};
    /// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note { #[versioned(id)] id: String, text: String }
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let store = MemoryStore::new();
    /// let note = store.create(&Note { id: "1".into(), text: "milk".into() }).await?;
    /// assert_eq!(store.head(&note.key()).await?.as_ref(), Some(note.head()));
    /// # Ok::<(), Error>(()) }).unwrap();
    /// ```
    async fn head(&self, key: &Key) -> Result<Option<Head>, Error> {
        Ok(self.read(key).await?.map(|row| row.head))
    }

    /// One page of a collection in the order in which its resources were created.
    ///
    /// # Errors
    /// As for [`read`](Self::read).
    ///
    /// ```
    /// # use etag_core::*;
    /// # use serde::{Deserialize, Serialize};
    /// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note { #[versioned(id)] id: String, text: String }
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let store = MemoryStore::new();
    /// for id in ["b", "a", "c"] {
    ///     store.create(&Note { id: id.into(), text: String::new() }).await?;
    /// }
    /// let scan = Scan::new("notes", 2);
    /// let first = store.scan(&scan).await?;
    /// assert_eq!(first.items.iter().map(|row| row.head.key.id()).collect::<Vec<_>>(), ["b", "a"]);
    ///
    /// let second = store.scan(&scan.after(first.next)).await?;
    /// assert_eq!((second.items.len(), second.next), (1, None));
    /// # Ok::<(), Error>(()) }).unwrap();
    /// ```
    async fn scan(&self, scan: &Scan) -> Result<Page<Row>, Error>;

    /// The ids and tags of one page, from an index alone (rule H4): it costs no body.
    ///
    /// # Errors
    /// As for [`read`](Self::read).
    ///
    /// ```
    /// # use etag_core::*;
    /// # use serde::{Deserialize, Serialize};
    /// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note { #[versioned(id)] id: String, text: String }
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let store = MemoryStore::new();
    /// let note = store.create(&Note { id: "1".into(), text: "milk".into() }).await?;
    /// let page = store.scan_tags(&Scan::new("notes", 10)).await?;
    /// assert_eq!(page.items, [TagEntry { id: "1".into(), tag: note.head().tag.clone() }]);
    /// # Ok::<(), Error>(()) }).unwrap();
    /// ```
    async fn scan_tags(&self, scan: &Scan) -> Result<Page<TagEntry>, Error>;

    /// Does all of a batch, or nothing.
    ///
    /// # Errors
    /// A rejected batch ([`Error::is_rejected`]), a ledger key that is reused or in flight, or a fault of the engine.
    ///
    /// ```
    /// # use etag_core::*;
    /// # use serde::{Deserialize, Serialize};
    /// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note { #[versioned(id)] id: String, text: String }
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let store = MemoryStore::new();
    /// let note = store.create(&Note { id: "1".into(), text: "milk".into() }).await?;
    /// let gone = Delete::new(note.key(), Expectation::At(note.revision()));
    /// let absent = Delete::new(Key::new("notes", "2"), Expectation::Unconditional);
    /// let error = store.commit(Batch::new().delete(gone).delete(absent)).await.unwrap_err();
    /// assert_eq!(error.conflicts()[0].item, 1);
    ///
    /// // The first item's expectation was met, and nothing was written.
    /// assert!(store.head(&note.key()).await?.is_some());
    /// # Ok::<(), Error>(()) }).unwrap();
    /// ```
    async fn commit(&self, batch: Batch) -> Result<Committed, Error>;

    /// What the commit under this idempotency key did, where it is still known (rule P6).
    ///
    /// # Errors
    /// As for [`read`](Self::read).
    ///
    /// ```
    /// # use etag_core::*;
    /// # use serde::{Deserialize, Serialize};
    /// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note { #[versioned(id)] id: String, text: String }
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let store = MemoryStore::new();
    /// let key = LedgerKey { principal: "ada".into(), key: "k1".into() };
    /// let (fingerprint, keep_for) = (ContentDigest::from_bytes([1; 16]), std::time::Duration::from_secs(3600));
    /// let claim = LedgerClaim { key: key.clone(), fingerprint, keep_for };
    /// assert!(store.recall(&key).await?.is_none());
    /// store.commit(Batch::new().once(claim)).await?;
    /// assert_eq!(store.recall(&key).await?.map(|entry| entry.fingerprint), Some(fingerprint));
    /// # Ok::<(), Error>(()) }).unwrap();
    /// ```
    async fn recall(&self, key: &LedgerKey) -> Result<Option<LedgerEntry>, Error>;

    /// Another handle on this store, for work that outlives the caller's future.
    ///
    /// ```
    /// # use etag_core::*;
    /// # use serde::{Deserialize, Serialize};
    /// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note { #[versioned(id)] id: String, text: String }
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let store = MemoryStore::new();
    /// let note = store.create(&Note { id: "1".into(), text: "milk".into() }).await?;
    /// let handle = store.handle();
    /// drop(store);
    /// assert!(handle.head(&note.key()).await?.is_some());
    /// # Ok::<(), Error>(()) }).unwrap();
    /// ```
    fn handle(&self) -> Arc<dyn Store>;

    /// What the callers of one process share of this store.
    fn coordinator(&self) -> &Coordinator;

    /// What the store can do beyond what every store must.
    fn capabilities(&self) -> Capabilities;

    /// Waits until every commit that was begun is answered, then refuses further ones with
    /// [`ErrorKind::Unavailable`](crate::ErrorKind::Unavailable). A store that lets go of its file or its connections may
    /// refuse reads from then on, too.
    ///
    /// ```
    /// # use etag_core::*;
    /// # use serde::{Deserialize, Serialize};
    /// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note { #[versioned(id)] id: String, text: String }
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let store = MemoryStore::new();
    /// store.close().await;
    /// let error = store.commit(Batch::new()).await.unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Unavailable);
    /// # Ok::<(), Error>(()) }).unwrap();
    /// ```
    async fn close(&self);
}

/// What a store can do beyond what every store must do. Every store must read, scan, commit batches of any keys and all
/// expectations atomically, keep a ledger, and never reissue a revision.
///
/// ```
/// use etag_core::{Durability, MemoryStore, Store};
///
/// let capabilities = MemoryStore::new().capabilities();
/// assert!(capabilities.durability < Durability::Kill);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Capabilities {
    /// How long an acknowledged commit lives.
    pub durability: Durability,
}

impl Capabilities {
    /// A store whose commits live this long.
    ///
    /// ```
    /// use etag_core::{Capabilities, Durability};
    ///
    /// let capabilities = Capabilities::new(Durability::Power);
    /// assert_eq!(capabilities.durability, Durability::Power);
    /// ```
    pub const fn new(durability: Durability) -> Self {
        Self { durability }
    }
}

/// How long an acknowledged commit lives.
///
/// ```
/// use etag_core::Durability;
///
/// assert!(Durability::Process < Durability::Kill);
/// assert!(Durability::Kill < Durability::Power);
/// ```
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
///
/// ```
/// use etag_core::{Cursor, Scan};
///
/// let scan = Scan::new("notes", 50).after(Some(Cursor(7)));
/// assert_eq!(scan.collection, "notes");
/// assert_eq!(scan.after, Some(Cursor(7)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Scan {
    /// The collection.
    pub collection: std::borrow::Cow<'static, str>,
    /// Only what comes after this place.
    pub after: Option<Cursor>,
    /// How many at most; at least 1.
    pub limit: usize,
    /// Only the children of this parent.
    pub parent: Option<ParentFilter>,
}

/// Which children are listed.
///
/// ```
/// use etag_core::{Key, Scan};
///
/// let scan = Scan::new("tasks", 50).under("board", Key::new("boards", "1"));
/// assert_eq!(scan.parent.unwrap().link, "board");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParentFilter {
    /// The name of the link by which they name their parent.
    pub link: std::borrow::Cow<'static, str>,
    /// The parent.
    pub parent: Key,
}

impl ParentFilter {
    /// Whether a resource with these parents is listed.
    pub fn lets_pass(&self, parents: &Parents) -> bool {
        parents.of_link(&self.link) == Some(&self.parent)
    }
}

impl Scan {
    /// The first `limit` resources of `collection`.
    ///
    /// ```
    /// use etag_core::Scan;
    ///
    /// assert_eq!(Scan::new("notes", 50).after, None);
    /// assert_eq!(Scan::new("notes", 0).limit, 1);
    /// ```
    pub fn new(collection: impl Into<std::borrow::Cow<'static, str>>, limit: usize) -> Self {
        Self { collection: collection.into(), after: None, limit: limit.max(1), parent: None }
    }

    /// The page that comes after this place.
    ///
    /// ```
    /// use etag_core::{Cursor, Scan};
    ///
    /// let second = Scan::new("notes", 50).after(Some(Cursor(50)));
    /// assert_eq!(second.clone().after(None), Scan::new("notes", 50));
    /// ```
    #[must_use]
    pub fn after(mut self, cursor: Option<Cursor>) -> Self {
        self.after = cursor;
        self
    }

    /// Only those that name `parent` by the link with this name.
    ///
    /// ```
    /// use etag_core::{Key, Scan};
    ///
    /// let scan = Scan::new("tasks", 50).under("board", Key::new("boards", "1"));
    /// assert_eq!(scan.parent.unwrap().parent, Key::new("boards", "1"));
    /// ```
    #[must_use]
    pub fn under(mut self, link: impl Into<std::borrow::Cow<'static, str>>, parent: Key) -> Self {
        self.parent = Some(ParentFilter { link: link.into(), parent });
        self
    }
}

/// A place in a collection: between what was created up to then and what was created since. It stays valid whatever is
/// created, changed or deleted.
///
/// ```
/// use etag_core::{Cursor, Scan};
///
/// // A cursor goes to a client and comes back as a number.
/// let Cursor(place) = Cursor(7);
/// let scan = Scan::new("notes", 50).after(Some(Cursor(place)));
/// assert_eq!(scan.after, Some(Cursor(7)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor(pub u64);

/// One page.
///
/// ```
/// # use etag_core::*;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
/// # #[versioned(collection = "notes", validator = revision)]
/// # struct Note { #[versioned(id)] id: String, text: String }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let store = MemoryStore::new();
/// for id in ["a", "b", "c"] {
///     store.create(&Note { id: id.into(), text: String::new() }).await?;
/// }
/// let mut scan = Scan::new("notes", 2);
/// let mut lengths = Vec::new();
/// loop {
///     let Page { items, next } = store.scan(&scan).await?;
///     lengths.push(items.len());
///     let Some(next) = next else { break };
///     scan = scan.after(Some(next));
/// }
/// assert_eq!(lengths, [2, 1]);
/// # Ok::<(), Error>(()) }).unwrap();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<Cursor>,
}

/// A resource's id and tag.
///
/// ```
/// # use etag_core::*;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
/// # #[versioned(collection = "notes", validator = revision)]
/// # struct Note { #[versioned(id)] id: String, text: String }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let store = MemoryStore::new();
/// let note = store.create(&Note { id: "1".into(), text: "milk".into() }).await?;
/// let page = store.scan_tags(&Scan::new("notes", 10)).await?;
/// let TagEntry { id, tag } = &page.items[0];
/// assert_eq!(&**id, "1");
/// assert_eq!(&Note::MODEL.publish(tag), note.etag());
/// # Ok::<(), Error>(()) }).unwrap();
/// ```
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
