//! Why a request is not done, in words that every dialect can spell.

use std::{borrow::Cow, fmt, time::Duration};

use serde_json::Value;

use crate::{Error, ErrorKind, Malformed};

/// Why a request is not done.
///
/// The kind decides the status, and the words where none are given: [`Dialect::status_of`](crate::Dialect::status_of), and
/// the dialect's [`ErrorFormat`](crate::ErrorFormat).
///
/// ```
/// use etag_core::{Refusal, RefusalKind};
///
/// let refusal = Refusal::new(RefusalKind::Invalid).saying("the start is after the end");
/// assert_eq!(refusal.to_string(), "the start is after the end");
/// assert_eq!(Refusal::new(RefusalKind::NotFound).to_string(), "there is no such resource");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// What is wrong.
    pub kind: RefusalKind,
    /// What is wrong, in words; the dialect has its own where there are none here.
    pub message: Option<Cow<'static, str>>,
    /// The code for machines, in dialects that have such codes, where it is not that of the kind.
    pub code: Option<Cow<'static, str>>,
    /// The status, where it is not that of the kind in the dialect.
    pub status: Option<u16>,
    /// When to come again.
    pub retry_after: Option<Duration>,
    /// The methods that the path has, as `Allow` lists them, which an answer of 405 must tell (RFC 9110 §15.5.6).
    pub allow: Option<Box<str>>,
    /// What else there is to tell, in dialects whose errors have a place for it.
    pub details: Option<Value>,
}

/// What is wrong with a request, or with the server.
///
/// ```
/// use etag_core::RefusalKind;
///
/// assert_eq!(RefusalKind::AlreadyExists.usual_status(), 409);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RefusalKind {
    /// The write needs a condition.
    ConditionMissing,
    /// The condition can't be read.
    ConditionMalformed,
    /// The condition is longer than what is read of one.
    ConditionTooLong,
    /// `If-Match: *` means nothing here.
    WildcardRefused,
    /// The condition's tag is not that of the current state.
    Stale,
    /// The condition's tag names no state that is known of the resource.
    UnknownTag,
    /// The condition's tag is that of something else.
    ForeignTag,
    /// The change and what was accepted since the condition's state exclude each other.
    Conflicting,
    /// The write may only create, and there is a resource.
    Exists,
    /// A resource with this id or name exists already.
    AlreadyExists,
    /// There is no such resource.
    NotFound,
    /// There was such a resource.
    Gone,
    /// The body or the address makes no sense.
    Invalid,
    /// Nobody said who is asking.
    Unauthenticated,
    /// Who is asking may not.
    Forbidden,
    /// The path has no such method.
    MethodNotAllowed,
    /// The body is of another media type.
    UnsupportedMediaType,
    /// The request is too large.
    TooLarge,
    /// Something that it depends on was not done.
    FailedDependency,
    /// The server can't do it now.
    Unavailable,
    /// Nobody knows whether it was done.
    OutcomeUnknown,
    /// The server is at fault.
    Internal,
}

impl RefusalKind {
    /// All kinds there are.
    pub const ALL: &'static [Self] = &[
        Self::ConditionMissing,
        Self::ConditionMalformed,
        Self::ConditionTooLong,
        Self::WildcardRefused,
        Self::Stale,
        Self::UnknownTag,
        Self::ForeignTag,
        Self::Conflicting,
        Self::Exists,
        Self::AlreadyExists,
        Self::NotFound,
        Self::Gone,
        Self::Invalid,
        Self::Unauthenticated,
        Self::Forbidden,
        Self::MethodNotAllowed,
        Self::UnsupportedMediaType,
        Self::TooLarge,
        Self::FailedDependency,
        Self::Unavailable,
        Self::OutcomeUnknown,
        Self::Internal,
    ];

    /// The status where no dialect says another.
    pub const fn usual_status(self) -> u16 {
        match self {
            Self::ConditionMissing => 428,
            Self::ConditionMalformed | Self::WildcardRefused | Self::Invalid => 400,
            Self::ConditionTooLong => 431,
            Self::Stale | Self::UnknownTag | Self::ForeignTag | Self::Exists => 412,
            Self::Conflicting | Self::AlreadyExists => 409,
            Self::NotFound => 404,
            Self::Gone => 410,
            Self::Unauthenticated => 401,
            Self::Forbidden => 403,
            Self::MethodNotAllowed => 405,
            Self::UnsupportedMediaType => 415,
            Self::TooLarge => 413,
            Self::FailedDependency => 424,
            Self::Unavailable | Self::OutcomeUnknown => 503,
            Self::Internal => 500,
        }
    }

    /// What is wrong, in words.
    pub const fn usual_message(self) -> &'static str {
        match self {
            Self::ConditionMissing => {
                "the write needs a condition; send If-Match with the tag of the state that you changed"
            }
            Self::ConditionMalformed => "the condition can't be read",
            Self::ConditionTooLong => "the condition is too long; send fewer tags",
            Self::WildcardRefused => {
                "`*` is no condition here; send If-Match with the tag of the state that you changed"
            }
            Self::Stale => "the resource is no longer in the state that the condition names; read it again",
            Self::UnknownTag => "the condition names no state that is known of the resource; read it again",
            Self::ForeignTag => "the condition names a state of something else; send the tag of this resource",
            Self::Conflicting => "the change conflicts with changes accepted since; read the resource again and merge",
            Self::Exists => "there is such a resource already, and the request may only create it",
            Self::AlreadyExists => "a resource with this id exists already",
            Self::NotFound => "there is no such resource",
            Self::Gone => "the resource was deleted",
            Self::Invalid => "the request makes no sense",
            Self::Unauthenticated => "say who is asking",
            Self::Forbidden => "this is not allowed",
            Self::MethodNotAllowed => "the path has no such method",
            Self::UnsupportedMediaType => "the body is of a media type that is not understood here",
            Self::TooLarge => "the request is too large",
            Self::FailedDependency => "a request that this one depends on was not done",
            Self::Unavailable => "nothing was written; send the request again later",
            Self::OutcomeUnknown => "the write may have been done; read the resource",
            Self::Internal => "the request was not done because of a fault of the server",
        }
    }
}

