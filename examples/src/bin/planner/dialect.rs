//! How Planner spells conditional requests.

use std::time::SystemTime;

use etag_axum::JsonBatch;
use etag_core::{
    BatchRules, Comparison, Dialect, ErrorEnvelope, ErrorRow, ErrorShape, ErrorTable, MergeDisjoint, Mismatch, Named,
    Refusal, RefusalKind, Stale, TagMember, TagOfAbsent, TagPlacement, TagText, Wildcard,
};
use jiff::Timestamp;
use serde_json::{Value, json};
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
    too_long_status: 412,
    error_envelope: ErrorEnvelope::Own(&ERRORS),
    batch: Some(GRAPH_BATCH),
    ..Dialect::RFC_9110
};

/// Requests of a batch are done one after the other, and none is undone.
pub(crate) const GRAPH_BATCH: BatchRules = BatchRules::new(&JsonBatch::GRAPH, 20);

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

/// The request header that names a request, and comes back.
const CLIENT_REQUEST_ID: &str = "client-request-id";

/// The code of a delete that is refused since something is in what it would delete.
pub(crate) const NOT_EMPTY: &str = "NotEmpty";

/// Most errors have no code: clients tell them apart by status and text.
pub(crate) const ERRORS: ErrorTable = ErrorTable {
    echoed_headers: &[CLIENT_REQUEST_ID],
    shape: ErrorShape::Object(&[(
        "error",
        ErrorShape::Object(&[
            ("code", ErrorShape::Code),
            ("message", ErrorShape::Message),
            (
                "innerError",
                ErrorShape::Object(&[
                    ("date", ErrorShape::Own(|_, context| Some(date(context.at).into()))),
                    ("request-id", ErrorShape::Own(|_, context| Some(json!(Uuid::from_bytes(context.request_id))))),
                    (
                        CLIENT_REQUEST_ID,
                        ErrorShape::Own(|_, context| (context.header)(CLIENT_REQUEST_ID).map(Value::from)),
                    ),
                ]),
            ),
        ]),
    )]),
    ..ErrorTable::new(&[
        ErrorRow::new(RefusalKind::ConditionMissing, "")
            .saying("The If-Match header must be specified for this kind of request.")
            .under(412),
        ErrorRow::new(RefusalKind::ForeignTag, "")
            .saying("The If-Match header contains an invalid value.")
            .or_for(&[RefusalKind::ConditionMalformed, RefusalKind::ConditionTooLong]),
        ErrorRow::new(RefusalKind::UnknownTag, "")
            .saying("The etag in the If-Match header no longer matches a version of the resource.")
            .or_for(&[RefusalKind::Stale, RefusalKind::Exists]),
        ErrorRow::new(RefusalKind::WildcardRefused, "").saying("The given key was not present in the dictionary."),
        ErrorRow::new(RefusalKind::Conflicting, "").saying(
            "The attempted changes conflicted with already accepted changes. \
             Read the latest state and resolve differences.",
        ),
        ErrorRow::new(RefusalKind::Conflicting, NOT_EMPTY),
        ErrorRow::new(RefusalKind::AlreadyExists, "NameAlreadyExists"),
        ErrorRow::new(RefusalKind::NotFound, "")
            .saying("The requested item is not found.")
            .or_for(&[RefusalKind::Gone]),
        ErrorRow::new(RefusalKind::Unauthenticated, "InvalidAuthenticationToken").saying("Access token is empty."),
        ErrorRow::new(RefusalKind::Forbidden, ""),
        ErrorRow::new(RefusalKind::FailedDependency, "FailedDependency"),
        ErrorRow::new(RefusalKind::MethodNotAllowed, ""),
        ErrorRow::new(RefusalKind::UnsupportedMediaType, ""),
        ErrorRow::new(RefusalKind::TooLarge, ""),
        ErrorRow::new(RefusalKind::Invalid, ""),
        ErrorRow::new(RefusalKind::OutcomeUnknown, "OutcomeUnknown"),
        ErrorRow::new(RefusalKind::Unavailable, "ServiceUnavailable"),
        ErrorRow::new(RefusalKind::Internal, "InternalServerError"),
    ])
};

/// As in `2022-05-18T06:54:55`.
fn date(at: SystemTime) -> String {
    Timestamp::try_from(at).map(|at| at.strftime("%Y-%m-%dT%H:%M:%S").to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use etag_core::{ErrorContext, ErrorFormat as _};

    use super::*;

    #[test]
    fn a_client_reads_each_kind_that_has_a_text_or_a_status_of_its_own() {
        use RefusalKind::{ConditionMalformed, ConditionTooLong, Exists, ForeignTag, Gone, Stale, UnknownTag};
        let foreign = [ConditionMalformed, ConditionTooLong].map(|kind| (kind, Some(ForeignTag)));
        let unknown = [Stale, Exists].map(|kind| (kind, Some(UnknownTag)));
        let misread = PLANNER.misread_kinds();
        assert_eq!(misread, [&foreign[..], &unknown[..], &[(Gone, None)]].concat());
    }

    #[test]
    fn what_is_no_error_of_the_service_is_not_read() {
        assert_eq!(ERRORS.read(412, b"{}"), None);
        assert_eq!(ERRORS.read(418, br#"{"error":{"code":"","message":"tea"}}"#), None);
    }

    #[test]
    fn a_request_is_named_by_both_sides() {
        let written = |header: Option<&'static str>| {
            let header = |name: &str| header.filter(|_| name == CLIENT_REQUEST_ID);
            let context =
                ErrorContext { status: 409, at: SystemTime::UNIX_EPOCH, request_id: [7; 16], header: &header };
            let body = ERRORS.write(&Refusal::new(RefusalKind::Conflicting), &context).body;
            serde_json::from_slice::<Value>(&body).unwrap()
        };
        let told = &written(Some("mine"))["error"];
        assert_eq!(told["code"], "");
        assert_eq!(told["innerError"]["date"], "1970-01-01T00:00:00");
        assert_eq!(told["innerError"]["request-id"], "07070707-0707-0707-0707-070707070707");
        assert_eq!(told["innerError"]["client-request-id"], "mine");
        assert!(written(None)["error"]["innerError"].get("client-request-id").is_none());
    }
}
