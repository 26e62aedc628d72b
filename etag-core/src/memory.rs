//! The store in memory: for tests, for caches of what is kept elsewhere, and as the measure of the others.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    fmt,
    ops::Bound,
    sync::{
        Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard,
        atomic::{AtomicBool, Ordering},
    },
    time::SystemTime,
};

use async_trait::async_trait;
use bytes::Bytes;

use crate::{
    Batch, Capabilities, ChangeLog, Committed, Coordinator, Cursor, Durability, Environment, Epoch, Error, ErrorKind,
    Head, Key, LedgerEntry, LedgerKey, Model, Page, Revision, Row, Scan, Store, TagEntry, Transaction, transaction,
};

/// A store that keeps everything in memory, and nothing past the process. Cloning it gives another handle on the same
/// store.
///
/// Its epoch is drawn anew at each start, so no tag of an earlier one matches (rule T5).
///
/// ```
/// use etag_core::{Durability, MemoryStore, Store};
///
/// let store = MemoryStore::new();
/// assert_eq!(store.capabilities().durability, Durability::Process);
/// ```
#[derive(Clone)]
pub struct MemoryStore(Arc<Shared>);

struct Shared {
    coordinator: Coordinator,
    epoch: Epoch,
    state: RwLock<State>,
    is_closed: AtomicBool,
}

#[derive(Default)]
struct State {
    rows: HashMap<Key, Row>,
    /// The ids of each collection by the sequence number of their creation.
    order: HashMap<Cow<'static, str>, BTreeMap<u64, Key>>,
    /// The children of each parent, by kind and in the order of their creation.
    children: HashMap<Key, BTreeMap<Kind, BTreeMap<u64, Key>>>,
    logs: HashMap<Key, ChangeLog>,
    ledger: HashMap<LedgerKey, (LedgerEntry, SystemTime)>,
    /// The ledger's keys by the time until which they are kept.
    ledger_ends: BTreeSet<(SystemTime, LedgerKey)>,
    last_sequence: u64,
    last_removal: Option<SystemTime>,
}

/// Children of one collection by one link.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    collection: Cow<'static, str>,
    link: Cow<'static, str>,
}

impl MemoryStore {
    /// An empty store with the system's clock and randomness.
    ///
    /// ```
    /// # use etag_core::*;
    /// # use serde::{Deserialize, Serialize};
    /// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note { #[versioned(id)] id: String, text: String }
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let store = MemoryStore::new();
    /// let other = MemoryStore::new();
    /// store.create(&Note { id: "1".into(), text: "milk".into() }).await?;
    /// assert!(store.clone().find::<Note>(&"1".to_owned()).await?.is_some());
    /// assert!(other.find::<Note>(&"1".to_owned()).await?.is_none());
    /// # Ok::<(), Error>(()) }).unwrap();
    /// ```
    pub fn new() -> Self {
        Self::with_environment(Environment::system())
    }

    /// An empty store in this environment.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use etag_core::{Clock, Environment, MemoryStore, Store};
    ///
    /// struct Fixed;
    /// impl Clock for Fixed {
    ///     fn now(&self) -> SystemTime {
    ///         SystemTime::UNIX_EPOCH
    ///     }
    /// }
    ///
    /// let store = MemoryStore::with_environment(Environment::system().with_clock(Fixed));
    /// assert_eq!(store.coordinator().environment().now(), SystemTime::UNIX_EPOCH);
    /// ```
    pub fn with_environment(environment: Environment) -> Self {
        let epoch = Epoch::from_bytes(environment.random_bytes());
        let coordinator = Coordinator::new(environment);
        Self(Arc::new(Shared { coordinator, epoch, state: RwLock::default(), is_closed: AtomicBool::new(false) }))
    }

