//! How Planner spells conditional requests.

use std::{borrow::Cow, time::SystemTime};

use etag_axum::JsonBatch;
use etag_core::{
    AfterFailure, BatchRules, Comparison, Dialect, ErrorBody, ErrorContext, ErrorEnvelope, ErrorFormat, MergeDisjoint,
    Mismatch, Named, PartReferences, Refusal, RefusalKind, Stale, TagMember, TagOfAbsent, TagPlacement, TagText,
    Wildcard,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::tag::PlannerTags;

/// Weak tags in each representation, 412 where a condition is missing or makes no sense, and changes merged where they do not
/// conflict.
pub(crate) const PLANNER: Dialect = Dialect {
    name: "Microsoft Graph Planner",
    codec: &PlannerTags,
    comparison: Comparison::Weak,
    tag_placement: TagPlacement::HeaderAndMember(TagMember::new("@odata.etag", TagText::Quoted)),
    wildcard: Wildcard::Refused,
    tag_of_absent: TagOfAbsent::NotFound,
    missing_status: 412,
    mismatch: &MergeDisjoint,
    malformed_status: 412,
    error_envelope: ErrorEnvelope::Own(&GraphErrors),
    batch: Some(GRAPH_BATCH),
    ..Dialect::RFC_9110
};

/// Requests of a batch are done one after the other, and none is undone.
pub(crate) const GRAPH_BATCH: BatchRules = BatchRules {
    codec: &JsonBatch::GRAPH,
    most_parts: 20,
    after_failure: AfterFailure::GoOn,
    references: PartReferences::None,
};

/// Nothing is merged: a former version conflicts, whatever changed since.
#[derive(Debug)]
pub(crate) struct ArticleMode;

impl Mismatch for ArticleMode {
    fn judge(&self, stale: &Stale<'_>) -> Result<(), Refusal> {
        Err(Refusal::new(match stale.named {
            Named::State(_) => RefusalKind::Conflicting,
            Named::Unknown => RefusalKind::UnknownTag,
            Named::Foreign => RefusalKind::ForeignTag,
        }))
    }
}

/// `{"error": {"code", "message", "innerError"}}`.
#[derive(Debug)]
pub(crate) struct GraphErrors;

/// The request header that names a request, and comes back.
const CLIENT_REQUEST_ID: &str = "client-request-id";

impl ErrorFormat for GraphErrors {
    fn echoed_headers(&self) -> &'static [&'static str] {
        &[CLIENT_REQUEST_ID]
    }

    fn write(&self, refusal: &Refusal, context: &ErrorContext<'_>) -> ErrorBody {
        let (usual_code, usual_message) = usual(refusal.kind);
        let inner = Inner {
            date: date(context.at),
            request_id: Uuid::from_bytes(context.request_id),
            client_request_id: (context.header)(CLIENT_REQUEST_ID),
        };
        let message = usual_message.or(refusal.message.as_deref()).unwrap_or(refusal.kind.usual_message());
        let code = refusal.code.as_deref().unwrap_or(usual_code);
        let error = Told { code: code.into(), message: message.into(), inner: Some(inner) };
        let body = serde_json::to_vec(&Envelope { error }).expect("texts are JSON");
        ErrorBody { content_type: "application/json".into(), body: body.into() }
    }

    fn read(&self, status: u16, body: &[u8]) -> Option<RefusalKind> {
        let Envelope { error } = serde_json::from_slice(body).ok()?;
        let is_it = |kind: &RefusalKind| {
            let (code, message) = usual(*kind);
            PLANNER.status_of(&Refusal::new(*kind)) == status
                && (code.is_empty() || code == error.code)
                && message.is_none_or(|message| message == error.message)
        };
        TOLD_APART.into_iter().find(is_it)
    }
}

/// The kinds of which clients can tell which one it is; those with a text or a code of their own stand first.
const TOLD_APART: [RefusalKind; 17] = [
    RefusalKind::ConditionMissing,
    RefusalKind::ForeignTag,
    RefusalKind::UnknownTag,
    RefusalKind::WildcardRefused,
    RefusalKind::OutcomeUnknown,
    RefusalKind::Conflicting,
    RefusalKind::AlreadyExists,
    RefusalKind::NotFound,
    RefusalKind::Unauthenticated,
    RefusalKind::Forbidden,
    RefusalKind::FailedDependency,
    RefusalKind::MethodNotAllowed,
    RefusalKind::UnsupportedMediaType,
    RefusalKind::TooLarge,
    RefusalKind::Invalid,
    RefusalKind::Unavailable,
    RefusalKind::Internal,
];

