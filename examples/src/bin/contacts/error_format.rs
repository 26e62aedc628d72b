//! The errors of Google's APIs.

use etag_core::{ErrorRow, ErrorShape, ErrorTable, Refusal, RefusalKind, ToldError};
use serde_json::{Value, json};

/// The words for a source's tag that is not the current one.
pub(crate) const STALE_SOURCE: &str = "Request person.metadata.sources.etag is different than the current \
     person.metadata.sources.etag. Clear local cache and get the latest person.";

/// The words for a group's tag that is not the current one.
pub(crate) const STALE_GROUP: &str = "Request contactGroup.etag is different than the current contactGroup.etag. \
     Clear local cache and get the latest contact group.";

const STALE_PERSON: &str =
    "Request person.etag is different than the current person.etag. Clear local cache and get the latest person.";

const CONDITION_MISSING: &str = "Request must set person.etag or person.metadata.sources.etag for the source that is \
     being updated.";

const EXPIRED: &str = "Sync token is expired. Clear local cache and retry call without the sync token.";

/// The errors of Google's APIs, by their canonical codes: `{"error": {"code", "message", "status", "errors", "details"}}`.
pub(crate) const ERRORS: ErrorTable = ErrorTable {
    content_type: "application/json; charset=UTF-8",
    shape: ErrorShape::Object(&[(
        "error",
        ErrorShape::Object(&[CODE, MESSAGE, STATUS, ERRORS_OF_OLDER_APIS, DETAILS]),
    )]),
    ..ErrorTable::new(&ROWS)
};

/// The same with what is needed alone.
pub(crate) const PLAIN_ERRORS: ErrorTable = ErrorTable {
    shape: ErrorShape::Object(&[("error", ErrorShape::Object(&[CODE, MESSAGE, STATUS, OWN_DETAILS]))]),
    ..ERRORS
};

const ROWS: [ErrorRow; 15] = [
    ErrorRow::new(RefusalKind::Gone, "FAILED_PRECONDITION").under(400).saying(EXPIRED),
    ErrorRow::new(RefusalKind::Stale, "FAILED_PRECONDITION")
        .under(400)
        .usually_saying(STALE_PERSON)
        .or_for(&[RefusalKind::UnknownTag, RefusalKind::ForeignTag]),
    ErrorRow::new(RefusalKind::ConditionMissing, "INVALID_ARGUMENT").under(400).saying(CONDITION_MISSING),
    ErrorRow::new(RefusalKind::Invalid, "INVALID_ARGUMENT").or_for(&[
        RefusalKind::ConditionMalformed,
        RefusalKind::ConditionTooLong,
        RefusalKind::WildcardRefused,
    ]),
    ErrorRow::new(RefusalKind::TooLarge, "INVALID_ARGUMENT"),
    ErrorRow::new(RefusalKind::UnsupportedMediaType, "INVALID_ARGUMENT"),
    ErrorRow::new(RefusalKind::Unauthenticated, "UNAUTHENTICATED")
        .usually_saying("Request is missing required authentication credential."),
    ErrorRow::new(RefusalKind::Forbidden, "PERMISSION_DENIED"),
    ErrorRow::new(RefusalKind::NotFound, "NOT_FOUND").usually_saying("Requested entity was not found."),
    ErrorRow::new(RefusalKind::MethodNotAllowed, "UNIMPLEMENTED"),
    ErrorRow::new(RefusalKind::AlreadyExists, "ALREADY_EXISTS")
        .usually_saying("Contact group name already exists.")
        .or_for(&[RefusalKind::Exists]),
    ErrorRow::new(RefusalKind::Conflicting, "ABORTED").or_for(&[RefusalKind::FailedDependency]),
    ErrorRow::new(RefusalKind::Internal, "INTERNAL").usually_saying("Internal error encountered."),
    ErrorRow::new(RefusalKind::Unavailable, "UNAVAILABLE"),
    ErrorRow::new(RefusalKind::OutcomeUnknown, "UNKNOWN"),
];

