//! Errors as RFC 9457 problem details.

mod from_core;
mod kind;

use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use etag_core::{Dialect, ErrorEnvelope, Malformed, Refusal, Violations};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header};
use problem_details::ProblemDetails;
use serde::Serialize;

pub(crate) use self::kind::ProblemKind;
use crate::{batch::ItemAnswer, envelope::Envelope, respond};

/// An answer that is not the one the client hoped for.
#[derive(Clone, Debug)]
pub(crate) struct Problem(Box<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    kind: ProblemKind,
    status: StatusCode,
    detail: String,
    members: Members,
    headers: HeaderMap,
    representation: Option<Bytes>,
}

/// The extension members (RFC 9457 §3.2).
#[derive(Clone, Debug, Default, Serialize)]
struct Members {
    #[serde(skip_serializing_if = "Option::is_none")]
    header: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    changed: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    children: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    byte: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<Invalid>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    items: Vec<ItemAnswer>,
}

/// What is wrong with one member of a body.
#[derive(Clone, Debug, Serialize)]
struct Invalid {
    pointer: String,
    detail: String,
}

impl Problem {
    pub(crate) fn new(kind: ProblemKind, detail: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            kind,
            status: kind.status(),
            detail: detail.into(),
            members: Members::default(),
            headers: HeaderMap::new(),
            representation: None,
        }))
    }

    /// A conditional field that can't be read, or not to its end.
    pub(crate) fn malformed_condition(malformed: Malformed, dialect: &Dialect) -> Self {
        let refusal = Refusal::from(malformed);
        let kind = ProblemKind::of_refusal(refusal.kind);
        let mut problem = Self::new(kind, malformed.to_string()).with_status(dialect.status_of(&refusal));
        problem.0.members.header = Some(malformed.header());
        problem.0.members.line = Some(malformed.line());
        problem.0.members.byte = Some(malformed.byte());
        problem
    }

    /// A body that is not JSON, or not of the shape that its media type demands.
    pub(crate) fn malformed_body(error: &serde_json::Error) -> Self {
        let mut problem = Self::new(ProblemKind::MalformedBody, format!("the body can't be read: {error}"));
        problem.0.members.line = Some(error.line());
        problem.0.members.column = Some(error.column());
        problem
    }

    /// A body that breaks rules of the model.
    pub(crate) fn invalid(violations: &Violations) -> Self {
        let mut problem = Self::new(ProblemKind::Invalid, violations.to_string());
        let error = |violation: &etag_core::Violation| Invalid {
            pointer: violation.pointer.to_string(),
            detail: violation.message.to_string(),
        };
        problem.0.members.errors = violations.iter().map(error).collect();
        problem
    }

    /// A body of which one member is wrong.
    pub(crate) fn invalid_member(pointer: String, message: String) -> Self {
        let mut violations = Violations::new();
        violations.add(pointer, message);
        Self::invalid(&violations)
    }

    pub(crate) fn not_found() -> Self {
        Self::new(ProblemKind::NotFound, "there is no such resource")
    }

    /// What a dialect-neutral refusal is among the problems.
    pub(crate) fn of_refusal(refusal: &Refusal) -> Self {
        Self::new(ProblemKind::of_refusal(refusal.kind), refusal.to_string())
    }

    /// Its status, and what is wrong in words.
    pub(crate) fn into_plain(self) -> (StatusCode, String) {
        (self.0.status, self.0.detail)
    }

    /// Whether a hook refused.
    pub(crate) fn is_refusal(&self) -> bool {
        matches!(self.0.kind, ProblemKind::Unauthenticated | ProblemKind::Forbidden | ProblemKind::NotFound)
    }

    /// With a status that a dialect chose; one that is none is passed over.
    pub(crate) fn with_status(mut self, status: u16) -> Self {
        self.0.status = StatusCode::from_u16(status).unwrap_or(self.0.status);
        self
    }

    pub(crate) fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.0.headers.insert(name, value);
        self
    }

    /// With the name of the request's header that is to blame.
    pub(crate) fn about_header(mut self, name: &'static str) -> Self {
        self.0.members.header = Some(name);
        self
    }

    /// With what became of the resource.
    pub(crate) fn with_state(mut self, state: &'static str) -> Self {
        self.0.members.state = Some(state);
        self
    }

    /// With the names of the fields that changed, where they are known.
    pub(crate) fn with_changed(mut self, fields: Option<Vec<String>>) -> Self {
        self.0.members.changed = fields;
        self
    }

    /// With the paths of the children that are in the way.
    pub(crate) fn with_children(mut self, paths: Vec<String>) -> Self {
        self.0.members.children = Some(paths);
        self
    }

    /// The same as a problem of another kind.
    pub(crate) fn of_kind(mut self, kind: ProblemKind) -> Self {
        (self.0.kind, self.0.status) = (kind, kind.status());
        self
    }

    /// With the current representation as the body, in place of the problem details (RFC 8144 §3.2).
    pub(crate) fn with_representation(mut self, body: Bytes) -> Self {
        self.0.representation = Some(body);
        self
    }

    /// The same about a body that stands at `pointer` in another one.
    pub(crate) fn within(mut self, pointer: &str) -> Self {
        for error in &mut self.0.members.errors {
            error.pointer.insert_str(0, pointer);
        }
        self
    }

    /// With the answer to each item of a batch.
    pub(crate) fn with_items(mut self, items: Vec<ItemAnswer>) -> Self {
        self.0.members.items = items;
        self
    }

    /// Whether the server is to blame, and not the request.
    pub(crate) fn is_the_servers(&self) -> bool {
        self.0.status.is_server_error()
    }

    pub(crate) fn headers_mut(&mut self) -> &mut HeaderMap {
        &mut self.0.headers
    }

    /// The answer, in the shape of the dialect.
    pub(crate) fn into_response(self, envelope: &Envelope<'_>) -> Response {
        let Inner { kind, status, detail, members, headers, representation } = *self.0;
        let mut response = match (representation, envelope.shape) {
            (Some(body), _) => respond::json(status, body),
            (None, ErrorEnvelope::Own(_)) => envelope.refuse(&Refusal::new(kind.refusal()).saying(detail), status),
            (None, _) => details(kind, status, detail, members, envelope.instance).into_response(),
        };
        response.headers_mut().extend(headers);
        response
    }
}

fn details(
    kind: ProblemKind,
    status: StatusCode,
    detail: String,
    members: Members,
    at: &Uri,
) -> ProblemDetails<Members> {
    let instance = at.path().parse().unwrap_or_else(|_| Uri::from_static("/"));
    ProblemDetails::from_status_code(status)
        .with_type(Uri::from_static(kind.uri()))
        .with_title(kind.title())
        .with_detail(detail)
        .with_instance(instance)
        .with_extensions(members)
}

/// Seconds for `Retry-After` (RFC 9110 §10.2.3), at least one.
pub(crate) fn retry_after(pause: std::time::Duration) -> (HeaderName, HeaderValue) {
    (header::RETRY_AFTER, HeaderValue::from(pause.as_secs().max(1)))
}
