//! A store that fails on demand.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use etag_core::{
    Batch, Capabilities, Committed, Coordinator, Error, ErrorKind, Head, Key, LedgerEntry, LedgerKey, Page, Row, Scan,
    Store, TagEntry,
};
use tokio::sync::oneshot;

/// A store that does what another one does, except for the calls that it is told to fail. Cloning it gives another handle on
/// the same one.
///
/// ```
/// use etag_core::{Batch, ErrorKind, MemoryStore, Store};
/// use etag_testkit::{Call, Fault, Faulty};
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let store = Faulty::new(MemoryStore::new());
/// store.fail(Call::Commit, 2, Fault::Refuse(ErrorKind::Unavailable));
/// assert!(store.commit(Batch::new()).await.is_ok());
/// assert_eq!(store.commit(Batch::new()).await.unwrap_err().kind(), ErrorKind::Unavailable);
/// assert!(store.commit(Batch::new()).await.is_ok());
/// # });
/// ```
#[derive(Clone)]
pub struct Faulty(Arc<Shared>);

struct Shared {
    store: Arc<dyn Store>,
    faults: Mutex<VecDeque<Planned>>,
}

/// A fault, and after how many further calls it comes.
struct Planned {
    call: Call,
    after: usize,
    fault: Sealed,
}

/// A call of a [`Store`].
///
/// ```
/// use etag_core::{ErrorKind, Key, MemoryStore, Store};
/// use etag_testkit::{Call, Fault, Faulty};
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let store = Faulty::new(MemoryStore::new());
/// store.fail(Call::Read, 1, Fault::Refuse(ErrorKind::Engine));
/// assert!(store.read(&Key::new("notes", "1")).await.is_err());
/// # });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    /// `read` or `head`.
    Read,
    /// `scan` or `scan_tags`.
    Scan,
    /// `commit`.
    Commit,
    /// `recall`.
    Recall,
}

/// What goes wrong with a call.
///
/// ```
/// use etag_core::{Batch, ErrorKind, MemoryStore, Store};
/// use etag_testkit::{Call, Fault, Faulty};
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let store = Faulty::new(MemoryStore::new());
/// store.fail(Call::Commit, 1, Fault::LoseAnswer);
/// assert_eq!(store.commit(Batch::new()).await.unwrap_err().kind(), ErrorKind::Unknown);
/// # });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Nothing is done, and the answer is an error of this kind.
    Refuse(ErrorKind),
    /// It is done, and the answer is [`ErrorKind::Unknown`].
    LoseAnswer,
}

enum Sealed {
    Fault(Fault),
    Hold { reached: oneshot::Sender<()>, release: oneshot::Receiver<()> },
}

/// A call that is held back: it has done nothing yet. Dropping this lets it go on, too.
///
/// ```
/// use etag_core::{Batch, MemoryStore, Store};
/// use etag_testkit::{Call, Faulty};
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let store = Faulty::new(MemoryStore::new());
/// let mut held = store.hold(Call::Commit, 1);
/// let slow = tokio::spawn({
///     let store = store.clone();
///     async move { store.commit(Batch::new()).await }
/// });
/// held.reached().await;
/// // … what happens between the caller's decision and its commit …
/// held.release();
/// assert!(slow.await.unwrap().is_ok());
/// # });
/// ```
#[derive(Debug)]
pub struct Held {
    reached: Option<oneshot::Receiver<()>>,
    release: oneshot::Sender<()>,
}

impl Held {
    /// Waits until the call is made.
    ///
    /// # Panics
    /// Where the store goes away before it is.
    pub async fn reached(&mut self) {
        if let Some(reached) = self.reached.take() {
            reached.await.expect("the call that is to be held is made while the store is there");
        }
    }

    /// Lets the call go on.
    pub fn release(self) {
        // A caller that has gone away needs no release.
        let _ = self.release.send(());
    }
}

