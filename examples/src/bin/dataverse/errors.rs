//! The errors of OData (JSON Format 4.01 §21.1), with the codes of Dataverse.

use etag_core::{ErrorBody, ErrorContext, ErrorFormat, Refusal, RefusalKind};
use serde_json::{Value, json};

/// The media type of all JSON that the service writes.
pub(crate) const JSON: &str = "application/json; odata.metadata=minimal";

/// The code of a condition on a table that has none.
const CONCURRENCY_NOT_ENABLED: &str = "0x80060883";

/// The codes that tell kinds apart which share a status; the service leaves the code of others empty.
const CODES: [(RefusalKind, &str); 8] = [
    (RefusalKind::Stale, "0x80060882"),
    (RefusalKind::Exists, "0x80040237"),
    (RefusalKind::NotFound, "0x80040217"),
    (RefusalKind::Invalid, "0x80048d19"),
    (RefusalKind::ConditionMalformed, "0x80060888"),
    (RefusalKind::Conflicting, "0x80048d1a"),
    (RefusalKind::OutcomeUnknown, "0x80044151"),
    (RefusalKind::Internal, "0x80040216"),
];

/// The preference that asks for more than code and message.
const ANNOTATIONS: &str = "odata.include-annotations";

/// `{"error": {"code": …, "message": …}}`.
#[derive(Debug)]
pub(crate) struct ODataErrors;

impl ErrorFormat for ODataErrors {
    fn echoed_headers(&self) -> &'static [&'static str] {
        &["prefer"]
    }

    fn write(&self, refusal: &Refusal, context: &ErrorContext<'_>) -> ErrorBody {
        let code = refusal.code.as_deref().or_else(|| code_of(refusal.kind)).unwrap_or_default();
        let mut error = json!({ "code": code, "message": message_of(refusal) });
        if (context.header)("prefer").is_some_and(|prefer| prefer.contains(ANNOTATIONS)) {
            annotate(&mut error, code);
        }
        ErrorBody { content_type: JSON.into(), body: json!({ "error": error }).to_string().into() }
    }

    fn read(&self, status: u16, body: &[u8]) -> Option<RefusalKind> {
        let body: Value = serde_json::from_slice(body).unwrap_or_default();
        let code = body["error"]["code"].as_str().unwrap_or_default();
        let known = CODES.iter().find(|(_, known)| known.eq_ignore_ascii_case(code));
        known.map(|(kind, _)| *kind).or_else(|| kind_of(status))
    }
}

fn code_of(kind: RefusalKind) -> Option<&'static str> {
    CODES.iter().find(|(known, _)| *known == kind).map(|(_, code)| *code)
}

/// What a client can tell of an answer whose code is empty, or none of ours.
fn kind_of(status: u16) -> Option<RefusalKind> {
    Some(match status {
        400 => RefusalKind::Invalid,
        401 => RefusalKind::Unauthenticated,
        403 => RefusalKind::Forbidden,
        404 => RefusalKind::NotFound,
        405 => RefusalKind::MethodNotAllowed,
        412 => RefusalKind::Stale,
        413 => RefusalKind::TooLarge,
        415 => RefusalKind::UnsupportedMediaType,
        424 => RefusalKind::FailedDependency,
        429 | 503 => RefusalKind::Unavailable,
        500 => RefusalKind::Internal,
        _ => return None,
    })
}

fn message_of(refusal: &Refusal) -> String {
    match refusal.kind {
        RefusalKind::Stale => {
            "The version of the existing record doesn't match the RowVersion property provided.".into()
        }
        RefusalKind::Exists => "A record with matching key values already exists.".into(),
        _ => refusal.to_string(),
    }
}

fn annotate(error: &mut Value, code: &str) {
    let help = format!("http://go.microsoft.com/fwlink/?LinkID=398563&error=Microsoft.Crm.CrmException%3a{code}");
    error["@Microsoft.PowerApps.CDS.HelpLink"] = help.into();
    error["@Microsoft.PowerApps.CDS.TraceText"] = "".into();
}

/// The refusal of a tag on a table that can't compare it.
pub(crate) fn concurrency_not_enabled(table: &str) -> Refusal {
    let message = format!(
        "Optimistic concurrency isn't enabled for entity type {table}. \
         The IfVersionMatch value of ConcurrencyBehavior can only be used if optimistic concurrency is enabled."
    );
    Refusal::new(RefusalKind::Invalid).with_code(CONCURRENCY_NOT_ENABLED).saying(message)
}

/// The refusal of a `$1` that no earlier request of its change set has created.
pub(crate) fn unknown_reference(reference: &str) -> Refusal {
    let message = format!("Content-ID Reference: '{reference}' does not exist in the batch context.");
    Refusal::new(RefusalKind::Invalid).saying(message)
}

/// The refusal of something that this server has not got.
pub(crate) fn not_implemented(what: &str) -> Refusal {
    Refusal::new(RefusalKind::Invalid).with_status(501).saying(format!("{what} is not supported by this server"))
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;
    use crate::dialect::DATAVERSE;

    fn written(refusal: &Refusal, prefer: Option<&str>) -> (u16, ErrorBody) {
        let status = DATAVERSE.status_of(refusal);
        let header = |_: &str| prefer;
        (
            status,
            ODataErrors.write(refusal, &ErrorContext { status, at: UNIX_EPOCH, request_id: [0; 16], header: &header }),
        )
    }

    #[test]
    fn a_client_reads_the_kind_that_was_written() {
        for kind in [
            RefusalKind::ConditionMalformed,
            RefusalKind::Stale,
            RefusalKind::Exists,
            RefusalKind::NotFound,
            RefusalKind::Invalid,
            RefusalKind::Conflicting,
            RefusalKind::Unauthenticated,
            RefusalKind::Forbidden,
            RefusalKind::MethodNotAllowed,
            RefusalKind::UnsupportedMediaType,
            RefusalKind::TooLarge,
            RefusalKind::FailedDependency,
            RefusalKind::Unavailable,
            RefusalKind::OutcomeUnknown,
            RefusalKind::Internal,
        ] {
            let (status, error) = written(&Refusal::new(kind), None);
            assert_eq!(ODataErrors.read(status, &error.body), Some(kind));
        }
    }

    #[test]
    fn an_empty_code_is_told_by_its_status() {
        assert_eq!(ODataErrors.read(412, br#"{"error":{"code":"","message":"m"}}"#), Some(RefusalKind::Stale));
        assert_eq!(ODataErrors.read(418, b"no JSON"), None);
    }

    #[test]
    fn annotations_come_only_where_they_are_preferred() {
        let keys = |prefer| {
            let (_, error) = written(&Refusal::new(RefusalKind::Stale), prefer);
            let body: Value = serde_json::from_slice(&error.body).unwrap();
            body["error"].as_object().unwrap().keys().filter(|key| key.starts_with('@')).count()
        };
        assert_eq!((keys(None), keys(Some("return=minimal"))), (0, 0));
        assert_eq!(keys(Some("odata.include-annotations=\"*\"")), 2);
    }
}
