//! Errors in the envelope that Google's older services share.

use etag_core::{ErrorRow, ErrorShape as Shape, ErrorTable, RefusalKind};

use crate::rate;

/// `{"error":{"errors":[{"domain","reason","message","locationType","location"}],"code","message"}}`.
pub(crate) const ERRORS: ErrorTable =
    ErrorTable { content_type: "application/json; charset=UTF-8", shape: SHAPE, ..ErrorTable::new(&ROWS) };

const SHAPE: Shape = Shape::Object(&[(
    "error",
    Shape::Object(&[("errors", Shape::List(&[ITEM])), ("code", Shape::Status), ("message", Shape::Message)]),
)]);

const ITEM: Shape = Shape::Object(&[
    ("domain", Shape::Own(|told, _| Some(if told.code == rate::REASON { "usageLimits" } else { "global" }.into()))),
    ("reason", Shape::Code),
    ("message", Shape::Message),
    ("locationType", Shape::Own(|told, _| told.target.map(|_| "header".into()))),
    ("location", Shape::Target),
]);

/// The reason where something is missing.
pub(crate) const REQUIRED: &str = "required";

/// Of two kinds with one reason the header that is blamed or the status tells which is meant.
const ROWS: [ErrorRow; 20] = [
    ErrorRow::new(RefusalKind::Stale, "conditionNotMet")
        .saying("Precondition Failed")
        .about("If-Match")
        .or_for(&[RefusalKind::UnknownTag, RefusalKind::ForeignTag]),
    ErrorRow::new(RefusalKind::Exists, "conditionNotMet").saying("Precondition Failed").about("If-None-Match"),
    ErrorRow::new(RefusalKind::ConditionMalformed, "invalidHeader")
        .about("If-Match")
        .or_for(&[RefusalKind::ConditionTooLong]),
    ErrorRow::new(RefusalKind::WildcardRefused, "invalidWildcard").about("If-Match"),
    ErrorRow::new(RefusalKind::NotFound, "notFound").saying("Not Found"),
    ErrorRow::new(RefusalKind::Gone, "deleted").saying("Resource has been deleted"),
    ErrorRow::new(RefusalKind::AlreadyExists, "duplicate").saying("The requested identifier already exists."),
    ErrorRow::new(RefusalKind::Conflicting, "conflict").saying("Conflict"),
    ErrorRow::new(RefusalKind::Invalid, "invalid"),
    ErrorRow::new(RefusalKind::Invalid, REQUIRED),
    ErrorRow::new(RefusalKind::Unauthenticated, "authError").saying("Invalid Credentials").about("Authorization"),
    ErrorRow::new(RefusalKind::Forbidden, "forbidden").saying("Forbidden"),
    ErrorRow::new(RefusalKind::MethodNotAllowed, "httpMethodNotAllowed").saying("Method Not Allowed"),
    ErrorRow::new(RefusalKind::UnsupportedMediaType, "badContent"),
    ErrorRow::new(RefusalKind::TooLarge, "uploadTooLarge"),
    ErrorRow::new(RefusalKind::FailedDependency, "failedDependency").saying("Failed Dependency"),
    ErrorRow::new(RefusalKind::Unavailable, "backendError").saying("Backend Error"),
    ErrorRow::new(RefusalKind::Unavailable, rate::REASON),
    ErrorRow::new(RefusalKind::OutcomeUnknown, "unknownOutcome"),
    ErrorRow::new(RefusalKind::Internal, "backendError").saying("Backend Error"),
];

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use etag_core::{ErrorContext, ErrorFormat as _, Refusal};

    use super::*;
    use crate::dialect::CALENDAR;

    fn told(refusal: &Refusal) -> Vec<u8> {
        let status = CALENDAR.status_of(refusal);
        let context = ErrorContext { status, at: UNIX_EPOCH, request_id: [0; 16], header: &|_| None };
        ERRORS.write(refusal, &context).body.to_vec()
    }

    #[test]
    fn what_is_written_reads_back_as_the_same_kind() {
        // The service needs no condition, and has no words for a missing one.
        let alike = [RefusalKind::UnknownTag, RefusalKind::ForeignTag].map(|kind| (kind, Some(RefusalKind::Stale)));
        let longer = (RefusalKind::ConditionTooLong, Some(RefusalKind::ConditionMalformed));
        assert_eq!(CALENDAR.misread_kinds(), [&[(RefusalKind::ConditionMissing, None), longer], &alike[..]].concat());
    }

    #[test]
    fn reasons_of_their_own_are_read_as_their_kinds() {
        for (kind, reason) in [(RefusalKind::Invalid, REQUIRED), (RefusalKind::Unavailable, rate::REASON)] {
            assert_eq!(ERRORS.read(403, &told(&Refusal::new(kind).with_code(reason))), Some(kind));
        }
    }

    #[test]
    fn a_stale_tag_is_told_in_the_services_very_words() {
        let body = r#"{"error":{"errors":[{"domain":"global","reason":"conditionNotMet","message":"Precondition Failed","locationType":"header","location":"If-Match"}],"code":412,"message":"Precondition Failed"}}"#;
        assert_eq!(told(&Refusal::new(RefusalKind::Stale)), body.as_bytes());
    }
}
