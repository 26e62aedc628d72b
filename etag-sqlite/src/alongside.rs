//! A user's own statements in the transaction of a commit (rule S7).

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::SystemTime,
};

use etag_core::{Batch, Committed, Error, ErrorKind, Replay};
use rusqlite::{Connection, ErrorCode, Result};

use crate::{SqliteStore, error::Fault, transaction::GroupTransaction};

impl SqliteStore {
    /// Does a batch and `statements` of the caller's own in one transaction, both or neither: a row for an outbox, or one in
    /// a table of which the store knows nothing (rule S7).
    ///
    /// The statements are done after the batch, whose outcome they are told, where all its expectations are met; not where
    /// an idempotency key says that all of it was done before. What fails is undone by itself, and no other commit with it.
    ///
    /// # Contract
    /// They run on the one thread that writes, so they should be few and quick. They may run again, where the engine fails or
    /// the file is locked, and must have no effect but on the database. They neither begin nor end a transaction, and leave
    /// the store's own tables alone.
    ///
    /// # Errors
    /// As for [`commit`](etag_core::Store::commit), and the error of the statements: an [`etag_core::Error`] as it is, one of the engine
    /// as the store's own ones, any other as [`ErrorKind::Refused`].
    ///
    /// ```
    /// use etag_core::{Batch, Error, Expectation, Store, Versioned, put_document};
    /// use etag_sqlite::SqliteStore;
    ///
    /// #[derive(serde::Serialize, serde::Deserialize, Versioned)]
    /// #[versioned(collection = "orders", validator = revision)]
    /// struct Order { #[versioned(id)] id: String }
    ///
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// # let path = std::env::temp_dir().join(format!("etag-sqlite-with-{}.db", std::process::id()));
    /// let store = SqliteStore::open(&path).await?;
    /// # store.commit_with(Batch::new(), |c, _| Ok(c.execute_batch("CREATE TABLE outbox (message TEXT)")?)).await?;
    /// let order = put_document(&store, &Order { id: "7".into() }, Expectation::Absent)?;
    /// store
    ///     .commit_with(Batch::new().put(order.clone()), |connection, _done| {
    ///         connection.execute("INSERT INTO outbox VALUES ('order 7 came in')", [])?;
    ///         Ok(())
    ///     })
    ///     .await?;
    ///
    /// let error = store.commit_with(Batch::new().put(order), |_, _| unreachable!()).await.unwrap_err();
    /// assert!(error.is_already_exists());
    /// # store.close().await; drop(store); let _ = std::fs::remove_file(path);
    /// # Ok::<(), Error>(()) }).unwrap();
    /// ```
    pub async fn commit_with<F>(&self, batch: Batch, statements: F) -> std::result::Result<Committed, Error>
    where
        F: FnMut(&Connection, &Committed) -> std::result::Result<(), Box<dyn std::error::Error + Send + Sync>>
            + Send
            + 'static,
    {
        self.join(batch, Some(Box::new(statements))).await
    }
}

/// What is done beside a commit, once it is known what that did.
pub(crate) type Statements = Box<dyn FnMut(&Connection, &Committed) -> std::result::Result<(), Refusal> + Send>;

/// Why a commit with statements is not done: the commit's own error or that of the statements.
pub(crate) type Refusal = Box<dyn std::error::Error + Send + Sync>;

/// The error for the caller.
pub(crate) fn error_of(refusal: Refusal, file: &Path) -> Error {
    let refusal = match refusal.downcast::<Error>() {
        Ok(error) => return *error,
        Err(other) => other,
    };
    match refusal.downcast::<rusqlite::Error>() {
        Ok(error) => Fault::new(file, *error).to_error(),
        Err(other) => Error::new(ErrorKind::Refused, other.to_string()).with_source(other),
    }
}

/// Keeps statements from committing the transaction that others share: its counter of revisions is not yet written.
#[derive(Clone, Default)]
pub(crate) struct Guard(Arc<AtomicBool>);

impl Guard {
    pub(crate) fn on(connection: &mut Connection) -> Result<Self> {
        let guard = Self::default();
        let is_up = Arc::clone(&guard.0);
        connection.commit_hook(Some(move || is_up.load(Ordering::Relaxed)))?;
        Ok(guard)
    }

    /// Does `work`, in which every commit is turned into a roll-back.
    fn during<T>(&self, work: impl FnOnce() -> T) -> T {
        self.0.store(true, Ordering::Relaxed);
        let done = work();
        self.0.store(false, Ordering::Relaxed);
        done
    }
}

impl GroupTransaction<'_> {
    /// One member's commit and its statements, both or neither. The outer error is as that of [`commit`](Self::commit).
    pub(crate) fn commit_with(
        &mut self,
        batch: &Batch,
        now: SystemTime,
        statements: &mut Statements,
        guard: &Guard,
    ) -> Result<std::result::Result<Committed, Refusal>> {
        let connection = self.connection();
        connection.prepare_cached("SAVEPOINT etag_member")?.execute([])?;
        let done = match self.commit(batch, now)? {
            Ok(done) if done.replay == Replay::Original => {
                self.note_writes();
                guard.during(|| run(statements, connection, &done)).map(|()| done)
            }
            outcome => outcome.map_err(Refusal::from),
        };
        if connection.is_autocommit() {
            return Err(end_of_transaction(done.err()));
        }
        if done.is_err() {
            connection.prepare_cached("ROLLBACK TO etag_member")?.execute([])?;
        }
        connection.prepare_cached("RELEASE etag_member")?.execute([])?;
        Ok(done)
    }
}

/// A panic is the caller's, and must not end the thread that writes for all.
fn run(statements: &mut Statements, connection: &Connection, done: &Committed) -> std::result::Result<(), Refusal> {
    let ran = catch_unwind(AssertUnwindSafe(|| statements(connection, done)));
    ran.unwrap_or_else(|_| Err("the statements beside the commit panicked".into()))
}

/// The engine ends a transaction by itself after some faults; otherwise the statements did.
fn end_of_transaction(refusal: Option<Refusal>) -> rusqlite::Error {
    let fault = refusal.and_then(|refusal| refusal.downcast::<rusqlite::Error>().ok());
    if let Some(error) = fault.filter(|error| error.sqlite_error_code() != Some(ErrorCode::ConstraintViolation)) {
        return *error;
    }
    let message = "the statements beside the commit ended its transaction; leave out COMMIT and ROLLBACK";
    rusqlite::Error::ToSqlConversionFailure(Error::new(ErrorKind::Engine, message).into())
}
