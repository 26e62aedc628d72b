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
            ErrorKind::NoParent => Self::new(ProblemKind::Invalid, "a parent that is named does not exist"),
            ErrorKind::HasChildren => Self::new(ProblemKind::HasChildren, "children keep the resource from going"),
            ErrorKind::Misplaced => Self::new(ProblemKind::Misplaced, "a parent that is named is below the resource"),
            ErrorKind::TooLarge => Self::new(ProblemKind::BodyTooLarge, error.to_string()),
            ErrorKind::KeyReused => Self::new(ProblemKind::KeyReused, error.to_string()),
            ErrorKind::InFlight => later(ProblemKind::KeyInFlight, error.to_string(), &error),
            ErrorKind::Unavailable => unavailable(&error),
            ErrorKind::Unknown => outcome_unknown(&error),
            _ => Self::internal(&error),
        }
    }
}

impl Problem {
    /// The client can't mend it and learns nothing of the inside; the log does.
    pub(crate) fn internal(error: &Error) -> Self {
        tracing::error!(?error, "the store failed");
        Self::new(ProblemKind::Internal, "the request was not done because of a fault of the server")
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
