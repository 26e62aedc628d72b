//! What PostgreSQL says, as an error of the store: the one place where a driver's error is judged.

use std::{sync::Arc, time::Duration};

use etag_core::{Error, ErrorKind};
use tokio_postgres::error::SqlState;

/// When a caller should try again.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Why a piece of work did not happen.
#[derive(Clone, Debug)]
pub(crate) enum Fault {
    /// The engine rolled back because of others; the same again may work (rule S6).
    Contention(Arc<tokio_postgres::Error>),
    /// A row was locked by others for longer than it is waited for.
    Locked(Arc<tokio_postgres::Error>),
    /// The connection is gone.
    Disconnected(Arc<tokio_postgres::Error>),
    /// Not now.
    Unavailable(String),
    /// Something that may be the fault of one member of a group.
    Refused(Arc<tokio_postgres::Error>),
    /// An error of ours.
    Own(ErrorKind, String),
}

impl Fault {
    /// Whether it may not be there for the others of a group (rule S2).
    pub(crate) fn may_be_of_one_member(&self) -> bool {
        matches!(self, Self::Contention(_) | Self::Locked(_) | Self::Refused(_) | Self::Own(..))
    }

    pub(crate) fn to_error(&self) -> Error {
        match self {
            Self::Contention(error) => {
                unavailable(format!("PostgreSQL rolled back too often because of others ({error})"), error)
            }
            Self::Locked(error) => unavailable(format!("others keep a row locked ({error})"), error),
            Self::Disconnected(error) => unavailable(format!("the connection to PostgreSQL broke ({error})"), error),
            Self::Unavailable(message) => {
                Error::new(ErrorKind::Unavailable, message.clone()).with_retry_after(RETRY_AFTER)
            }
            Self::Refused(error) => refused(error),
            Self::Own(kind, message) => Error::new(*kind, message.clone()),
        }
    }
}

impl From<tokio_postgres::Error> for Fault {
    fn from(error: tokio_postgres::Error) -> Self {
        let code = error.code().cloned();
        let error = Arc::new(error);
        match code {
            None => Self::Disconnected(error),
            Some(SqlState::LOCK_NOT_AVAILABLE) => Self::Locked(error),
            Some(code) if is_contention(&code) => Self::Contention(error),
            Some(code) if is_shutdown(&code) => Self::Disconnected(error),
            Some(code) if is_overload(&code) => Self::Unavailable(message_of(&error)),
            Some(_) => Self::Refused(error),
        }
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Own(error.kind(), error.to_string())
    }
}

/// Another transaction was in the way: a deadlock's victim, the same key inserted first.
fn is_contention(code: &SqlState) -> bool {
    [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED, SqlState::UNIQUE_VIOLATION].contains(code)
}

fn is_shutdown(code: &SqlState) -> bool {
    [
        SqlState::ADMIN_SHUTDOWN,
        SqlState::CRASH_SHUTDOWN,
        SqlState::CANNOT_CONNECT_NOW,
        SqlState::CONNECTION_FAILURE,
        SqlState::CONNECTION_DOES_NOT_EXIST,
        SqlState::CONNECTION_EXCEPTION,
        SqlState::DATABASE_DROPPED,
        SqlState::IDLE_IN_TRANSACTION_SESSION_TIMEOUT,
        SqlState::IDLE_SESSION_TIMEOUT,
    ]
    .contains(code)
}

/// The server has no room, or was stopped by a time-out of its own.
fn is_overload(code: &SqlState) -> bool {
    [
        SqlState::TOO_MANY_CONNECTIONS,
        SqlState::DISK_FULL,
        SqlState::OUT_OF_MEMORY,
        SqlState::INSUFFICIENT_RESOURCES,
        SqlState::QUERY_CANCELED,
        SqlState::READ_ONLY_SQL_TRANSACTION,
    ]
    .contains(code)
}

fn message_of(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(db) => format!("PostgreSQL refused: {} ({})", db.message(), db.code().code()),
        None => format!("PostgreSQL failed: {error}"),
    }
}

fn refused(error: &Arc<tokio_postgres::Error>) -> Error {
    let kind = match error.code() {
        Some(&SqlState::PROGRAM_LIMIT_EXCEEDED | &SqlState::STRING_DATA_RIGHT_TRUNCATION) => ErrorKind::TooLarge,
        Some(&SqlState::INSUFFICIENT_PRIVILEGE | &SqlState::UNDEFINED_TABLE) => ErrorKind::Misconfigured,
        Some(&SqlState::DATA_CORRUPTED | &SqlState::INDEX_CORRUPTED) => ErrorKind::Corrupt,
        _ => ErrorKind::Engine,
    };
    Error::new(kind, message_of(error)).with_source(Arc::clone(error))
}

fn unavailable(message: String, source: &Arc<tokio_postgres::Error>) -> Error {
    Error::new(ErrorKind::Unavailable, message).with_source(Arc::clone(source)).with_retry_after(RETRY_AFTER)
}

pub(crate) fn closed() -> Error {
    Error::new(ErrorKind::Unavailable, "the store is closed")
}

/// The commit was sent, and its answer lost.
pub(crate) fn unknown(error: &Fault) -> Error {
    let message = "the connection to PostgreSQL broke during a commit, which may have been done all the same";
    Error::new(ErrorKind::Unknown, format!("{message} ({})", error.to_error()))
}
