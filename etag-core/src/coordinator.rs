//! What the callers of one process share of a store.

use std::{
    collections::HashSet,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::{Environment, Error, ErrorKind, LedgerKey, modify::Queues};

/// What the callers of one process share of a store: its environment, the queues of `modify`, and which idempotency keys
/// are under way. Every store embeds one.
///
/// ```
/// use etag_core::{MemoryStore, Store};
///
/// let store = MemoryStore::new();
/// let coordinator = store.coordinator();
/// assert!(coordinator.environment().digest_key().is_none());
/// ```
#[derive(Debug, Default)]
pub struct Coordinator {
    environment: Environment,
    queues: Queues,
    in_flight: Mutex<HashSet<LedgerKey>>,
}

impl Coordinator {
    /// A coordinator for a store in this environment.
    ///
    /// ```
    /// use etag_core::{Coordinator, DigestKey, Environment};
    ///
    /// let environment = Environment::system().with_digest_key(DigestKey::new(&[7; 32])?);
    /// let coordinator = Coordinator::new(environment);
    /// assert!(coordinator.environment().digest_key().is_some());
    /// # Ok::<(), etag_core::InvalidDigestKey>(())
    /// ```
    pub fn new(environment: Environment) -> Self {
        Self { environment, ..Self::default() }
    }

    /// The clock, the randomness and the digest key.
    pub fn environment(&self) -> &Environment {
        &self.environment
    }

    pub(crate) fn queues(&self) -> &Queues {
        &self.queues
    }

    /// Marks a request under `key` as under way, until the mark is dropped.
    ///
    /// # Errors
    /// [`ErrorKind::InFlight`] where another one is.
    ///
    /// ```
    /// use etag_core::{Coordinator, Environment, ErrorKind, LedgerKey};
    ///
    /// let coordinator = Coordinator::new(Environment::system());
    /// let key = LedgerKey { principal: "ada".into(), key: "k1".into() };
    /// let mark = coordinator.begin(&key)?;
    /// assert_eq!(coordinator.begin(&key).unwrap_err().kind(), ErrorKind::InFlight);
    /// # drop(mark);
    /// # Ok::<(), etag_core::Error>(())
    /// ```
    pub fn begin(&self, key: &LedgerKey) -> Result<InFlight<'_>, Error> {
        if self.in_flight().insert(key.clone()) {
            return Ok(InFlight { coordinator: self, key: key.clone() });
        }
        let message = format!("a request with the idempotency key {:?} is under way; wait for its answer", key.key);
        Err(Error::new(ErrorKind::InFlight, message))
    }

    fn in_flight(&self) -> MutexGuard<'_, HashSet<LedgerKey>> {
        self.in_flight.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The mark that a request under an idempotency key is under way.
///
/// ```
/// use etag_core::{Coordinator, Environment, LedgerKey};
///
/// let coordinator = Coordinator::new(Environment::system());
/// let key = LedgerKey { principal: "ada".into(), key: "k1".into() };
/// let mark = coordinator.begin(&key)?;
/// drop(mark);
/// assert!(coordinator.begin(&key).is_ok());
/// # Ok::<(), etag_core::Error>(())
/// ```
#[must_use = "the mark is gone when it is dropped"]
pub struct InFlight<'a> {
    coordinator: &'a Coordinator,
    key: LedgerKey,
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.coordinator.in_flight().remove(&self.key);
    }
}

impl fmt::Debug for InFlight<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("InFlight").field(&self.key).finish()
    }
}