    // A panic under the lock can't leave the state half changed: a batch is checked before anything is written.
    fn state(&self) -> RwLockReadGuard<'_, State> {
        self.0.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn state_mut(&self) -> RwLockWriteGuard<'_, State> {
        self.0.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn page<T>(&self, scan: &Scan, item: impl Fn(&Row) -> T) -> Page<T> {
        let state = self.state();
        let order = match &scan.parent {
            None => state.order.get(&scan.collection),
            Some(filter) => state.children.get(&filter.parent).and_then(|groups| {
                groups.get(&Kind { collection: scan.collection.clone(), link: filter.link.clone() })
            }),
        };
        let Some(order) = order else { return Page { items: Vec::new(), next: None } };
        let after = scan.after.map_or(Bound::Unbounded, |Cursor(sequence)| Bound::Excluded(sequence));
        let mut places = order.range((after, Bound::Unbounded));
        let page: Vec<_> = places.by_ref().take(scan.limit).collect();
        let next = places.next().and(page.last()).map(|(sequence, _)| Cursor(**sequence));
        let items = page.iter().filter_map(|(_, key)| state.rows.get(*key)).map(item).collect();
        Page { items, next }
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MemoryStore({} resources)", self.state().rows.len())
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn read(&self, key: &Key) -> Result<Option<Row>, Error> {
        Ok(self.state().rows.get(key).cloned())
    }

    async fn head(&self, key: &Key) -> Result<Option<Head>, Error> {
        Ok(self.state().rows.get(key).map(|row| row.head.clone()))
    }

    async fn scan(&self, scan: &Scan) -> Result<Page<Row>, Error> {
        Ok(self.page(scan, Row::clone))
    }

    async fn scan_tags(&self, scan: &Scan) -> Result<Page<TagEntry>, Error> {
        Ok(self.page(scan, |row| TagEntry { id: row.head.key.id().into(), tag: row.head.tag.clone() }))
    }

    async fn commit(&self, batch: Batch) -> Result<Committed, Error> {
        let mut state = self.state_mut();
        if self.0.is_closed.load(Ordering::Acquire) {
            return Err(Error::new(ErrorKind::Unavailable, "the store is closed"));
        }
        // Taken under the lock, so that times follow the order of commits.
        let environment = self.0.coordinator.environment();
        let now = environment.now();
        transaction::commit(&mut Writing { state: &mut state, epoch: self.0.epoch, environment }, &batch, now)
    }

    async fn recall(&self, key: &LedgerKey) -> Result<Option<LedgerEntry>, Error> {
        let now = self.0.coordinator.environment().now();
        Ok(self.state().recall(key, now))
    }

    fn handle(&self) -> Arc<dyn Store> {
        Arc::new(self.clone())
    }

    fn coordinator(&self) -> &Coordinator {
        &self.0.coordinator
    }

    fn capabilities(&self) -> Capabilities {
        Capabilities::new(Durability::Process)
    }

    async fn close(&self) {
        // Under the lock, which waits for the commit that is under way.
        let _state = self.state_mut();
        self.0.is_closed.store(true, Ordering::Release);
    }
}

impl State {
    fn recall(&self, key: &LedgerKey, now: SystemTime) -> Option<LedgerEntry> {
        self.ledger.get(key).filter(|(_, until)| *until > now).map(|(entry, _)| entry.clone())
    }

    fn index_parents(&mut self, head: &Head) {
        for link in head.parents.held() {
            let kind = Kind { collection: head.key.collection_name(), link: link.name.clone() };
            let children = self.children.entry(link.parent.clone()).or_default().entry(kind).or_default();
            children.insert(head.created.sequence(), head.key.clone());
        }
    }

    fn unindex_parents(&mut self, head: &Head) {
        for link in head.parents.held() {
            let kind = Kind { collection: head.key.collection_name(), link: link.name.clone() };
            let Some(kinds) = self.children.get_mut(&link.parent) else { continue };
            let Some(children) = kinds.get_mut(&kind) else { continue };
            children.remove(&head.created.sequence());
            if children.is_empty() {
                kinds.remove(&kind);
            }
            if kinds.is_empty() {
                self.children.remove(&link.parent);
            }
        }
    }