impl Refusal {
    /// A refusal of this kind, in the dialect's words.
    pub const fn new(kind: RefusalKind) -> Self {
        Self { kind, message: None, code: None, status: None, retry_after: None, details: None, allow: None }
    }

    /// In these words.
    #[must_use]
    pub fn saying(mut self, message: impl Into<Cow<'static, str>>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// With this code for machines.
    #[must_use]
    pub fn with_code(mut self, code: impl Into<Cow<'static, str>>) -> Self {
        self.code = Some(code.into());
        self
    }

    /// [`RefusalKind::MethodNotAllowed`], with the methods that the path has (RFC 9110 §15.5.6).
    ///
    /// ```
    /// use etag_core::{Refusal, RefusalKind};
    ///
    /// let refusal = Refusal::method_not_allowed(&["GET", "PATCH"]);
    /// assert_eq!((refusal.kind, refusal.allow.as_deref()), (RefusalKind::MethodNotAllowed, Some("GET, PATCH")));
    /// ```
    #[must_use]
    pub fn method_not_allowed(allowed: &[&str]) -> Self {
        Self { allow: Some(allowed.join(", ").into()), ..Self::new(RefusalKind::MethodNotAllowed) }
    }

    /// With this status.
    #[must_use]
    pub const fn with_status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// With more to tell, such as which of several resources is to blame: the dialect's errors may have a place for it.
    #[must_use]
    pub fn with_details(mut self, details: Value) -> Self {
        self.details = Some(details);
        self
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message.as_deref().unwrap_or(self.kind.usual_message()))
    }
}

impl std::error::Error for Refusal {}

impl From<Malformed> for Refusal {
    fn from(malformed: Malformed) -> Self {
        let is_too_long = malformed.is_too_large();
        let kind = if is_too_long { RefusalKind::ConditionTooLong } else { RefusalKind::ConditionMalformed };
        Self::new(kind).saying(malformed.to_string())
    }
}

impl From<&Error> for Refusal {
    /// A fault of the store is told without its inside.
    fn from(error: &Error) -> Self {
        let kind = match error.kind() {
            ErrorKind::NotFound => RefusalKind::NotFound,
            ErrorKind::AlreadyExists => RefusalKind::AlreadyExists,
            ErrorKind::Stale => RefusalKind::Stale,
            ErrorKind::HasChildren | ErrorKind::Misplaced | ErrorKind::Merge => RefusalKind::Conflicting,
            ErrorKind::Invalid | ErrorKind::NoParent => RefusalKind::Invalid,
            ErrorKind::TooLarge => RefusalKind::TooLarge,
            ErrorKind::Unavailable | ErrorKind::InFlight => RefusalKind::Unavailable,
            ErrorKind::Unknown => RefusalKind::OutcomeUnknown,
            _ => RefusalKind::Internal,
        };
        let mut refusal = Self::new(kind);
        if kind.usual_status() < 500 && !matches!(kind, RefusalKind::NotFound | RefusalKind::Stale) {
            refusal.message = Some(error.to_string().into());
        }
        refusal.retry_after = error.retry_after();
        refusal
    }
}
