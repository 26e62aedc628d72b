//! What the store answers, as problems.

use std::time::Duration;

use etag_core::{Error, ErrorKind};

use super::{Problem, ProblemKind, retry_after};

impl From<Error> for Problem {
    /// A conflict is answered by whoever knows the request's conditions; one that arrives here is a bare 412.
    fn from(error: Error) -> Self {
        match error.kind() {
            ErrorKind::NotFound => Self::not_found(),
            ErrorKind::AlreadyExists | ErrorKind::Stale | ErrorKind::Merge => {
                Self::new(ProblemKind::ConditionFailed, error.to_string())
            }
            ErrorKind::Invalid => invalid(&error),
            ErrorKind::TooLarge => Self::new(ProblemKind::BodyTooLarge, error.to_string()),
            ErrorKind::KeyReused => Self::new(ProblemKind::KeyReused, error.to_string()),
            ErrorKind::InFlight => later(ProblemKind::KeyInFlight, error.to_string(), &error),
            ErrorKind::Unavailable => unavailable(&error),
            ErrorKind::Unknown => outcome_unknown(&error),
            _ => internal(&error),
        }
    }
}

fn invalid(error: &Error) -> Problem {
    error.violations().map_or_else(|| Problem::new(ProblemKind::Invalid, error.to_string()), Problem::invalid)
}

fn later(kind: ProblemKind, detail: impl Into<String>, error: &Error) -> Problem {
    let (name, value) = retry_after(error.retry_after().unwrap_or(Duration::from_secs(1)));
    Problem::new(kind, detail).with_header(name, value)
}

fn unavailable(error: &Error) -> Problem {
    tracing::warn!(%error, "the store is unavailable");
    later(ProblemKind::Unavailable, "nothing was written; send the request again later", error)
}

fn outcome_unknown(error: &Error) -> Problem {
    tracing::error!(?error, "the outcome of a commit is unknown");
    let detail =
        "the write may have been done; read the resource, or repeat the request under the same Idempotency-Key";
    Problem::new(ProblemKind::OutcomeUnknown, detail)
}

/// The client can't mend it and learns nothing of the inside; the log does.
fn internal(error: &Error) -> Problem {
    tracing::error!(?error, "the store failed");
    Problem::new(ProblemKind::Internal, "the request was not done because of a fault of the server")
}
