//! Pieces of answers.

use std::{
    cell::RefCell,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

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
    if placement.is_in_header() {
        headers.insert(header::ETAG, etag.into());
    }
}

/// Adds `Last-Modified`, where the time has a form in HTTP.
pub(crate) fn place_date(headers: &mut HeaderMap, at: SystemTime) {
    if let Some(date) = at.duration_since(UNIX_EPOCH).ok().and_then(|since| date(since.as_secs())) {
        headers.insert(header::LAST_MODIFIED, date);
    }
}

thread_local! {
    /// The second that was written last, and its text.
    static LAST_DATE: RefCell<Option<(u64, HeaderValue)>> = const { RefCell::new(None) };
}

/// The text of a second since 1970. That of the last one is kept, for those who poll one resource.
fn date(second: u64) -> Option<HeaderValue> {
    LAST_DATE.with_borrow_mut(|last| match last {
        Some((at, text)) if *at == second => Some(text.clone()),
        _ => {
            let text = HeaderValue::try_from(format_http_date(UNIX_EPOCH + Duration::from_secs(second))?).ok()?;
            *last = Some((second, text.clone()));
            Some(text)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(second: u64) -> Option<HeaderValue> {
        let mut headers = HeaderMap::new();
        place_date(&mut headers, UNIX_EPOCH + Duration::from_millis(second * 1000 + 999));
        headers.remove(header::LAST_MODIFIED)
    }

    #[test]
    fn each_second_has_its_own_text() {
        for _ in 0..2 {
            assert_eq!(text(784_111_777).unwrap(), "Sun, 06 Nov 1994 08:49:37 GMT");
            assert_eq!(text(784_111_777).unwrap(), "Sun, 06 Nov 1994 08:49:37 GMT");
            assert_eq!(text(784_111_778).unwrap(), "Sun, 06 Nov 1994 08:49:38 GMT");
        }
    }

    #[test]
    fn a_time_without_a_form_is_not_sent() {
        assert_eq!(text(253_402_300_800), None);
    }
}
