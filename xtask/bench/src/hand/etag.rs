//! Tags as bytes.

use axum::http::HeaderValue;

/// The header value of a revision: its decimal digits between quotes, put together on the stack.
pub(crate) fn of_revision(mut revision: u64) -> HeaderValue {
    let mut buffer = [b'"'; 22];
    let mut at = 21;
    loop {
        at -= 1;
        buffer[at] = b'0' + u8::try_from(revision % 10).expect("a digit");
        revision /= 10;
        if revision == 0 {
            break;
        }
    }
    HeaderValue::from_bytes(&buffer[at - 1..]).expect("digits between quotes")
}

/// Whether `If-None-Match` is the very tag; a list, or another spelling, costs a body.
pub(crate) fn is_the_tag(if_none_match: &[u8], etag: &[u8]) -> bool {
    if_none_match == etag
}

/// The header value of a revision as a database keeps it.
pub(crate) fn of_stored(revision: i64) -> HeaderValue {
    of_revision(revision.try_into().expect("revisions count up from one"))
}

/// The revision in a tag, as a database keeps it.
pub(crate) fn to_stored(tag: &HeaderValue) -> Option<i64> {
    tag.to_str().ok()?.strip_prefix('"')?.strip_suffix('"')?.parse().ok()
}
