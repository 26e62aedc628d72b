//! Ids in paths: read from them, written into them.

use std::{borrow::Cow, fmt};

use axum::extract::OriginalUri;
use etag_core::Key;
use http::{Uri, request::Parts};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// All but what RFC 3986 §2.3 calls unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The URI that the client asked for, however deep the router is nested.
pub(crate) fn original(parts: &Parts) -> &Uri {
    parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |original| &original.0)
}

/// The id that a path ends in, decoded; an error says what is wrong with the path.
pub(crate) fn id_in(path: &str) -> Result<Cow<'_, str>, &'static str> {
    let segment = path.rsplit_once('/').map_or(path, |(_, segment)| segment);
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

/// The path of a resource of the API whose paths stand below `root`.
pub(crate) fn of_item(root: &str, key: &Key) -> String {
    format!("{root}/{}/{}", key.collection(), encoded(key.id()))
}

/// An id as it stands in a path or a query.
pub(crate) fn encoded(id: &str) -> impl fmt::Display + '_ {
    utf8_percent_encode(id, RESERVED)
}

/// A path without its last segment.
pub(crate) fn without_last(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(before, _)| before)
}

/// What stands before the paths of the API, in the path that the client asked for.
pub(crate) fn root(parts: &Parts) -> &str {
    original(parts).path().strip_suffix(parts.uri.path()).unwrap_or("")
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
        assert_eq!(of_item("/api", &Key::new("tasks", "a/b é")), "/api/tasks/a%2Fb%20%C3%A9");
    }
}
