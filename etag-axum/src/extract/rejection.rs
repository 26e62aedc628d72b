use std::error::Error;
use std::fmt;

use axum::response::{IntoResponse, Response};
use etag_core::Malformed;
use http::StatusCode;
use serde_json::{Map, Value};

use super::details::problem;
use crate::problem::ProblemKind;

/// Why the conditions of a request were rejected.
///
/// As a response it is problem details (RFC 9457) with `header`, and for a malformed one `line` and `byte`.
///
/// ```
/// use etag_axum::PreconditionRejection;
///
/// let rejection = PreconditionRejection::Missing("If-Match");
/// assert_eq!(rejection.status(), 428);
/// assert_eq!(rejection.to_string(), "If-Match is missing; send the ETag of the state that you have seen");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PreconditionRejection {
    /// The header of this name has to be there (RFC 6585 §3).
    Missing(&'static str),
    /// A header can't be read, or is past a limit.
    Malformed(Malformed),
}

impl PreconditionRejection {
    /// 428 for a missing header, 400 for a malformed one, 431 for one past a limit.
    pub fn status(&self) -> StatusCode {
        self.kind().status()
    }

    /// The name of the header, as in `If-Match`.
    pub fn header(&self) -> &'static str {
        match self {
            Self::Missing(header) => header,
            Self::Malformed(malformed) => malformed.header(),
        }
    }

    fn kind(&self) -> ProblemKind {
        match self {
            Self::Missing(_) => ProblemKind::ConditionRequired,
            Self::Malformed(malformed) if malformed.is_too_large() => ProblemKind::ConditionTooLarge,
            Self::Malformed(_) => ProblemKind::MalformedCondition,
        }
    }

    fn members(&self) -> Map<String, Value> {
        let mut members = Map::from_iter([("header".into(), self.header().into())]);
        if let Self::Malformed(malformed) = self {
            members.insert("line".into(), malformed.line().into());
            members.insert("byte".into(), malformed.byte().into());
        }
        members
    }
}

impl fmt::Display for PreconditionRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing("If-None-Match") => f.write_str(
                "If-None-Match is missing; send `*` to create what must not exist yet, or the ETag that you have",
            ),
            Self::Missing(header) => write!(f, "{header} is missing; send the ETag of the state that you have seen"),
            Self::Malformed(malformed) => malformed.fmt(f),
        }
    }
}

impl Error for PreconditionRejection {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Missing(_) => None,
            Self::Malformed(malformed) => Some(malformed),
        }
    }
}

impl From<Malformed> for PreconditionRejection {
    fn from(malformed: Malformed) -> Self {
        Self::Malformed(malformed)
    }
}

impl IntoResponse for PreconditionRejection {
    fn into_response(self) -> Response {
        problem(self.kind(), self.to_string(), self.members())
    }
}
