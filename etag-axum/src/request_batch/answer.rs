//! The responses of the router as answers of a batch.

use axum::response::Response;
use etag_core::PartAnswer;
use http::{HeaderMap, HeaderName, StatusCode, header};
use http_body_util::BodyExt as _;

/// The answer that says what a response says.
pub(super) async fn collect(id: Option<String>, response: Response) -> PartAnswer {
    let (parts, body) = response.into_parts();
    match body.collect().await {
        Ok(body) => {
            PartAnswer { id, status: parts.status.as_u16(), headers: headers(&parts.headers), body: body.to_bytes() }
        }
        Err(error) => {
            tracing::error!(%error, "the body of a response can't be read");
            PartAnswer { id, status: StatusCode::INTERNAL_SERVER_ERROR.as_u16(), ..PartAnswer::default() }
        }
    }
}

/// Those about the response, and not about its way.
fn headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let told = headers.iter().filter(|(name, _)| !is_of_connection(name) && **name != header::CONTENT_LENGTH);
    let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    told.map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}

/// Whether a header is about one connection alone (RFC 9110 §7.6.1).
pub(super) fn is_of_connection(name: &HeaderName) -> bool {
    [header::CONNECTION, header::TE, header::TRAILER, header::TRANSFER_ENCODING, header::UPGRADE, header::EXPECT]
        .contains(name)
        || ["keep-alive", "proxy-connection", "http2-settings"].contains(&name.as_str())
}

pub(super) fn has_failed(answer: &PartAnswer) -> bool {
    answer.status >= 400
}

/// Takes back a tag that may be one that nothing will ever have.
pub(super) fn forget_tag(answer: &mut PartAnswer) {
    answer.headers.retain(|(name, _)| !name.eq_ignore_ascii_case(header::ETAG.as_str()));
}