type Member = (&'static str, ErrorShape);

const CODE: Member = ("code", ErrorShape::Status);
const MESSAGE: Member = ("message", ErrorShape::Message);
const STATUS: Member = ("status", ErrorShape::RowCode);
const OWN_DETAILS: Member = ("details", ErrorShape::List(&[ErrorShape::Own(|told, _| told.refusal.details.clone())]));
const DETAILS: Member = (
    "details",
    ErrorShape::List(&[ErrorShape::Own(|told, _| told.refusal.details.clone().or_else(|| debug_info(told)))]),
);
const ERRORS_OF_OLDER_APIS: Member = (
    "errors",
    ErrorShape::List(&[ErrorShape::Object(&[
        ("message", ErrorShape::Message),
        ("domain", ErrorShape::Text("global")),
        ("reason", ErrorShape::Own(|told, _| Some(names(told.row_code).1.into()))),
    ])]),
);

/// What the service is known to tell of a precondition that failed.
fn debug_info(told: &ToldError<'_>) -> Option<Value> {
    let detail = || format!("[ORIGINAL ERROR] generic::failed_precondition: {}", told.message);
    let has_some = told.row_code == "FAILED_PRECONDITION";
    has_some.then(|| json!({ "@type": "type.googleapis.com/google.rpc.DebugInfo", "detail": detail() }))
}

/// The number of a canonical code, and its name in the errors of older APIs.
fn names(canonical: &str) -> (u8, &'static str) {
    match canonical {
        "FAILED_PRECONDITION" => (9, "failedPrecondition"),
        "NOT_FOUND" => (5, "notFound"),
        "ALREADY_EXISTS" => (6, "alreadyExists"),
        "PERMISSION_DENIED" => (7, "forbidden"),
        "ABORTED" => (10, "aborted"),
        "UNIMPLEMENTED" => (12, "notImplemented"),
        "INTERNAL" => (13, "backendError"),
        "UNAVAILABLE" => (14, "backendError"),
        "UNKNOWN" => (2, "backendError"),
        "UNAUTHENTICATED" => (16, "required"),
        _ => (3, "badRequest"),
    }
}

/// A refusal as the entry of an answer about several contacts.
pub(crate) fn status_of(refusal: &Refusal) -> Value {
    let told = ERRORS.told(refusal);
    json!({ "code": names(told.row_code).0, "message": told.message, "details": [] })
}

/// The refusal of a sync token that can't be gone on from.
pub(crate) fn expired_sync_token() -> Refusal {
    let kind = "type.googleapis.com/google.rpc.ErrorInfo";
    let info = json!({ "@type": kind, "reason": "EXPIRED_SYNC_TOKEN", "domain": "people.googleapis.com" });
    Refusal::new(RefusalKind::Gone).with_status(400).with_details(info)
}

#[cfg(test)]
mod tests {
    use etag_core::{Dialect, ErrorEnvelope, ErrorFormat as _};

    use super::*;
    use crate::dialect::PEOPLE;

    #[test]
    fn a_client_reads_the_kind_that_was_written_but_for_those_that_are_told_alike() {
        let alike = [
            (RefusalKind::ConditionMalformed, Some(RefusalKind::Invalid)),
            (RefusalKind::ConditionTooLong, Some(RefusalKind::Invalid)),
            (RefusalKind::WildcardRefused, Some(RefusalKind::Invalid)),
            (RefusalKind::UnknownTag, Some(RefusalKind::Stale)),
            (RefusalKind::ForeignTag, Some(RefusalKind::Stale)),
            (RefusalKind::Exists, Some(RefusalKind::AlreadyExists)),
            (RefusalKind::FailedDependency, Some(RefusalKind::Conflicting)),
        ];
        let plain = ErrorEnvelope::Own(&PLAIN_ERRORS);
        for dialect in [PEOPLE, Dialect { mismatch_status: 412, ..PEOPLE }, Dialect { error_envelope: plain, ..PEOPLE }]
        {
            assert_eq!(dialect.misread_kinds(), alike, "{dialect:?}");
        }
    }

    #[test]
    fn a_stale_source_is_read_as_stale() {
        let body = json!({ "error": { "code": 400, "message": STALE_SOURCE, "status": "FAILED_PRECONDITION" } });
        assert_eq!(ERRORS.read(400, body.to_string().as_bytes()), Some(RefusalKind::Stale));
    }

    #[test]
    fn what_is_no_error_of_theirs_is_not_read() {
        assert_eq!(ERRORS.read(400, b"<html>"), None);
        assert_eq!(ERRORS.read(404, br#"{"error": "not found"}"#), None);
    }
}
