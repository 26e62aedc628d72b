//! Ids in paths: read from them, written into them.

use std::borrow::Cow;

use axum::extract::OriginalUri;
use http::{HeaderValue, Uri, request::Parts};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// All but what RFC 3986 §2.3 calls unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The URI that the client asked for, however deep the router is nested.
pub(crate) fn original(parts: &Parts) -> &Uri {
    parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |original| &original.0)
}

/// The id that a path ends in, decoded; an error says what is wrong with the path.
pub(crate) fn id_in(path: &str) -> Result<Cow<'_, str>, &'static str> {
    let segment = path.bytes().rposition(|byte| byte == b'/').map_or(path, |slash| &path[slash + 1..]);
    // Most ids need no escapes.
    if !segment.contains('%') {
        return Ok(Cow::Borrowed(segment));
    }
    let mut escapes = segment.split('%').skip(1);
    if !escapes.all(|rest| rest.len() >= 2 && rest.as_bytes()[..2].iter().all(u8::is_ascii_hexdigit)) {
        return Err("a `%` in the path must come before two hexadecimal digits");
    }
    percent_decode_str(segment).decode_utf8().map_err(|_| "the path must be UTF-8, percent-encoded")
}

/// The path of the resource `id` in the collection at the path `collection`; `None` where that one holds a byte that no
/// header can.
pub(crate) fn of_item(collection: &str, id: &str) -> Option<HeaderValue> {
    HeaderValue::try_from(format!("{collection}/{}", utf8_percent_encode(id, RESERVED))).ok()
}

/// The path of the collection that an item's path is in.
pub(crate) fn collection_of(item: &str) -> &str {
    item.rsplit_once('/').map_or("", |(collection, _)| collection)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_decoded() {
        assert_eq!(id_in("/tasks/a%2Fb%20%C3%A9").unwrap(), "a/b é");
        assert_eq!(id_in("/tasks/7").unwrap(), "7");
    }

    #[test]
    fn malformed_escapes_are_refused() {
        for path in ["/tasks/%", "/tasks/%2", "/tasks/%zz", "/tasks/a%C3", "/tasks/%FF"] {
            assert!(id_in(path).is_err(), "{path}");
        }
    }

    #[test]
    fn ids_are_encoded() {
        assert_eq!(of_item("/api/tasks", "a/b é").unwrap(), "/api/tasks/a%2Fb%20%C3%A9");
    }
}
