//! The media types of bodies.

use http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::problem::{Problem, ProblemKind};

/// What `Accept-Patch` says (RFC 5789 §3.1).
pub(crate) const ACCEPT_PATCH: HeaderValue =
    HeaderValue::from_static("application/merge-patch+json, application/json-patch+json");
/// The header of the same name, which the `http` crate has not.
pub(crate) const ACCEPT_PATCH_NAME: HeaderName = HeaderName::from_static("accept-patch");
/// What a collection accepts, by the example of `Accept-Patch`.
pub(crate) const ACCEPT_POST_NAME: HeaderName = HeaderName::from_static("accept-post");

const MERGE_PATCH: &str = "application/merge-patch+json";
const JSON_PATCH: &str = "application/json-patch+json";

/// The two kinds of patch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PatchFormat {
    /// RFC 7396.
    Merge,
    /// RFC 6902.
    Json,
}

/// Demands a JSON document.
pub(crate) fn demand_json(headers: &HeaderMap, accept: HeaderName) -> Result<(), Problem> {
    demand_plain(headers)?;
    let essence = essence(headers);
    let is_json = essence.as_deref().is_some_and(|essence| {
        essence == "application/json"
            || (essence.starts_with("application/") && essence.ends_with("+json") && !is_patch(essence))
    });
    if is_json {
        return Ok(());
    }
    let detail = format!("send application/json, not {}", essence.as_deref().unwrap_or("a body of no stated type"));
    let accepted = HeaderValue::from_static("application/json");
    Err(Problem::new(ProblemKind::UnsupportedMediaType, detail).with_header(accept, accepted))
}

/// Demands one of the two kinds of patch.
pub(crate) fn demand_patch(headers: &HeaderMap) -> Result<PatchFormat, Problem> {
    demand_plain(headers)?;
    let essence = essence(headers);
    match essence.as_deref() {
        Some(MERGE_PATCH) => Ok(PatchFormat::Merge),
        Some(JSON_PATCH) => Ok(PatchFormat::Json),
        other => {
            let sent = other.unwrap_or("a body of no stated type");
            let detail = format!("send {MERGE_PATCH} or {JSON_PATCH}, not {sent}");
            Err(Problem::new(ProblemKind::UnsupportedMediaType, detail).with_header(ACCEPT_PATCH_NAME, ACCEPT_PATCH))
        }
    }
}

fn is_patch(essence: &str) -> bool {
    matches!(essence, MERGE_PATCH | JSON_PATCH)
}

/// The type without its parameters, in lower case; none where there is not exactly one that can be read.
fn essence(headers: &HeaderMap) -> Option<String> {
    let mut lines = headers.get_all(header::CONTENT_TYPE).into_iter();
    let line = lines.next()?.to_str().ok()?;
    if lines.next().is_some() {
        return None;
    }
    let essence = line.split(';').next().unwrap_or_default();
    Some(essence.trim().to_ascii_lowercase())
}

/// Demands a body without a content coding, which only a layer before the routes could undo (RFC 9110 §15.5.16).
fn demand_plain(headers: &HeaderMap) -> Result<(), Problem> {
    let is_plain = |coding: &HeaderValue| coding.as_bytes().eq_ignore_ascii_case(b"identity");
    if headers.get_all(header::CONTENT_ENCODING).into_iter().all(is_plain) {
        return Ok(());
    }
    let problem = Problem::new(ProblemKind::UnsupportedMediaType, "send the body without a Content-Encoding");
    Err(problem.with_header(header::ACCEPT_ENCODING, HeaderValue::from_static("identity")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(content_type: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(content_type))])
    }

    #[test]
    fn json_is_known_by_its_type_and_suffix() {
        for json in [
            "application/json",
            "Application/JSON; charset=utf-8",
            "application/vnd.task+json",
            "application/ld+json;x=y",
        ] {
            assert!(demand_json(&with(json), header::ACCEPT).is_ok(), "{json}");
        }
    }

    #[test]
    fn what_is_not_a_json_document_is_refused() {
        for other in [
            "text/plain",
            "application/jsonp",
            "text/json",
            "application/merge-patch+json",
            "application/json-patch+json",
            "",
        ] {
            assert!(demand_json(&with(other), header::ACCEPT).is_err(), "{other}");
        }
        assert!(demand_json(&HeaderMap::new(), header::ACCEPT).is_err());
    }

    #[test]
    fn a_coded_body_is_refused() {
        let mut headers = with("application/json");
        headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        assert!(demand_json(&headers, header::ACCEPT).is_err());
    }
}
