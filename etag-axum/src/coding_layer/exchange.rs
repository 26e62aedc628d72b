//! What is remembered of a request until its answer comes back.

use axum::response::Response;
use etag_core::{ETag, MethodKind};
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, ETAG, IF_NONE_MATCH, RANGE, VARY};
use http::{HeaderMap, HeaderValue, Request, StatusCode};

use super::coding::{Coding, Codings};
use super::negotiate::negotiate;
use super::suffix::{self, Stripped};
use crate::absent_body::absent;
use crate::extract::method_kind;

/// One request and its answer.
pub(super) struct Exchange {
    kind: MethodKind,
    asked: Option<Asked>,
}

/// A read's `If-None-Match` as the client sent it, and the coding that was taken off its tags.
struct Asked {
    coding: Coding,
    lines: Vec<HeaderValue>,
}

impl Exchange {
    /// Takes the suffixes off the request's conditions.
    pub(super) fn begin<B>(request: &mut Request<B>, offered: Codings) -> Self {
        match method_kind(request.method()) {
            MethodKind::Read => Self { kind: MethodKind::Read, asked: begin_read(request, offered) },
            MethodKind::Write => {
                suffix::strip(request.headers_mut(), Stripped::Any);
                Self { kind: MethodKind::Write, asked: None }
            }
        }
    }

    /// Puts the suffix on the answer's tag, and `Vary` beside it.
    pub(super) fn finish(&self, response: Response) -> Response {
        let mut response = take_back(response);
        let status = response.status();
        let headers = response.headers_mut();
        if let Some(coding) = self.coding(status, headers) {
            put_suffix(headers, coding);
        }
        let selects = status.is_success() || status == StatusCode::NOT_MODIFIED;
        if self.kind == MethodKind::Read && selects {
            vary_by_coding(headers);
        }
        response
    }

    fn coding(&self, status: StatusCode, headers: &HeaderMap) -> Option<Coding> {
        if status == StatusCode::NOT_MODIFIED {
            return self.asked.as_ref()?.coding_of(&tag(headers)?);
        }
        Coding::in_header(headers.get(CONTENT_ENCODING)?.as_bytes())
    }
}

impl Asked {
    /// The coding of the stored answer that a 304 with this tag stands for, where the client named it with a suffix.
    fn coding_of(&self, etag: &ETag) -> Option<Coding> {
        let suffixed = suffix::suffixed(etag, self.coding);
        self.lines.iter().any(|line| suffix::names(line, &suffixed)).then_some(self.coding)
    }
}

/// Undoes the compression of no body: compressed it is one, which a 204 and a 304 can't have (RFC 9110 §6.4.1), and over
/// HTTP/2 is an error of the protocol.
fn take_back(response: Response) -> Response {
    let has_no_body = matches!(response.status(), StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED);
    if !has_no_body || !response.headers().contains_key(CONTENT_ENCODING) {
        return response;
    }
    let mut response = response.map(|_| absent());
    response.headers_mut().remove(CONTENT_ENCODING);
    response
}

fn begin_read<B>(request: &mut Request<B>, offered: Codings) -> Option<Asked> {
    let headers = request.headers();
    // Negotiating is put off until a tag may have a suffix, which few requests' tags have.
    if !suffix::is_marked(headers) || headers.contains_key(RANGE) {
        return None;
    }
    let coding = negotiate(headers, offered)?;
    let lines = headers.get_all(IF_NONE_MATCH).into_iter().cloned().collect();
    suffix::strip(request.headers_mut(), Stripped::Only(coding));
    Some(Asked { coding, lines })
}

fn put_suffix(headers: &mut HeaderMap, coding: Coding) {
    if let Some(etag) = tag(headers) {
        headers.insert(ETAG, HeaderValue::from(suffix::suffixed(&etag, coding)));
    }
}

/// The one tag of an answer; what is not one tag is left as it is.
fn tag(headers: &HeaderMap) -> Option<ETag> {
    let mut lines = headers.get_all(ETAG).into_iter();
    let etag = ETag::parse(lines.next()?.as_bytes()).ok()?;
    lines.next().is_none().then_some(etag)
}

fn vary_by_coding(headers: &mut HeaderMap) {
    if !headers.get_all(VARY).into_iter().any(names_accept_encoding) {
        headers.append(VARY, HeaderValue::from_static("accept-encoding"));
    }
}

fn names_accept_encoding(line: &HeaderValue) -> bool {
    line.as_bytes().split(|&byte| byte == b',').map(<[u8]>::trim_ascii).any(|name| {
        // RFC 9110 §12.5.5: `*` says that anything may have played a part.
        name == b"*" || name.eq_ignore_ascii_case(ACCEPT_ENCODING.as_str().as_bytes())
    })
}