    fn forget_what_has_ended(&mut self, now: SystemTime) {
        while let Some((until, _)) = self.ledger_ends.first()
            && *until <= now
        {
            if let Some((_, key)) = self.ledger_ends.pop_first() {
                self.ledger.remove(&key);
            }
        }
    }
}

/// The state under its lock, which is what makes it a transaction.
struct Writing<'a> {
    state: &'a mut State,
    epoch: Epoch,
    environment: &'a Environment,
}

impl Transaction for Writing<'_> {
    fn head(&mut self, key: &Key) -> Result<Option<Head>, Error> {
        Ok(self.state.rows.get(key).map(|row| row.head.clone()))
    }

    fn draw_revision(&mut self) -> Revision {
        self.state.last_sequence += 1;
        Revision::new(self.epoch, self.state.last_sequence)
    }

    fn children(&mut self, parent: &Key, limit: usize) -> Result<Vec<Head>, Error> {
        let Some(kinds) = self.state.children.get(parent) else { return Ok(Vec::new()) };
        // A child may name the parent by several links, and counts once.
        let mut seen = HashSet::new();
        let keys = kinds.values().flat_map(BTreeMap::values).filter(|key| seen.insert(*key)).take(limit);
        Ok(keys.filter_map(|key| self.state.rows.get(key)).map(|row| row.head.clone()).collect())
    }

    fn write_head(&mut self, head: &Head, before: &Head) -> Result<(), Error> {
        self.state.unindex_parents(before);
        self.state.index_parents(head);
        if let Some(stored) = self.state.rows.get_mut(&head.key) {
            stored.head = head.clone();
        }
        Ok(())
    }

    fn body(&mut self, key: &Key) -> Result<Option<Bytes>, Error> {
        Ok(self.state.rows.get(key).map(|row| row.body.clone()))
    }

    fn model(&self, collection: &str) -> Option<&'static Model> {
        self.environment.model(collection)
    }

    fn changes(&mut self, key: &Key) -> Result<Option<ChangeLog>, Error> {
        Ok(self.state.logs.get(key).cloned())
    }

    fn keep_changes(&mut self, key: &Key, log: &ChangeLog) -> Result<(), Error> {
        self.state.logs.insert(key.clone(), log.clone());
        Ok(())
    }

    fn write(&mut self, head: &Head, body: &Bytes, before: Option<&Head>) -> Result<(), Error> {
        if let Some(before) = before {
            self.state.unindex_parents(before);
        }
        self.state.index_parents(head);
        let row = Row { head: head.clone(), body: body.clone() };
        if let Some(stored) = self.state.rows.get_mut(&head.key) {
            *stored = row;
            return Ok(());
        }
        let order = self.state.order.entry(head.key.collection_name()).or_default();
        order.insert(head.created.sequence(), head.key.clone());
        self.state.rows.insert(head.key.clone(), row);
        Ok(())
    }

    fn remove(&mut self, head: &Head, at: SystemTime) -> Result<(), Error> {
        if let Some(order) = self.state.order.get_mut(head.key.collection()) {
            order.remove(&head.created.sequence());
        }
        self.state.unindex_parents(head);
        self.state.logs.remove(&head.key);
        self.state.rows.remove(&head.key);
        self.state.last_removal = self.state.last_removal.max(Some(at));
        Ok(())
    }

    fn last_removal(&mut self) -> Result<Option<SystemTime>, Error> {
        Ok(self.state.last_removal)
    }

    fn recall(&mut self, key: &LedgerKey, now: SystemTime) -> Result<Option<LedgerEntry>, Error> {
        // What is kept no longer goes when something new comes, so that the ledger stays bounded by time.
        self.state.forget_what_has_ended(now);
        Ok(self.state.recall(key, now))
    }

    fn record(&mut self, key: &LedgerKey, entry: &LedgerEntry, until: SystemTime) -> Result<(), Error> {
        self.state.ledger.insert(key.clone(), (entry.clone(), until));
        self.state.ledger_ends.insert((until, key.clone()));
        Ok(())
    }
}
