//! The errors of OData (JSON Format 4.01 §21.1), with the codes of Dataverse.

use clap::ValueEnum;
use etag_core::{ErrorContext, ErrorRow, ErrorShape, ErrorTable, Refusal, RefusalKind, ToldError};
use serde_json::{Value, json};

use crate::annotations::Annotations;

/// The media type of all JSON that the service writes.
pub(crate) const JSON: &str = "application/json; odata.metadata=minimal";

/// The code of a condition on a table that has none.
const CONCURRENCY_NOT_ENABLED: &str = "0x80060883";

/// Those with a code come first, so that it is written. Those without are for answers that the service gives no code.
const ROWS: [ErrorRow; 21] = [
    ErrorRow::new(RefusalKind::Stale, "0x80060882")
        .saying("The version of the existing record doesn't match the RowVersion property provided."),
    ErrorRow::new(RefusalKind::Exists, "0x80040237").saying("A record with matching key values already exists."),
    ErrorRow::new(RefusalKind::NotFound, "0x80040217"),
    ErrorRow::new(RefusalKind::Invalid, "0x80048d19"),
    ErrorRow::new(RefusalKind::Invalid, CONCURRENCY_NOT_ENABLED),
    ErrorRow::new(RefusalKind::ConditionMalformed, "0x80060888").or_for(&[RefusalKind::ConditionTooLong]),
    ErrorRow::new(RefusalKind::Conflicting, "0x80048d1a"),
    ErrorRow::new(RefusalKind::OutcomeUnknown, "0x80044151"),
    ErrorRow::new(RefusalKind::Internal, "0x80040216"),
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
];

/// Which codes errors have.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum CodesIn {
    /// Those that live answers have
    Errors,
    /// Empty ones, as in the documents
    Nothing,
}

/// Whether errors have an `innererror`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum InnerErrors {
    /// They have none
    LeftOut,
    /// As old versions of the service have it
    Sent,
}

type Members = [(&'static str, ErrorShape); 5];

/// `{"code": …, "message": …}`, and more where the client prefers annotations.
const fn members(code: ErrorShape, inner_error: ErrorShape) -> Members {
    [
        ("code", code),
        ("message", ErrorShape::Message),
        ("innererror", inner_error),
        (HELP_LINK, ErrorShape::Own(help_link)),
        (TRACE_TEXT, ErrorShape::Own(trace_text)),
    ]
}

const fn table(error: &'static [(&'static str, ErrorShape)]) -> ErrorTable {
    ErrorTable { content_type: JSON, echoed_headers: &["prefer"], shape: ErrorShape::Object(error), rows: &ROWS }
}

const NO_CODE: ErrorShape = ErrorShape::Text("");
const NONE: ErrorShape = ErrorShape::Object(&[]);
const INNER_ERROR: ErrorShape = ErrorShape::Object(&[
    ("message", ErrorShape::Message),
    ("type", ErrorShape::Text("Microsoft.Crm.CrmException")),
    ("stacktrace", ErrorShape::Text("")),
]);

const MEMBERS: &Members = &members(ErrorShape::Code, NONE);
const OLD_MEMBERS: &Members = &members(ErrorShape::Code, INNER_ERROR);
const CODELESS_MEMBERS: &Members = &members(NO_CODE, NONE);
const OLD_CODELESS_MEMBERS: &Members = &members(NO_CODE, INNER_ERROR);

/// The errors of the Web API.
pub(crate) const ERRORS: ErrorTable = table(&[("error", ErrorShape::Object(MEMBERS))]);
const OLD_ERRORS: ErrorTable = table(&[("error", ErrorShape::Object(OLD_MEMBERS))]);
const CODELESS_ERRORS: ErrorTable = table(&[("error", ErrorShape::Object(CODELESS_MEMBERS))]);
const OLD_CODELESS_ERRORS: ErrorTable = table(&[("error", ErrorShape::Object(OLD_CODELESS_MEMBERS))]);

