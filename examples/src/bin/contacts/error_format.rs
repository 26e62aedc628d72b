//! The errors of Google's APIs.

use etag_core::{ErrorBody, ErrorContext, ErrorFormat, Refusal, RefusalKind};
use serde_json::{Value, json};

/// The words for a source's tag that is not the current one.
pub(crate) const STALE_SOURCE: &str = "Request person.metadata.sources.etag is different than the current \
     person.metadata.sources.etag. Clear local cache and get the latest person.";

/// The words for a group's tag that is not the current one.
pub(crate) const STALE_GROUP: &str = "Request contactGroup.etag is different than the current contactGroup.etag. \
     Clear local cache and get the latest contact group.";

/// The code of a sync token that can't be gone on from.
pub(crate) const EXPIRED_SYNC_TOKEN: &str = "EXPIRED_SYNC_TOKEN";

const CONDITION_MISSING: &str = "Request must set person.etag or person.metadata.sources.etag for the source that is \
     being updated.";

/// The errors of Google's APIs: `{"error": {"code", "message", "status", "errors", "details"}}`.
#[derive(Debug)]
pub(crate) struct GoogleErrors;

impl ErrorFormat for GoogleErrors {
    fn write(&self, refusal: &Refusal, context: &ErrorContext<'_>) -> ErrorBody {
        let body = body(refusal, context.status, details(refusal));
        ErrorBody { content_type: "application/json; charset=UTF-8".into(), body: body.to_string().into() }
    }

    fn read(&self, status: u16, body: &[u8]) -> Option<RefusalKind> {
        let body: Value = serde_json::from_slice(body).ok()?;
        let error = &body["error"];
        if error["details"][0]["reason"] == EXPIRED_SYNC_TOKEN {
            return Some(RefusalKind::Gone);
        }
        let canonical = error["status"].as_str()?;
        if status == 400 && error["message"] == CONDITION_MISSING {
            return Some(RefusalKind::ConditionMissing);
        }
        READ.iter().find(|(code, name, _)| *code == status && *name == canonical).map(|(.., kind)| *kind)
    }
}

/// What a status and a canonical code say to a client.
const READ: [(u16, &str, RefusalKind); 13] = [
    (400, "FAILED_PRECONDITION", RefusalKind::Stale),
    (400, "INVALID_ARGUMENT", RefusalKind::Invalid),
    (401, "UNAUTHENTICATED", RefusalKind::Unauthenticated),
    (403, "PERMISSION_DENIED", RefusalKind::Forbidden),
    (404, "NOT_FOUND", RefusalKind::NotFound),
    (405, "UNIMPLEMENTED", RefusalKind::MethodNotAllowed),
    (409, "ALREADY_EXISTS", RefusalKind::AlreadyExists),
    (409, "ABORTED", RefusalKind::Conflicting),
    (413, "INVALID_ARGUMENT", RefusalKind::TooLarge),
    (415, "INVALID_ARGUMENT", RefusalKind::UnsupportedMediaType),
    (500, "INTERNAL", RefusalKind::Internal),
    (503, "UNAVAILABLE", RefusalKind::Unavailable),
    (503, "UNKNOWN", RefusalKind::OutcomeUnknown),
];

/// An error with these details, where there are any.
pub(crate) fn body(refusal: &Refusal, status: u16, details: Option<Value>) -> Value {
    let (canonical, reason) = names(refusal.kind);
    let message = message(refusal);
    let errors = json!([{ "message": message, "domain": "global", "reason": reason }]);
    let mut error = json!({ "code": status, "message": message, "status": canonical, "errors": errors });
    if let Some(details) = details {
        error["details"] = json!([details]);
    }
    json!({ "error": error })
}

fn details(refusal: &Refusal) -> Option<Value> {
    if let Some(reason) = refusal.code.as_deref() {
        let kind = "type.googleapis.com/google.rpc.ErrorInfo";
        return Some(json!({ "@type": kind, "reason": reason, "domain": "people.googleapis.com" }));
    }
    (names(refusal.kind).0 == "FAILED_PRECONDITION").then(|| {
        let detail = format!("[ORIGINAL ERROR] generic::failed_precondition: {}", message(refusal));
        json!({ "@type": "type.googleapis.com/google.rpc.DebugInfo", "detail": detail })
    })
}

