//! The errors of OData (JSON Format 4.01 §21.1), with the codes of Dataverse.

use etag_core::{ErrorContext, ErrorRow, ErrorShape, ErrorTable, Refusal, RefusalKind, ToldError};
use serde_json::Value;

/// The media type of all JSON that the service writes.
pub(crate) const JSON: &str = "application/json; odata.metadata=minimal";

/// The code of a condition on a table that has none.
const CONCURRENCY_NOT_ENABLED: &str = "0x80060883";

/// The preference that asks for more than code and message.
const ANNOTATIONS: &str = "odata.include-annotations";

/// `{"error": {"code": …, "message": …}}`, with the codes that tell kinds apart which share a status: the service leaves the
/// code of others empty.
pub(crate) const ERRORS: ErrorTable = ErrorTable {
    content_type: JSON,
    echoed_headers: &["prefer"],
    shape: ErrorShape::Object(&[(
        "error",
        ErrorShape::Object(&[
            ("@Microsoft.PowerApps.CDS.HelpLink", ErrorShape::Own(help_link)),
            ("@Microsoft.PowerApps.CDS.TraceText", ErrorShape::Own(trace_text)),
            ("code", ErrorShape::Code),
            ("message", ErrorShape::Message),
        ]),
    )]),
    ..ErrorTable::new(&[
        ErrorRow::new(RefusalKind::Stale, "0x80060882")
            .saying("The version of the existing record doesn't match the RowVersion property provided."),
        ErrorRow::new(RefusalKind::Exists, "0x80040237").saying("A record with matching key values already exists."),
        ErrorRow::new(RefusalKind::NotFound, "0x80040217"),
        ErrorRow::new(RefusalKind::Invalid, "0x80048d19"),
        ErrorRow::new(RefusalKind::ConditionMalformed, "0x80060888"),
        ErrorRow::new(RefusalKind::Conflicting, "0x80048d1a"),
        ErrorRow::new(RefusalKind::OutcomeUnknown, "0x80044151"),
        ErrorRow::new(RefusalKind::Internal, "0x80040216"),
        // What a client can tell of a code that is empty, or none of these.
        ErrorRow::new(RefusalKind::Invalid, ""),
        ErrorRow::new(RefusalKind::Unauthenticated, ""),
        ErrorRow::new(RefusalKind::Forbidden, ""),
        ErrorRow::new(RefusalKind::NotFound, ""),
        ErrorRow::new(RefusalKind::MethodNotAllowed, ""),
        ErrorRow::new(RefusalKind::Stale, ""),
        ErrorRow::new(RefusalKind::TooLarge, ""),
        ErrorRow::new(RefusalKind::UnsupportedMediaType, ""),
        ErrorRow::new(RefusalKind::FailedDependency, ""),
        ErrorRow::new(RefusalKind::Unavailable, ""),
        ErrorRow::new(RefusalKind::Unavailable, "").under(429),
        ErrorRow::new(RefusalKind::Internal, ""),
    ])
};

fn help_link(told: &ToldError<'_>, context: &ErrorContext<'_>) -> Option<Value> {
    let page = "http://go.microsoft.com/fwlink/?LinkID=398563&error=Microsoft.Crm.CrmException%3a";
    wants_annotations(context).then(|| format!("{page}{}", told.code).into())
}

fn trace_text(_told: &ToldError<'_>, context: &ErrorContext<'_>) -> Option<Value> {
    wants_annotations(context).then(|| "".into())
}

fn wants_annotations(context: &ErrorContext<'_>) -> bool {
    (context.header)("prefer").is_some_and(|prefer| prefer.contains(ANNOTATIONS))
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

    use etag_core::ErrorFormat as _;

    use super::*;
    use crate::dialect::DATAVERSE;

    #[test]
    fn a_client_reads_the_kind_that_was_written() {
        use RefusalKind::{
            AlreadyExists, ConditionMissing, ForeignTag, Gone, Invalid, Stale, UnknownTag, WildcardRefused,
        };
        // The service never refuses for these reasons.
        let other_words = [(WildcardRefused, Some(Invalid)), (UnknownTag, Some(Stale)), (ForeignTag, Some(Stale))];
        let nameless = [(AlreadyExists, None), (Gone, None)];
        let misread = [&[(ConditionMissing, None)], &other_words[..], &nameless].concat();
        assert_eq!(DATAVERSE.misread_kinds(), misread);
    }

    #[test]
    fn an_empty_code_is_told_by_its_status() {
        assert_eq!(ERRORS.read(412, br#"{"error":{"code":"","message":"m"}}"#), Some(RefusalKind::Stale));
        assert_eq!(
            ERRORS.read(429, br#"{"error":{"code":"0x80072322","message":"m"}}"#),
            Some(RefusalKind::Unavailable)
        );
        assert_eq!(ERRORS.read(418, b"no JSON"), None);
    }

    #[test]
    fn annotations_come_only_where_they_are_preferred() {
        let keys = |prefer: Option<&'static str>| {
            let context = ErrorContext { status: 412, at: UNIX_EPOCH, request_id: [0; 16], header: &|_| prefer };
            let error = ERRORS.write(&Refusal::new(RefusalKind::Stale), &context);
            let body: Value = serde_json::from_slice(&error.body).unwrap();
            body["error"].as_object().unwrap().keys().filter(|key| key.starts_with('@')).count()
        };
        assert_eq!((keys(None), keys(Some("return=minimal"))), (0, 0));
        assert_eq!(keys(Some("odata.include-annotations=\"*\"")), 2);
    }
}
