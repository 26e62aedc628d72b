//! Reading one field under the limits of the application.

use etag_core::{EntityTags, Field, Malformed, TagLimits};
use http::header::{HeaderName, HeaderValue};
use http::request::Parts;

/// The limits that an `Extension` set, or else the defaults.
pub(super) fn limits(parts: &Parts) -> TagLimits {
    parts.extensions.get().copied().unwrap_or_default()
}

/// The tags of the field `name`, which errors call `shown`; `None` where it was not sent.
pub(super) fn tags(parts: &Parts, name: HeaderName, shown: &'static str) -> Result<Option<EntityTags>, Malformed> {
    let lines = parts.headers.get_all(name).into_iter().map(HeaderValue::as_bytes);
    match EntityTags::parse(shown, lines, &limits(parts)) {
        Field::Absent => Ok(None),
        Field::Valid(tags) => Ok(Some(tags)),
        Field::Malformed(malformed) => Err(malformed),
    }
}
