//! What is left of an answer when it becomes 304 (RFC 9110 §15.4.5).

use axum::response::Response;
use http::header::{
    ACCEPT_RANGES, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ETAG, HeaderMap,
    HeaderName, LAST_MODIFIED, TRAILER, TRANSFER_ENCODING,
};
use http::{StatusCode, response::Parts};

use crate::absent_body::absent;

/// What describes the body that is not sent. `Content-Location` is not among it: a 304 has to keep it.
const OF_THE_BODY: [HeaderName; 8] = [
    ACCEPT_RANGES,
    CONTENT_ENCODING,
    CONTENT_LANGUAGE,
    CONTENT_LENGTH,
    CONTENT_RANGE,
    CONTENT_TYPE,
    TRAILER,
    TRANSFER_ENCODING,
];

/// The 304 that stands for an answer with these parts.
///
/// Beside `ETag`, `Cache-Control`, `Content-Location`, `Date`, `Expires` and `Vary` it keeps what is not about the
/// representation: cookies, CORS, security and tracing headers concern this answer whatever its status.
pub(crate) fn not_modified(mut parts: Parts) -> Response {
    parts.status = StatusCode::NOT_MODIFIED;
    shed(&mut parts.headers);
    Response::from_parts(parts, absent())
}

fn shed(headers: &mut HeaderMap) {
    for name in &OF_THE_BODY {
        headers.remove(name);
    }
    if headers.contains_key(ETAG) {
        headers.remove(LAST_MODIFIED);
    }
}
