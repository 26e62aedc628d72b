//! Pieces of answers.

use axum::{body::Body, response::Response};
use bytes::Bytes;
use etag_core::{ETag, TagPlacement, format_http_date};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use crate::absent_body::absent;

pub(crate) const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// An answer with a JSON body.
pub(crate) fn json(status: StatusCode, body: Bytes) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, JSON);
    response
}

/// An answer without a body.
pub(crate) fn bare(status: StatusCode) -> Response {
    let body = match status {
        StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED => absent(),
        _ => Body::empty(),
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response
}

/// Puts the tag where the dialect wants it.
pub(crate) fn place_tag(headers: &mut HeaderMap, placement: TagPlacement, etag: &ETag) {
    if placement == TagPlacement::Header {
        headers.insert(header::ETAG, etag.into());
    }
}

/// Adds `Last-Modified`, where the time has a form in HTTP.
pub(crate) fn place_date(headers: &mut HeaderMap, at: std::time::SystemTime) {
    let date = format_http_date(at).and_then(|date| HeaderValue::try_from(date).ok());
    if let Some(date) = date {
        headers.insert(header::LAST_MODIFIED, date);
    }
}
