//! `/openapi.json`, itself a conditional resource.

use axum::{Router, response::Response, routing::get};
use bytes::Bytes;
use etag_core::{Current, Digester, ETag, MethodKind, Preconditions, TagLimits, Verdict};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::Value;

use crate::respond;

/// The route of the description. It is for everyone, whoever may do what it describes.
pub(crate) fn route(document: &Value) -> Router {
    let json = Bytes::from(document.to_string());
    let etag = tag_of(&json);
    let answer = move |headers: HeaderMap| {
        let response = answer(&headers, &json, &etag);
        async move { response }
    };
    Router::new().route("/openapi.json", get(answer))
}

fn tag_of(json: &Bytes) -> ETag {
    let mut digester = Digester::new();
    digester.bytes(json);
    ETag::strong(digester.finish().to_string()).expect("base64url is of characters that tags may have")
}

fn answer(headers: &HeaderMap, json: &Bytes, etag: &ETag) -> Response {
    let preconditions = Preconditions::from_headers(headers, &TagLimits::default());
    let mut response = match preconditions.evaluate(&Current::tagged(etag), MethodKind::Read) {
        Verdict::Proceed => respond::json(StatusCode::OK, json.clone()),
        Verdict::NotModified => respond::bare(StatusCode::NOT_MODIFIED),
        Verdict::Failed(_) => respond::bare(StatusCode::PRECONDITION_FAILED),
        Verdict::Malformed(malformed) if malformed.is_too_large() => {
            respond::bare(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE)
        }
        Verdict::Malformed(_) => respond::bare(StatusCode::BAD_REQUEST),
    };
    response.headers_mut().insert(header::ETAG, etag.into());
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}
