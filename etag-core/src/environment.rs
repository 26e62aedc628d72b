//! Clock, randomness and keys: everything a store takes from outside, so that a test can give its own (rule S8).

use std::{
    fmt,
    sync::Arc,
    time::{Duration, SystemTime},
};

use crate::{DigestKey, Model, models::Models};

/// Tells the time.
///
/// ```
/// use std::time::SystemTime;
/// use etag_core::Clock;
///
/// struct Fixed;
/// impl Clock for Fixed {
///     fn now(&self) -> SystemTime {
///         SystemTime::UNIX_EPOCH
///     }
/// }
/// assert_eq!(Fixed.now(), SystemTime::UNIX_EPOCH);
/// ```
pub trait Clock: Send + Sync + 'static {
    /// The time now.
    fn now(&self) -> SystemTime;
}

/// Gives random bytes.
///
/// ```
/// use etag_core::Randomness;
///
/// struct Sevens;
/// impl Randomness for Sevens {
///     fn fill(&self, bytes: &mut [u8]) {
///         bytes.fill(7);
///     }
/// }
///
/// let mut bytes = [0; 4];
/// Sevens.fill(&mut bytes);
/// assert_eq!(bytes, [7; 4]);
/// ```
pub trait Randomness: Send + Sync + 'static {
    /// Fills `bytes` with unpredictable bytes.
    fn fill(&self, bytes: &mut [u8]);
}

/// What a store takes from outside: the time, randomness and the key of keyed digests.
///
/// ```
/// use std::time::SystemTime;
/// use etag_core::{Clock, Environment};
///
/// struct Noon;
/// impl Clock for Noon {
///     fn now(&self) -> SystemTime {
///         SystemTime::UNIX_EPOCH
///     }
/// }
///
/// let environment = Environment::system().with_clock(Noon);
/// assert_eq!(environment.now(), SystemTime::UNIX_EPOCH);
/// ```
#[derive(Clone)]
pub struct Environment {
    clock: Arc<dyn Clock>,
    randomness: Arc<dyn Randomness>,
    digest_key: Option<DigestKey>,
    models: Models,
}

impl Environment {
    /// The system's clock and random numbers, and no key.
    ///
    /// ```
    /// use etag_core::Environment;
    ///
    /// let environment = Environment::system();
    /// assert!(environment.now() > std::time::SystemTime::UNIX_EPOCH);
    /// assert!(environment.digest_key().is_none());
    /// ```
    pub fn system() -> Self {
        let (clock, randomness) = (Arc::new(SystemClock), Arc::new(SystemRandomness));
        Self { clock, randomness, digest_key: None, models: Models::default() }
    }

    /// The same with another clock.
    #[must_use]
    pub fn with_clock(self, clock: impl Clock) -> Self {
        Self { clock: Arc::new(clock), ..self }
    }

    /// The same with another source of randomness.
    ///
    /// ```
    /// use etag_core::{Environment, Randomness};
    ///
    /// struct Sevens;
    /// impl Randomness for Sevens {
    ///     fn fill(&self, bytes: &mut [u8]) {
    ///         bytes.fill(7);
    ///     }
    /// }
    ///
    /// let environment = Environment::system().with_randomness(Sevens);
    /// assert_eq!(environment.random_bytes(), [7; 4]);
    /// ```
    #[must_use]
    pub fn with_randomness(self, randomness: impl Randomness) -> Self {
        Self { randomness: Arc::new(randomness), ..self }
    }

    /// The same with the key that models with `validator = digest(keyed)` need (rule T8).
    ///
    /// ```
    /// use etag_core::{DigestKey, Environment};
    ///
    /// let environment = Environment::system().with_digest_key(DigestKey::new(&[7; 32])?);
    /// assert!(environment.digest_key().is_some());
    /// # Ok::<(), etag_core::InvalidDigestKey>(())
    /// ```
    #[must_use]
    pub fn with_digest_key(self, key: DigestKey) -> Self {
        Self { digest_key: Some(key), ..self }
    }

    /// The time now.
    pub fn now(&self) -> SystemTime {
        self.clock.now()
    }

    /// `N` random bytes.
    ///
    /// ```
    /// use etag_core::Environment;
    ///
    /// let environment = Environment::system();
    /// assert_ne!(environment.random_bytes::<16>(), environment.random_bytes::<16>());
    /// ```
    pub fn random_bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.randomness.fill(&mut bytes);
        bytes
    }

    /// Any time from nothing to `bound`, evenly: the full jitter of a pause before the next try, by which callers that
    /// failed together don't try again together.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let bound = Duration::from_millis(10);
    /// assert!(etag_core::Environment::system().jittered(bound) <= bound);
    /// ```
    pub fn jittered(&self, bound: Duration) -> Duration {
        bound.mul_f64(f64::from(u32::from_le_bytes(self.random_bytes())) / f64::from(u32::MAX))
    }

    /// The key of keyed digests, where one is set.
    pub fn digest_key(&self) -> Option<&DigestKey> {
        self.digest_key.as_ref()
    }

    /// Tells all stores of this environment, and of those cloned from it, of a model from whose resources fields of parents
    /// are derived. A commit that takes along what it was not told of needs it; typed methods and routers tell of theirs.
    ///
    /// ```
    /// # use etag_core::*;
    /// # use serde::{Deserialize, Serialize};
    /// #[derive(Serialize, Deserialize, Versioned)]
    /// #[versioned(collection = "boards", validator = revision)]
    /// struct Board {
    ///     #[versioned(id)]
    ///     id: u64,
    ///     #[serde(default)]
    ///     #[versioned(derived)]
    ///     task_count: u32,
    /// }
    ///
    /// #[derive(Serialize, Deserialize, Versioned)]
    /// #[versioned(collection = "tasks", validator = revision)]
    /// struct Task {
    ///     #[versioned(id)]
    ///     id: u64,
    ///     #[versioned(parent(Board, touch = content, derive = count))]
    ///     board_id: u64,
    /// }
    ///
    /// fn count(board: &mut Board, before: Option<&Task>, after: Option<&Task>) {
    ///     board.task_count += u32::from(after.is_some());
    ///     board.task_count -= u32::from(before.is_some());
    /// }
    ///
    /// let environment = Environment::system();
    /// environment.learn(Task::MODEL);
    /// assert_eq!(environment.model("tasks").map(|model| model.name), Some("Task"));
    /// ```
    pub fn learn(&self, model: &'static Model) {
        self.models.learn(model);
    }

    /// The model of this collection, where [`learn`](Self::learn) was told of it and fields of parents follow it.
    pub fn model(&self, collection: &str) -> Option<&'static Model> {
        self.models.of(collection)
    }
}

impl Default for Environment {
    fn default() -> Self {
        Self::system()
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment").field("digest_key", &self.digest_key).finish_non_exhaustive()
    }
}

struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}

struct SystemRandomness;

impl Randomness for SystemRandomness {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}