impl Faulty {
    /// A store over `store` that has no fault yet.
    pub fn new(store: impl Store) -> Self {
        Self(Arc::new(Shared { store: Arc::new(store), faults: Mutex::default() }))
    }

    /// Lets the `nth` call of this kind from now on fail, counted from 1. Calls that are held are counted, too.
    ///
    /// # Panics
    /// Where `nth` is 0.
    pub fn fail(&self, call: Call, nth: usize, fault: Fault) {
        self.plan(call, nth, Sealed::Fault(fault));
    }

    /// Holds the `nth` call of this kind from now on back, counted from 1, before anything is done.
    ///
    /// # Panics
    /// Where `nth` is 0.
    pub fn hold(&self, call: Call, nth: usize) -> Held {
        let (reached, is_reached) = oneshot::channel();
        let (release, is_released) = oneshot::channel();
        self.plan(call, nth, Sealed::Hold { reached, release: is_released });
        Held { reached: Some(is_reached), release }
    }

    fn plan(&self, call: Call, nth: usize, fault: Sealed) {
        let after = nth.checked_sub(1).expect("calls are counted from 1");
        self.faults().push_back(Planned { call, after, fault });
    }

    fn faults(&self) -> MutexGuard<'_, VecDeque<Planned>> {
        self.0.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a call, and takes the fault that is its.
    fn next_fault(&self, call: Call) -> Option<Sealed> {
        let mut faults = self.faults();
        let due = faults.iter().position(|planned| planned.call == call && planned.after == 0);
        for (index, planned) in faults.iter_mut().enumerate() {
            if planned.call == call && Some(index) != due {
                planned.after = planned.after.saturating_sub(1);
            }
        }
        due.and_then(|due| faults.remove(due)).map(|planned| planned.fault)
    }

    async fn through<T>(&self, call: Call, answer: impl Future<Output = Result<T, Error>> + Send) -> Result<T, Error> {
        match self.next_fault(call) {
            None => answer.await,
            Some(Sealed::Fault(Fault::Refuse(kind))) => Err(Error::new(kind, "this call was told to be refused")),
            Some(Sealed::Fault(Fault::LoseAnswer)) => {
                answer.await?;
                Err(Error::new(ErrorKind::Unknown, "the answer to this call was told to be lost"))
            }
            Some(Sealed::Hold { reached, release }) => {
                let _ = reached.send(());
                let _ = release.await;
                answer.await
            }
        }
    }
}

impl fmt::Debug for Faulty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Faulty({} faults to come)", self.faults().len())
    }
}

#[async_trait]
impl Store for Faulty {
    async fn read(&self, key: &Key) -> Result<Option<Row>, Error> {
        self.through(Call::Read, self.0.store.read(key)).await
    }

    async fn head(&self, key: &Key) -> Result<Option<Head>, Error> {
        self.through(Call::Read, self.0.store.head(key)).await
    }

    async fn scan(&self, scan: &Scan) -> Result<Page<Row>, Error> {
        self.through(Call::Scan, self.0.store.scan(scan)).await
    }

    async fn scan_tags(&self, scan: &Scan) -> Result<Page<TagEntry>, Error> {
        self.through(Call::Scan, self.0.store.scan_tags(scan)).await
    }

    async fn commit(&self, batch: Batch) -> Result<Committed, Error> {
        self.through(Call::Commit, self.0.store.commit(batch)).await
    }

    async fn recall(&self, key: &LedgerKey) -> Result<Option<LedgerEntry>, Error> {
        self.through(Call::Recall, self.0.store.recall(key)).await
    }

    fn handle(&self) -> Arc<dyn Store> {
        Arc::new(self.clone())
    }

    fn coordinator(&self) -> &Coordinator {
        self.0.store.coordinator()
    }

    fn capabilities(&self) -> Capabilities {
        self.0.store.capabilities()
    }

    async fn close(&self) {
        self.0.store.close().await;
    }
}
