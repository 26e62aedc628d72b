//! How a store is opened.

use std::{num::NonZeroUsize, time::Duration};

use etag_core::{Environment, Error, ErrorKind};
use tokio_postgres::{Config, config::TargetSessionAttrs};

use crate::PostgresStore;

/// How a [`PostgresStore`] is opened. Made by [`PostgresStore::builder`].
///
/// ```no_run
/// # async fn example() -> Result<(), etag_core::Error> {
/// use std::{num::NonZeroUsize, time::Duration};
/// use etag_postgres::PostgresStore;
///
/// let store = PostgresStore::builder("postgres://app@127.0.0.1/app")
///     .writers(NonZeroUsize::new(2).unwrap())
///     .lock_timeout(Duration::from_secs(2))
///     .open()
///     .await?;
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct Options {
    url: String,
    pub(crate) environment: Environment,
    pub(crate) writers: NonZeroUsize,
    pub(crate) readers: NonZeroUsize,
    pub(crate) connect_timeout: Duration,
    pub(crate) statement_timeout: Duration,
    pub(crate) lock_timeout: Duration,
    pub(crate) group: GroupBounds,
}

/// How much is committed together at most.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GroupBounds {
    pub(crate) items: usize,
    pub(crate) bytes: usize,
}

/// Measured: one group after the other is larger, and so faster, than several at once.
const WRITERS: NonZeroUsize = NonZeroUsize::new(1).unwrap();
const READERS: NonZeroUsize = NonZeroUsize::new(4).unwrap();

impl Options {
    pub(crate) fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            environment: Environment::system(),
            writers: WRITERS,
            readers: READERS,
            connect_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(30),
            lock_timeout: Duration::from_secs(5),
            group: GroupBounds { items: 512, bytes: 8 << 20 },
        }
    }

    /// The clock, the randomness and the digest key; those of the system unless it is called.
    #[must_use]
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// How many connections write groups of commits: so many groups are under way at once. 1 unless it is called: larger
    /// groups are faster than more of them. Three more connections are for commits that failed in a group.
    #[must_use]
    pub fn writers(mut self, count: NonZeroUsize) -> Self {
        self.writers = count;
        self
    }

    /// How many connections read. Several reads share one at the same time. 4 unless it is called.
    #[must_use]
    pub fn readers(mut self, count: NonZeroUsize) -> Self {
        self.readers = count;
        self
    }

    /// How long a connection may take to come about; 5 seconds unless it is called.
    #[must_use]
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// How long the server may work on one statement; 30 seconds unless it is called.
    #[must_use]
    pub fn statement_timeout(mut self, limit: Duration) -> Self {
        self.statement_timeout = limit;
        self
    }

    /// How long a commit may wait for a row that another program has locked; 5 seconds unless it is called.
    #[must_use]
    pub fn lock_timeout(mut self, limit: Duration) -> Self {
        self.lock_timeout = limit;
        self
    }

    /// Opens the store, and makes or brings up to date its tables.
    ///
    /// # Errors
    /// [`ErrorKind::Misconfigured`] where the URL can't be read, the role may not do what is needed, or the tables are of a
    /// newer version; [`ErrorKind::Unavailable`] where the server can't be reached.
    pub async fn open(self) -> Result<PostgresStore, Error> {
        PostgresStore::open_with(self).await
    }

    pub(crate) fn config(&self) -> Result<Config, Error> {
        let mut config: Config = self.url.parse().map_err(|error| {
            let message =
                format!("the URL of the database can't be read: {error}; it is like postgres://user@host/name");
            Error::new(ErrorKind::Misconfigured, message)
        })?;
        config.connect_timeout(self.connect_timeout).application_name("etag-postgres");
        give_up_a_silent_peer(&mut config);
        // A replica, or a server that became one, is not asked (rule S5).
        config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        Ok(config)
    }

    /// What each connection is told at its start.
    pub(crate) fn settings(&self) -> String {
        let (statement, lock) = (self.statement_timeout.as_millis(), self.lock_timeout.as_millis());
        format!(
            "SET statement_timeout = {statement}; SET lock_timeout = {lock}; \
             SET default_transaction_isolation = 'read committed'"
        )
    }
}

/// A machine that is gone says nothing, not even that. The system notices after hours unless it is told to look earlier; what
/// the URL says about it stays.
fn give_up_a_silent_peer(config: &mut Config) {
    const QUIET: Duration = Duration::from_secs(15);
    const UNHEARD: Duration = Duration::from_secs(30);
    if config.get_keepalives_interval().is_none() {
        config.keepalives_idle(QUIET).keepalives_interval(QUIET / 3).keepalives_retries(3);
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(UNHEARD);
    }
}
