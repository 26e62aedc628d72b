//! One run of one case: its store, and names that no other run uses.

use std::sync::Arc;

use etag_core::{
    Committed, Environment, Error, Head, Key, LedgerKey, Page, Row, Scan, Store, StoredTag, Touched, Written,
};

use crate::{Ability, Backend, documents::IntoBatch};

#[derive(Clone)]
pub(crate) struct Trial {
    pub(crate) store: Arc<dyn Store>,
    names: Arc<str>,
}

impl Trial {
    pub(crate) async fn on(backend: &dyn Backend) -> Self {
        Self::within(backend, Environment::system()).await
    }

    pub(crate) async fn within(backend: &dyn Backend, environment: Environment) -> Self {
        let names = u64::from_le_bytes(environment.random_bytes());
        let store = backend.open(environment).await.expect("the backend opens a store");
        Self { store, names: format!("{names:016x}").into() }
    }

    /// The same names on another store.
    pub(crate) fn over(&self, store: Arc<dyn Store>) -> Self {
        Self { store, names: Arc::clone(&self.names) }
    }

    /// A resource of the collection in which the cases keep what has no better place.
    pub(crate) fn note(&self, id: &str) -> Key {
        self.key("notes", id)
    }

    pub(crate) fn key(&self, kind: &str, id: &str) -> Key {
        Key::new(self.collection(kind), id)
    }

    pub(crate) fn collection(&self, kind: &str) -> String {
        format!("{kind}-{}", self.names)
    }

    /// An id for a model, whose collection has one name in every run.
    pub(crate) fn id(&self, id: &str) -> String {
        format!("{id}-{}", self.names)
    }

    pub(crate) fn ledger_key(&self, key: &str) -> LedgerKey {
        LedgerKey { principal: self.names.to_string(), key: key.to_owned() }
    }

    pub(crate) async fn commit(&self, batch: impl IntoBatch) -> Result<Committed, Error> {
        self.store.commit(batch.into_batch()).await
    }

    /// Commits what can't fail.
    pub(crate) async fn done(&self, batch: impl IntoBatch) -> Committed {
        self.commit(batch).await.expect("every expectation is met")
    }

    /// Commits one item that can't fail.
    pub(crate) async fn did(&self, item: impl IntoBatch) -> Written {
        only(self.done(item).await.items)
    }

    /// Writes a document, and tells the state that it left.
    pub(crate) async fn write(&self, put: impl IntoBatch) -> Head {
        self.did(put).await.head.expect("a write leaves a state")
    }

    /// Commits what must be refused.
    pub(crate) async fn refused(&self, batch: impl IntoBatch) -> Error {
        match self.commit(batch).await {
            Ok(done) => panic!("should have been refused, and did {:?}", done.items),
            Err(error) => error,
        }
    }

    pub(crate) async fn row(&self, key: &Key) -> Option<Row> {
        self.store.read(key).await.expect("the store reads")
    }

    pub(crate) async fn find(&self, key: &Key) -> Option<Head> {
        self.store.head(key).await.expect("the store reads")
    }

    pub(crate) async fn head(&self, key: &Key) -> Head {
        self.find(key).await.unwrap_or_else(|| panic!("{key} is there"))
    }

    pub(crate) async fn tag(&self, key: &Key) -> StoredTag {
        self.head(key).await.tag
    }

    pub(crate) async fn text(&self, key: &Key) -> String {
        let row = self.row(key).await.unwrap_or_else(|| panic!("{key} is there"));
        String::from_utf8(row.body.to_vec()).expect("a document is text")
    }

    pub(crate) async fn is_absent(&self, key: &Key) -> bool {
        self.find(key).await.is_none()
    }

    pub(crate) async fn page(&self, scan: &Scan) -> Page<Row> {
        self.store.scan(scan).await.expect("the store lists")
    }
}

fn only(items: impl IntoIterator<Item = Written>) -> Written {
    let mut items = items.into_iter();
    let first = items.next().expect("an item's outcome");
    assert!(items.next().is_none(), "one item has one outcome");
    first
}

/// What a commit did to a resource that it did not write.
pub(crate) fn touch_of<'a>(done: &'a Committed, key: &Key) -> &'a Touched {
    let mut of_key = done.touched.iter().filter(|touched| touched.key == *key);
    let touched = of_key.next().unwrap_or_else(|| panic!("{key} was touched, besides {:?}", done.touched));
    assert!(of_key.next().is_none(), "{key} is touched once");
    touched
}

/// The keys that a commit changed without writing them, sorted.
pub(crate) fn touched_keys(done: &Committed) -> Vec<Key> {
    let mut keys: Vec<_> = done.touched.iter().map(|touched| touched.key.clone()).collect();
    keys.sort();
    keys
}

/// Whether the backend has the ability.
pub(crate) fn has(backend: &dyn Backend, ability: Ability) -> bool {
    !backend.lacks().contains(&ability)
}