/// The words of a refusal.
pub(crate) fn message(refusal: &Refusal) -> &str {
    refusal.message.as_deref().unwrap_or(match refusal.kind {
        RefusalKind::Stale | RefusalKind::UnknownTag | RefusalKind::ForeignTag => {
            "Request person.etag is different than the current person.etag. Clear local cache and get the latest person."
        }
        RefusalKind::ConditionMissing => CONDITION_MISSING,
        RefusalKind::NotFound => "Requested entity was not found.",
        RefusalKind::AlreadyExists => "Contact group name already exists.",
        RefusalKind::Unauthenticated => "Request is missing required authentication credential.",
        RefusalKind::Internal => "Internal error encountered.",
        RefusalKind::Gone => "Sync token is expired. Clear local cache and retry call without the sync token.",
        kind => kind.usual_message(),
    })
}

/// The canonical code, and the reason of the older form.
fn names(kind: RefusalKind) -> (&'static str, &'static str) {
    match kind {
        RefusalKind::Stale | RefusalKind::UnknownTag | RefusalKind::ForeignTag | RefusalKind::Gone => {
            ("FAILED_PRECONDITION", "failedPrecondition")
        }
        RefusalKind::NotFound => ("NOT_FOUND", "notFound"),
        RefusalKind::AlreadyExists | RefusalKind::Exists => ("ALREADY_EXISTS", "alreadyExists"),
        RefusalKind::Conflicting | RefusalKind::FailedDependency => ("ABORTED", "aborted"),
        RefusalKind::Unauthenticated => ("UNAUTHENTICATED", "required"),
        RefusalKind::Forbidden => ("PERMISSION_DENIED", "forbidden"),
        RefusalKind::MethodNotAllowed => ("UNIMPLEMENTED", "notImplemented"),
        RefusalKind::Unavailable => ("UNAVAILABLE", "backendError"),
        RefusalKind::OutcomeUnknown => ("UNKNOWN", "backendError"),
        RefusalKind::Internal => ("INTERNAL", "backendError"),
        _ => ("INVALID_ARGUMENT", "badRequest"),
    }
}

/// The number of a canonical code.
pub(crate) fn number(kind: RefusalKind) -> u8 {
    match names(kind).0 {
        "UNKNOWN" => 2,
        "NOT_FOUND" => 5,
        "ALREADY_EXISTS" => 6,
        "FAILED_PRECONDITION" => 9,
        "ABORTED" => 10,
        "INTERNAL" => 13,
        "UNAVAILABLE" => 14,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;
    use crate::dialect::PEOPLE;

    fn written(refusal: &Refusal) -> (u16, ErrorBody) {
        let (at, header) = (SystemTime::UNIX_EPOCH, |_: &str| None);
        let context = ErrorContext { status: PEOPLE.status_of(refusal), at, request_id: [0; 16], header: &header };
        (context.status, GoogleErrors.write(refusal, &context))
    }

    #[test]
    fn a_client_reads_the_kind_that_was_written() {
        for kind in READ.map(|(.., kind)| kind).into_iter().chain([RefusalKind::ConditionMissing]) {
            let (status, body) = written(&Refusal::new(kind));
            assert_eq!(GoogleErrors.read(status, &body.body), Some(kind));
        }
        let expired = Refusal::new(RefusalKind::Gone).with_status(400).with_code(EXPIRED_SYNC_TOKEN);
        assert_eq!(GoogleErrors.read(400, &written(&expired).1.body), Some(RefusalKind::Gone));
    }

    #[test]
    fn a_stale_source_is_read_as_stale() {
        let (status, body) = written(&Refusal::new(RefusalKind::Stale).saying(STALE_SOURCE));
        assert_eq!((status, GoogleErrors.read(status, &body.body)), (400, Some(RefusalKind::Stale)));
    }

    #[test]
    fn what_is_no_error_of_theirs_is_not_read() {
        assert_eq!(GoogleErrors.read(400, b"<html>"), None);
        assert_eq!(GoogleErrors.read(404, br#"{"error": "not found"}"#), None);
    }
}
