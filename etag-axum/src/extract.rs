//! Preconditions as extractors, for handlers outside our router (rule H2).
//!
//! | extractor | gives | rejects |
//! |---|---|---|
//! | [`IfHeaders`] | all five fields, as [`Preconditions`](etag_core::Preconditions) | a malformed tag field, on the methods where it must not be passed over |
//! | [`IfMatch`] | the tags of `If-Match` | its absence (428), a malformed field |
//! | [`IfNoneMatch`] | the tags of `If-None-Match` | its absence (428), a malformed field |
//! | `Option<IfMatch>`, `Option<IfNoneMatch>` | the same, or `None` | a malformed field |
//!
//! Rejections are [`PreconditionRejection`]: 400, 428 or, past a limit, 431, as problem details (RFC 9457). The limits
//! are [`TagLimits::default`](etag_core::TagLimits); `.layer(Extension(TagLimits { .. }))` sets others.

mod details;
mod field;
mod if_headers;
mod if_match;
mod if_none_match;
mod method;

mod rejection;

pub(crate) use self::details::problem;
pub use self::if_headers::IfHeaders;
pub use self::if_match::IfMatch;
pub use self::if_none_match::IfNoneMatch;
pub(crate) use self::method::method_kind;
pub use self::rejection::PreconditionRejection;
