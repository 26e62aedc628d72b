//! The kinds of problem: what identifies each, for programs and for people.

use etag_core::RefusalKind;
use http::StatusCode;

/// A kind of problem. Its URI is what a program goes by (RFC 9457 §3.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ProblemKind {
    Unauthenticated,
    Forbidden,
    NotFound,
    MethodNotAllowed,
    UnsupportedMediaType,
    MalformedPath,
    MalformedQuery,
    MalformedCondition,
    ConditionTooLarge,
    ConditionRequired,
    ConditionFailed,
    MalformedBody,
    BodyTooLarge,
    Invalid,
    AlreadyExists,
    PatchConflict,
    HasChildren,
    Misplaced,
    FamilyTooLarge,
    MalformedKey,
    BatchFailed,
    KeyInFlight,
    KeyReused,
    Contended,
    Unavailable,
    OutcomeUnknown,
    Internal,
}

impl ProblemKind {
    /// A reference relative to the server, since the problem types are the same on every one. Only the path of a URI can
    /// be relied on behind a proxy.
    pub(crate) const fn uri(self) -> &'static str {
        self.description().1
    }

    pub(crate) const fn title(self) -> &'static str {
        self.description().2
    }

    /// The kind that tells a refusal of this kind.
    pub(crate) const fn of_refusal(kind: RefusalKind) -> Self {
        match kind {
            RefusalKind::ConditionMissing => Self::ConditionRequired,
            RefusalKind::ConditionMalformed | RefusalKind::WildcardRefused => Self::MalformedCondition,
            RefusalKind::ConditionTooLong => Self::ConditionTooLarge,
            RefusalKind::Stale | RefusalKind::UnknownTag | RefusalKind::ForeignTag | RefusalKind::Exists => {
                Self::ConditionFailed
            }
            RefusalKind::AlreadyExists => Self::AlreadyExists,
            RefusalKind::Conflicting => Self::PatchConflict,
            RefusalKind::NotFound | RefusalKind::Gone => Self::NotFound,
            RefusalKind::Invalid => Self::Invalid,
            RefusalKind::Unauthenticated => Self::Unauthenticated,
            RefusalKind::Forbidden => Self::Forbidden,
            RefusalKind::MethodNotAllowed => Self::MethodNotAllowed,
            RefusalKind::UnsupportedMediaType => Self::UnsupportedMediaType,
            RefusalKind::TooLarge => Self::BodyTooLarge,
            RefusalKind::FailedDependency => Self::BatchFailed,
            RefusalKind::Unavailable => Self::Unavailable,
            RefusalKind::OutcomeUnknown => Self::OutcomeUnknown,
            _ => Self::Internal,
        }
    }

    /// What it is among the refusals that every dialect can tell.
    pub(crate) const fn refusal(self) -> RefusalKind {
        match self {
            Self::Unauthenticated => RefusalKind::Unauthenticated,
            Self::Forbidden => RefusalKind::Forbidden,
            Self::NotFound => RefusalKind::NotFound,
            Self::MethodNotAllowed => RefusalKind::MethodNotAllowed,
            Self::UnsupportedMediaType => RefusalKind::UnsupportedMediaType,
            Self::MalformedCondition => RefusalKind::ConditionMalformed,
            Self::ConditionTooLarge => RefusalKind::ConditionTooLong,
            Self::AlreadyExists => RefusalKind::AlreadyExists,
            Self::ConditionRequired => RefusalKind::ConditionMissing,
            Self::ConditionFailed => RefusalKind::Stale,
            Self::MalformedPath | Self::MalformedQuery | Self::MalformedBody | Self::MalformedKey | Self::Invalid => {
                RefusalKind::Invalid
            }
            Self::BodyTooLarge | Self::FamilyTooLarge => RefusalKind::TooLarge,
            Self::PatchConflict | Self::HasChildren | Self::Misplaced | Self::KeyReused => RefusalKind::Conflicting,
            Self::BatchFailed => RefusalKind::FailedDependency,
            Self::KeyInFlight | Self::Contended | Self::Unavailable => RefusalKind::Unavailable,
            Self::OutcomeUnknown => RefusalKind::OutcomeUnknown,
            Self::Internal => RefusalKind::Internal,
        }
    }

    /// The status, unless a dialect has another one.
    pub(crate) const fn status(self) -> StatusCode {
        self.description().0
    }

    const fn description(self) -> (StatusCode, &'static str, &'static str) {
        use StatusCode as S;
        match self {
            Self::Unauthenticated => (S::UNAUTHORIZED, "/problems/unauthenticated", "You are not known here"),
            Self::Forbidden => (S::FORBIDDEN, "/problems/forbidden", "You may not do this"),
            Self::NotFound => (S::NOT_FOUND, "/problems/not-found", "There is no such resource"),
            Self::MethodNotAllowed => {
                (S::METHOD_NOT_ALLOWED, "/problems/method-not-allowed", "The resource has no such method")
            }
            Self::UnsupportedMediaType => {
                (S::UNSUPPORTED_MEDIA_TYPE, "/problems/unsupported-media-type", "The body is of a type not read here")
            }
            Self::MalformedPath => (S::BAD_REQUEST, "/problems/malformed-path", "The path can't be read"),
            Self::MalformedQuery => (S::BAD_REQUEST, "/problems/malformed-query", "The query can't be read"),
            Self::MalformedCondition => {
                (S::BAD_REQUEST, "/problems/malformed-condition", "The condition can't be read")
            }
            Self::ConditionTooLarge => {
                (S::REQUEST_HEADER_FIELDS_TOO_LARGE, "/problems/condition-too-large", "The condition is too large")
            }
            Self::ConditionRequired => {
                (S::PRECONDITION_REQUIRED, "/problems/condition-required", "The write needs a condition")
            }
            Self::ConditionFailed => (S::PRECONDITION_FAILED, "/problems/condition-failed", "The condition is not met"),
            Self::MalformedBody => (S::BAD_REQUEST, "/problems/malformed-body", "The body can't be read"),
            Self::BodyTooLarge => (S::PAYLOAD_TOO_LARGE, "/problems/body-too-large", "The body is too large"),
            Self::Invalid => (S::UNPROCESSABLE_ENTITY, "/problems/invalid", "The body breaks a rule of the resource"),
            Self::AlreadyExists => (S::CONFLICT, "/problems/already-exists", "There is such a resource already"),
            Self::PatchConflict => (S::CONFLICT, "/problems/patch-conflict", "The patch doesn't fit the resource"),
            Self::HasChildren => (S::CONFLICT, "/problems/has-children", "The resource has children"),
            Self::Misplaced => (S::CONFLICT, "/problems/misplaced", "The resource can't have this parent"),
            Self::FamilyTooLarge => (S::CONFLICT, "/problems/family-too-large", "Too many resources would change"),
            Self::MalformedKey => {
                (S::BAD_REQUEST, "/problems/malformed-idempotency-key", "The idempotency key can't be read")
            }
            Self::BatchFailed => (S::CONFLICT, "/problems/batch-failed", "Nothing of the batch was done"),
            Self::KeyInFlight => (S::CONFLICT, "/problems/idempotency-key-in-flight", "The same request is under way"),
            Self::KeyReused => {
                (S::UNPROCESSABLE_ENTITY, "/problems/idempotency-key-reused", "The idempotency key has been used")
            }
            Self::Contended => (S::SERVICE_UNAVAILABLE, "/problems/contended", "Others keep changing the resource"),
            Self::Unavailable => (S::SERVICE_UNAVAILABLE, "/problems/unavailable", "The store can't be reached now"),
            Self::OutcomeUnknown => {
                (S::GATEWAY_TIMEOUT, "/problems/outcome-unknown", "Whether the write was done is not known")
            }
            Self::Internal => (S::INTERNAL_SERVER_ERROR, "/problems/internal", "The server failed"),
        }
    }
}
