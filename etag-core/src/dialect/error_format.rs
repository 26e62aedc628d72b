//! The shape of errors.

use std::{borrow::Cow, fmt, time::SystemTime};

use bytes::Bytes;

use super::{Refusal, RefusalKind};

/// The shape of errors.
///
/// ```
/// use etag_core::{Dialect, ErrorEnvelope};
///
/// assert!(matches!(Dialect::RFC_9110.error_envelope, ErrorEnvelope::ProblemDetails));
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum ErrorEnvelope {
    /// `application/problem+json` (RFC 9457).
    ProblemDetails,
    /// The family's own.
    Own(&'static dyn ErrorFormat),
}

/// The errors of an API family, in both directions: a server writes them, a client reads them.
///
/// # Contract
/// `read` gives back the kind that `write` was given, where a client can tell it at all.
///
/// ```
/// use etag_core::{ErrorBody, ErrorContext, ErrorFormat, Refusal, RefusalKind};
///
/// #[derive(Debug)]
/// struct Plain;
///
/// impl ErrorFormat for Plain {
///     fn write(&self, refusal: &Refusal, _context: &ErrorContext<'_>) -> ErrorBody {
///         ErrorBody { content_type: "text/plain".into(), body: refusal.to_string().into() }
///     }
///
///     fn read(&self, status: u16, _body: &[u8]) -> Option<RefusalKind> {
///         (status == 412).then_some(RefusalKind::Stale)
///     }
/// }
///
/// assert_eq!(Plain.read(412, b"read it again"), Some(RefusalKind::Stale));
/// ```
pub trait ErrorFormat: fmt::Debug + Send + Sync {
    /// The request headers that [`write`](Self::write) asks for, in lower case; none by default.
    fn echoed_headers(&self) -> &'static [&'static str] {
        &[]
    }

    /// The body that tells a refusal.
    fn write(&self, refusal: &Refusal, context: &ErrorContext<'_>) -> ErrorBody;

    /// What an answer refuses; `None` where it tells no refusal that is known.
    fn read(&self, status: u16, body: &[u8]) -> Option<RefusalKind>;
}

/// What a body that tells a refusal may say besides.
#[derive(Clone, Copy)]
pub struct ErrorContext<'a> {
    /// The status of the answer.
    pub status: u16,
    /// When it is given.
    pub at: SystemTime,
    /// Random bytes that name this answer.
    pub request_id: [u8; 16],
    /// The value of a request header that the format [echoes](ErrorFormat::echoed_headers), by its name in lower case.
    pub header: &'a dyn Fn(&str) -> Option<&'a str>,
}

impl fmt::Debug for ErrorContext<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ErrorContext").field("status", &self.status).field("at", &self.at).finish_non_exhaustive()
    }
}

/// A body that tells a refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorBody {
    /// Its media type.
    pub content_type: Cow<'static, str>,
    /// The body.
    pub body: Bytes,
}
