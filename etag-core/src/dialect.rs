//! How an API family spells conditional requests on the wire, as data that a server and a client read alike.

mod batch_codec;

pub use batch_codec::{
    AfterFailure, BatchCodec, BatchPart, BatchRules, BatchStep, BatchSyntaxError, EncodedBatch, PartAnswer,
    PartReferences,
};

use crate::Comparison;

/// One way to spell conditional requests. A value, not a fork: routers read it.
///
/// ```
/// use etag_core::{Comparison, Dialect};
///
/// assert_eq!(Dialect::RFC_9110.mismatch_status, 412);
/// let lenient = Dialect { comparison: Comparison::Weak, ..Dialect::RFC_9110 };
/// assert_eq!(lenient.missing_status, 428);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// The name, for logs and documents.
    pub name: &'static str,
    /// How the tags of `If-Match` are compared.
    pub comparison: Comparison,
    /// The status that answers a write without the condition it needs (RFC 6585 §3).
    pub missing_status: u16,
    /// The status that answers a condition which is not met (RFC 9110 §15.5.13).
    pub mismatch_status: u16,
    /// The status that answers a condition which can't be read (RFC 9110 §15.5.1).
    pub malformed_status: u16,
    /// Where answers carry the tag.
    pub tag_placement: TagPlacement,
    /// The shape of errors.
    pub error_envelope: ErrorEnvelope,
}

/// Where answers carry the tag.
///
/// ```
/// use etag_core::{Dialect, TagPlacement};
///
/// assert_eq!(Dialect::RFC_9110.tag_placement, TagPlacement::Header);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TagPlacement {
    /// In the `ETag` header.
    Header,
}

/// The shape of errors.
///
/// ```
/// use etag_core::{Dialect, ErrorEnvelope};
///
/// assert_eq!(Dialect::RFC_9110.error_envelope, ErrorEnvelope::ProblemDetails);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorEnvelope {
    /// `application/problem+json` (RFC 9457).
    ProblemDetails,
}

impl Dialect {
    /// Conditional requests as RFC 9110, RFC 6585 and RFC 9457 spell them.
    ///
    /// ```
    /// use etag_core::Dialect;
    ///
    /// let statuses = (Dialect::RFC_9110.malformed_status, Dialect::RFC_9110.missing_status);
    /// assert_eq!(statuses, (400, 428));
    /// ```
    pub const RFC_9110: Self = Self {
        name: "RFC 9110",
        comparison: Comparison::Strong,
        missing_status: 428,
        mismatch_status: 412,
        malformed_status: 400,
        tag_placement: TagPlacement::Header,
        error_envelope: ErrorEnvelope::ProblemDetails,
    };
}