/// The errors, as switched.
pub(crate) fn errors(codes: CodesIn, inner_errors: InnerErrors) -> &'static ErrorTable {
    match (codes, inner_errors) {
        (CodesIn::Errors, InnerErrors::LeftOut) => &ERRORS,
        (CodesIn::Errors, InnerErrors::Sent) => &OLD_ERRORS,
        (CodesIn::Nothing, InnerErrors::LeftOut) => &CODELESS_ERRORS,
        (CodesIn::Nothing, InnerErrors::Sent) => &OLD_CODELESS_ERRORS,
    }
}

const HELP_LINK: &str = "@Microsoft.PowerApps.CDS.HelpLink";
const TRACE_TEXT: &str = "@Microsoft.PowerApps.CDS.TraceText";

fn help_link(told: &ToldError<'_>, context: &ErrorContext<'_>) -> Option<Value> {
    let address = "http://go.microsoft.com/fwlink/?LinkID=398563&error=Microsoft.Crm.CrmException%3a";
    prefers(context, HELP_LINK).then(|| format!("{address}{}", told.code).into())
}

/// There is no trace that anybody outside could use.
fn trace_text(_told: &ToldError<'_>, context: &ErrorContext<'_>) -> Option<Value> {
    prefers(context, TRACE_TEXT).then(|| json!(""))
}

fn prefers(context: &ErrorContext<'_>, annotation: &str) -> bool {
    let preferred = (context.header)("prefer").and_then(Annotations::named_in);
    preferred.is_some_and(|annotations| annotations.include(&annotation[1..]))
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

    use etag_core::{ErrorFormat as _, RefusalKind::*};

    use super::*;
    use crate::dialect::DATAVERSE;

    #[test]
    fn a_client_reads_the_kind_that_was_written() {
        // The service never refuses for these reasons.
        let other_words = [(WildcardRefused, Some(Invalid)), (UnknownTag, Some(Stale)), (ForeignTag, Some(Stale))];
        let nameless = [(AlreadyExists, None), (Gone, None)];
        let longer = (ConditionTooLong, Some(ConditionMalformed));
        let misread = [&[(ConditionMissing, None), longer], &other_words[..], &nameless].concat();
        assert_eq!(DATAVERSE.misread_kinds(), misread);
        let not_enabled = br#"{"error":{"code":"0x80060883","message":"-"}}"#;
        assert_eq!(ERRORS.read(412, not_enabled), Some(Invalid));
    }

    #[test]
    fn an_empty_code_is_told_by_its_status() {
        for table in [ERRORS, CODELESS_ERRORS] {
            assert_eq!(table.read(412, br#"{"error":{"code":"","message":"m"}}"#), Some(Stale));
            assert_eq!(table.read(429, br#"{"error":{"code":"0x80072322","message":"m"}}"#), Some(Unavailable));
            assert_eq!(table.read(418, b"no JSON"), None);
        }
    }

    #[test]
    fn annotations_come_only_where_they_are_preferred() {
        let keys = |prefer: Option<&str>| {
            let context = ErrorContext { status: 412, at: UNIX_EPOCH, request_id: [0; 16], header: &|_| prefer };
            let body: Value = serde_json::from_slice(&ERRORS.write(&Refusal::new(Stale), &context).body).unwrap();
            body["error"].as_object().unwrap().keys().filter(|key| key.starts_with('@')).count()
        };
        assert_eq!((keys(None), keys(Some("return=minimal"))), (0, 0));
        assert_eq!(keys(Some("return=minimal, odata.include-annotations=\"*\"")), 2);
        assert_eq!(keys(Some("odata.include-annotations=\"OData.*,Microsoft.PowerApps.CDS.HelpLink\"")), 1);
        assert_eq!(keys(Some("odata.include-annotations=OData.*")), 0);
    }
}
