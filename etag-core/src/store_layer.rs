//! Stores that do something besides what another store does.

use std::{fmt, sync::Arc};

use async_trait::async_trait;

use crate::{
    Batch, Capabilities, Committed, Coordinator, Error, Head, Key, LedgerEntry, LedgerKey, Page, Row, Scan, Store,
    TagEntry,
};

/// What is done besides what a store does: all of its methods pass the call on, and a layer has those of its own where it does
/// more. [`Layered`] makes a store of it.
///
/// # Contract
/// That of [`Store`]: a layer may look at what passes, refuse it, or wait; it does not answer from memory what the store below
/// would answer otherwise (rule S5). Whoever overrides [`read`](Self::read) overrides [`head`](Self::head), too, and with
/// [`scan`](Self::scan) goes [`scan_tags`](Self::scan_tags).
///
/// Callers of [`modify`](crate::StoreExt::modify) share commits with those of the same [`Layered`] and its clones, and not with
/// those of the store below: what passes a layer is what was done through it.
///
/// ```
/// use std::sync::{Arc, atomic::{AtomicUsize, Ordering}};
///
/// use async_trait::async_trait;
/// use etag_core::{Batch, Committed, Error, Layered, MemoryStore, Store, StoreExt, StoreLayer};
/// # use etag_core::Versioned;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Serialize, Deserialize, Versioned)]
/// # #[versioned(collection = "notes", validator = revision)]
/// # struct Note { #[versioned(id)] id: u64 }
///
/// /// Counts what is written.
/// #[derive(Clone)]
/// struct Counting {
///     below: Arc<dyn Store>,
///     written: Arc<AtomicUsize>,
/// }
///
/// #[async_trait]
/// impl StoreLayer for Counting {
///     fn below(&self) -> &dyn Store {
///         &self.below
///     }
///
///     async fn commit(&self, batch: Batch) -> Result<Committed, Error> {
///         let committed = self.below.commit(batch).await?;
///         self.written.fetch_add(committed.items.len(), Ordering::Relaxed);
///         Ok(committed)
///     }
/// }
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let counting = Counting { below: Arc::new(MemoryStore::new()), written: Arc::default() };
/// let store = Layered::new(counting.clone());
/// store.create(&Note { id: 1 }).await?;
/// assert_eq!(counting.written.load(Ordering::Relaxed), 1);
/// # Ok::<(), Error>(()) }).unwrap();
/// ```
#[async_trait]
pub trait StoreLayer: Clone + Send + Sync + 'static {
    /// The store that it lies on.
    fn below(&self) -> &dyn Store;

    /// [`Store::read`]
    async fn read(&self, key: &Key) -> Result<Option<Row>, Error> {
        self.below().read(key).await
    }

    /// [`Store::head`]
    async fn head(&self, key: &Key) -> Result<Option<Head>, Error> {
        self.below().head(key).await
    }

    /// [`Store::scan`]
    async fn scan(&self, scan: &Scan) -> Result<Page<Row>, Error> {
        self.below().scan(scan).await
    }

    /// [`Store::scan_tags`]
    async fn scan_tags(&self, scan: &Scan) -> Result<Page<TagEntry>, Error> {
        self.below().scan_tags(scan).await
    }

    /// [`Store::commit`]
    async fn commit(&self, batch: Batch) -> Result<Committed, Error> {
        self.below().commit(batch).await
    }

    /// [`Store::recall`]
    async fn recall(&self, key: &LedgerKey) -> Result<Option<LedgerEntry>, Error> {
        self.below().recall(key).await
    }
}

/// The store that a [`StoreLayer`] is, with the one below it.
#[derive(Clone)]
pub struct Layered<L> {
    layer: L,
    coordinator: Arc<Coordinator>,
}

impl<L: StoreLayer> Layered<L> {
    /// The store that `layer` makes of the one below it. Clones are the same store.
    pub fn new(layer: L) -> Self {
        let environment = layer.below().coordinator().environment().clone();
        Self { layer, coordinator: Arc::new(Coordinator::new(environment)) }
    }

    /// The layer.
    pub fn layer(&self) -> &L {
        &self.layer
    }
}

#[async_trait]
impl<L: StoreLayer> Store for Layered<L> {
    async fn read(&self, key: &Key) -> Result<Option<Row>, Error> {
        self.layer.read(key).await
    }

    async fn head(&self, key: &Key) -> Result<Option<Head>, Error> {
        self.layer.head(key).await
    }

    async fn scan(&self, scan: &Scan) -> Result<Page<Row>, Error> {
        self.layer.scan(scan).await
    }

    async fn scan_tags(&self, scan: &Scan) -> Result<Page<TagEntry>, Error> {
        self.layer.scan_tags(scan).await
    }

    async fn commit(&self, batch: Batch) -> Result<Committed, Error> {
        self.layer.commit(batch).await
    }

    async fn recall(&self, key: &LedgerKey) -> Result<Option<LedgerEntry>, Error> {
        self.layer.recall(key).await
    }

    fn handle(&self) -> Arc<dyn Store> {
        Arc::new(self.clone())
    }

    fn coordinator(&self) -> &Coordinator {
        &self.coordinator
    }

    fn capabilities(&self) -> Capabilities {
        self.layer.below().capabilities()
    }

    async fn close(&self) {
        self.layer.below().close().await;
    }
}

impl<L> fmt::Debug for Layered<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Layered").finish_non_exhaustive()
    }
}
