//! What SQLite says, as an error of the store: the one place where a driver's error is judged.

use std::{path::Path, sync::Arc, time::Duration};

use etag_core::{Error, ErrorKind};
use rusqlite::ErrorCode;

/// When to try again after a fault that passes.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// A fault of the engine, which several callers of one group may have to be told of.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    kind: ErrorKind,
    message: String,
    source: Arc<rusqlite::Error>,
}

impl Fault {
    pub(crate) fn new(file: &Path, error: rusqlite::Error) -> Self {
        let (kind, message) = match refusal(&error) {
            Some(refusal) => refusal,
            None if is_unreadable_row(&error) => (ErrorKind::Corrupt, said(file, "a row can't be read", &error)),
            None => {
                let (kind, meaning) = judge(error.sqlite_error_code());
                (kind, said(file, meaning, &error))
            }
        };
        Self { kind, message, source: Arc::new(error) }
    }

    /// The fault of a commit of which it can't be found out whether it was written.
    pub(crate) fn unknown(file: &Path, error: rusqlite::Error) -> Self {
        let message = said(file, "the commit failed, and may have been written all the same", &error);
        Self { kind: ErrorKind::Unknown, message, source: Arc::new(error) }
    }

    /// The error for one caller.
    pub(crate) fn to_error(&self) -> Error {
        let error = Error::new(self.kind, self.message.clone()).with_source(Arc::clone(&self.source));
        if self.kind == ErrorKind::Unavailable { error.with_retry_after(RETRY_AFTER) } else { error }
    }

    /// Whether each member of a group may fare otherwise by itself.
    pub(crate) fn may_be_one_members(&self) -> bool {
        self.kind != ErrorKind::Unknown && !is_contention(&self.source)
    }
}

/// Another connection is in the way: the same call may succeed a moment later.
pub(crate) fn is_contention(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed)
    )
}

/// The store's file is not what it should be.
pub(crate) fn misconfigured(file: &Path, reason: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::Misconfigured, format!("{}: {reason}", file.display()))
}

/// The store takes no further commits.
pub(crate) fn closed(file: &Path) -> Error {
    Error::new(ErrorKind::Unavailable, format!("{}: the store is closed", file.display()))
}

fn said(file: &Path, meaning: &str, error: &rusqlite::Error) -> String {
    format!("{}: {meaning} ({error})", file.display())
}

/// What the tables or their repository have against a value. It is for whoever sent the value, whom the file is no
/// business of.
fn refusal(error: &rusqlite::Error) -> Option<(ErrorKind, String)> {
    match error {
        rusqlite::Error::ToSqlConversionFailure(inner) => {
            inner.downcast_ref::<Error>().map(|refusal| (refusal.kind(), refusal.to_string()))
        }
        rusqlite::Error::SqliteFailure(code, Some(reason)) if is_about_a_value(code.extended_code) => {
            Some((ErrorKind::Invalid, format!("the database refuses the value: {reason}")))
        }
        _ => None,
    }
}

fn is_about_a_value(extended_code: i32) -> bool {
    use rusqlite::ffi::{
        SQLITE_CONSTRAINT_CHECK, SQLITE_CONSTRAINT_DATATYPE, SQLITE_CONSTRAINT_NOTNULL, SQLITE_CONSTRAINT_UNIQUE,
    };
    let constraints =
        [SQLITE_CONSTRAINT_CHECK, SQLITE_CONSTRAINT_DATATYPE, SQLITE_CONSTRAINT_NOTNULL, SQLITE_CONSTRAINT_UNIQUE];
    constraints.contains(&extended_code)
}

fn is_unreadable_row(error: &rusqlite::Error) -> bool {
    use rusqlite::Error as E;
    matches!(
        error,
        E::FromSqlConversionFailure(..)
            | E::InvalidColumnType(..)
            | E::IntegralValueOutOfRange(..)
            | E::QueryReturnedNoRows
    )
}

fn judge(code: Option<ErrorCode>) -> (ErrorKind, &'static str) {
    match code {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed) => {
            (ErrorKind::Unavailable, "another process keeps the database locked; try again")
        }
        Some(ErrorCode::DiskFull) => (ErrorKind::Unavailable, "the disk is full"),
        Some(ErrorCode::SystemIoFailure) => (ErrorKind::Unavailable, "the disk failed"),
        Some(ErrorCode::OutOfMemory) => (ErrorKind::Unavailable, "there is no memory left"),
        Some(ErrorCode::OperationInterrupted) => (ErrorKind::Unavailable, "the work was interrupted"),
        Some(ErrorCode::DatabaseCorrupt) => (ErrorKind::Corrupt, "the file is damaged; restore it from a backup"),
        Some(ErrorCode::NotADatabase) => {
            (ErrorKind::Corrupt, "the file is not a SQLite database, or its start is damaged")
        }
        Some(ErrorCode::CannotOpen) => {
            (ErrorKind::Misconfigured, "the file can't be opened or made; check that its directory may be written")
        }
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            (ErrorKind::Misconfigured, "the file and its directory must be writable, and are not")
        }
        Some(ErrorCode::TooBig) => (ErrorKind::TooLarge, "a document is larger than SQLite keeps"),
        _ => (ErrorKind::Engine, "the database refused"),
    }
}