/// The code of a kind, and its text where it has but one.
fn usual(kind: RefusalKind) -> (&'static str, Option<&'static str>) {
    match kind {
        RefusalKind::ConditionMissing => ("", Some("The If-Match header must be specified for this kind of request.")),
        RefusalKind::ForeignTag | RefusalKind::ConditionMalformed => {
            ("", Some("The If-Match header contains an invalid value."))
        }
        RefusalKind::WildcardRefused => ("", Some("The given key was not present in the dictionary.")),
        RefusalKind::Conflicting => (
            "",
            Some(
                "The attempted changes conflicted with already accepted changes. \
                 Read the latest state and resolve differences.",
            ),
        ),
        RefusalKind::UnknownTag | RefusalKind::Stale | RefusalKind::Exists => {
            ("", Some("The etag in the If-Match header no longer matches a version of the resource."))
        }
        RefusalKind::NotFound | RefusalKind::Gone => ("", Some("The requested item is not found.")),
        RefusalKind::Unauthenticated => ("InvalidAuthenticationToken", Some("Access token is empty.")),
        RefusalKind::AlreadyExists => ("NameAlreadyExists", None),
        RefusalKind::FailedDependency => ("FailedDependency", None),
        RefusalKind::OutcomeUnknown => ("OutcomeUnknown", None),
        RefusalKind::Unavailable => ("ServiceUnavailable", None),
        RefusalKind::Internal => ("InternalServerError", None),
        _ => ("", None),
    }
}

/// As in `2022-05-18T06:54:55`.
fn date(at: SystemTime) -> String {
    Timestamp::try_from(at).map(|at| at.strftime("%Y-%m-%dT%H:%M:%S").to_string()).unwrap_or_default()
}

#[derive(Serialize, Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    error: Told<'a>,
}

#[derive(Serialize, Deserialize)]
struct Told<'a> {
    code: Cow<'a, str>,
    message: Cow<'a, str>,
    #[serde(rename = "innerError", skip_deserializing)]
    inner: Option<Inner<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Inner<'a> {
    date: String,
    request_id: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_request_id: Option<&'a str>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(refusal: &Refusal, header: Option<&str>) -> serde_json::Value {
        let header = |name: &str| header.filter(|_| name == CLIENT_REQUEST_ID);
        let status = PLANNER.status_of(refusal);
        let at = SystemTime::UNIX_EPOCH;
        let body = GraphErrors.write(refusal, &ErrorContext { status, at, request_id: [7; 16], header: &header });
        serde_json::from_slice(&body.body).unwrap()
    }

    #[test]
    fn kinds_that_clients_can_tell_are_read_back() {
        for kind in TOLD_APART {
            for refusal in [Refusal::new(kind), Refusal::new(kind).saying("in other words")] {
                let body = written(&refusal, None).to_string();
                let status = PLANNER.status_of(&refusal);
                assert_eq!(GraphErrors.read(status, body.as_bytes()), Some(kind), "{status} {body}");
            }
        }
    }

    #[test]
    fn what_is_no_error_of_the_service_is_not_read() {
        assert_eq!(GraphErrors.read(412, b"{}"), None);
        assert_eq!(GraphErrors.read(418, br#"{"error":{"code":"","message":"tea"}}"#), None);
    }

    #[test]
    fn a_request_is_named_by_both_sides() {
        let refusal = Refusal::new(RefusalKind::Conflicting);
        let told = &written(&refusal, Some("mine"))["error"];
        assert_eq!(told["code"], "");
        assert_eq!(told["innerError"]["date"], "1970-01-01T00:00:00");
        assert_eq!(told["innerError"]["request-id"], "07070707-0707-0707-0707-070707070707");
        assert_eq!(told["innerError"]["client-request-id"], "mine");
        assert!(written(&refusal, None)["error"]["innerError"].get("client-request-id").is_none());
    }
}
