//! What a handler writes to while its request is one of several that happen together.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use etag_core::Store;

/// The store of a request that happens together with others, all or none. It is in the extensions of such a request, and
/// of no other.
///
/// A handler that writes to this store in place of its own needs to know nothing else: its commit waits for the others, is
/// made with theirs, and is answered as any commit is ([`UnitOfWork`](etag_core::UnitOfWork)). A handler that does not look
/// for it writes at once, and is not undone where one of the others fails.
///
/// ```
/// use std::sync::Arc;
/// use axum::Extension;
/// use etag_axum::UnitStore;
/// use etag_core::{MemoryStore, Store};
///
/// fn store_for(unit: Option<&Extension<UnitStore>>, own: &Arc<dyn Store>) -> Arc<dyn Store> {
///     Arc::clone(unit.map_or(own, |Extension(unit)| unit.store()))
/// }
///
/// let own: Arc<dyn Store> = Arc::new(MemoryStore::new());
/// assert!(Arc::ptr_eq(&store_for(None, &own), &own));
/// ```
#[derive(Clone)]
pub struct UnitStore {
    store: Arc<dyn Store>,
    announced: Arc<Mutex<Option<String>>>,
}

impl UnitStore {
    pub(crate) fn new(store: Arc<dyn Store>) -> Self {
        Self { store, announced: Arc::default() }
    }

    /// The store, which sees what the requests before this one are about to write.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// Tells the URI of the resource that this request creates, so that later ones can refer to it. To be called before the
    /// commit, since the answer that has it in a header comes after all of them.
    pub fn announce(&self, uri: impl Into<String>) {
        *self.announced.lock().unwrap_or_else(PoisonError::into_inner) = Some(uri.into());
    }

    /// The URI that was announced.
    pub(crate) fn announced(&self) -> Option<String> {
        self.announced.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl fmt::Debug for UnitStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnitStore").field("announced", &self.announced()).finish_non_exhaustive()
    }
}
