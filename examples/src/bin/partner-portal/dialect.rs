//! How the portal spells conditional requests.

use etag_core::{
    Comparison, Dialect, ETag, ErrorEnvelope, ErrorRow, ErrorTable, Head, IfUnchanged, Missing, Model, Refusal,
    RefusalKind, TagCodec, TagOfAbsent, Wildcard, WriteKind,
};
use jiff::{Timestamp, fmt::temporal::DateTimePrinter};

/// Strict: each PUT says whether it compares (a tag) or wins anyway (`*`).
pub(crate) const PORTAL: Dialect = Dialect {
    name: "Cloud Partner Portal",
    codec: &Timestamps,
    comparison: Comparison::Identical,
    wildcard: Wildcard::LastOneWins,
    tag_of_absent: TagOfAbsent::NotFound,
    missing: &Demand::Puts,
    missing_status: 400,
    // What can't be read as a tag is a text that differs from the tag, no more.
    malformed_status: 412,
    too_long_status: 412,
    if_unchanged: IfUnchanged::Rewrite,
    error_envelope: ErrorEnvelope::Own(&ERRORS),
    ..Dialect::RFC_9110
};

/// The time of the state: unique for a resource, whose states are at least a microsecond apart.
#[derive(Debug)]
struct Timestamps;

impl TagCodec for Timestamps {
    fn encode(&self, _model: &Model, head: &Head) -> ETag {
        let escaped = changed_time(head).replace(':', "%3A");
        ETag::weak(format!("datetime'{escaped}'")).expect("a tag has these characters")
    }
}

/// The time of a state as its representation shows it, with the seven digits that a tick of 100 ns has.
pub(crate) fn changed_time(head: &Head) -> String {
    const MICROSECONDS: DateTimePrinter = DateTimePrinter::new().precision(Some(6));
    let time = Timestamp::try_from(head.modified_at).unwrap_or(Timestamp::MAX);
    let mut text = MICROSECONDS.timestamp_to_string(&time);
    text.truncate(text.len() - "Z".len());
    text + "0Z"
}

/// Which writes must say `If-Match`.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Demand {
    /// Each PUT, also one that creates.
    Puts,
    /// Publish, go live and cancel, too.
    All,
    /// Each PUT of an offer that exists; and it is answered as if it had wanted to create the offer.
    Compatible,
}

impl Missing for Demand {
    fn judge(&self, write: WriteKind, state: Option<&Head>) -> Result<(), Refusal> {
        match (self, write) {
            (Self::Puts | Self::Compatible, WriteKind::Action) => Ok(()),
            (Self::Compatible, _) if state.is_none() => Ok(()),
            (Self::Compatible, _) => Err(Refusal::new(RefusalKind::AlreadyExists).saying(EXISTS)),
            _ => Err(Refusal::new(RefusalKind::ConditionMissing)),
        }
    }
}

const EXISTS: &str = "Offer ID already exists. If you wanted to update an existing offer, please ensure If-Match header \
                      is specified as per documentation.";

/// The code where `api-version` is missing or another one.
pub(crate) const INVALID_VERSION: &str = "InvalidAPIVersion";

/// The code where an offer can't be published as it is.
pub(crate) const INVALID_OFFER: &str = "InvalidOffer";

/// The codes that no document has, of a write that says nothing about other writers, and of one under a tag that is not the
/// current one.
pub(crate) const UNDOCUMENTED: [&str; 2] = ["IfMatchRequired", "PreconditionFailed"];

/// `{"error":{"code":…,"message":…}}`.
pub(crate) const ERRORS: ErrorTable = ErrorTable {
    content_type: "application/json; charset=utf-8",
    ..ErrorTable::new(&rows(UNDOCUMENTED[0], UNDOCUMENTED[1]))
};

/// What kinds are called. An undocumented code that has another meaning besides is read as that, which stands first.
pub(crate) const fn rows(missing: &'static str, mismatch: &'static str) -> [ErrorRow; 17] {
    [
        ErrorRow::new(RefusalKind::Exists, "ResourceExists"),
        ErrorRow::new(RefusalKind::AlreadyExists, "InvalidResourceId"),
        ErrorRow::new(RefusalKind::Conflicting, "OperationNotAllowed"),
        ErrorRow::new(RefusalKind::NotFound, "ResourceNotFound"),
        ErrorRow::new(RefusalKind::Invalid, "BadRequest").or_for(&[
            RefusalKind::WildcardRefused,
            RefusalKind::ForeignTag,
            RefusalKind::Gone,
            RefusalKind::FailedDependency,
        ]),
        ErrorRow::new(RefusalKind::Invalid, INVALID_VERSION),
        ErrorRow::new(RefusalKind::Invalid, INVALID_OFFER),
        ErrorRow::new(RefusalKind::Unauthenticated, "Unauthorized"),
        ErrorRow::new(RefusalKind::Forbidden, "Forbidden"),
        ErrorRow::new(RefusalKind::MethodNotAllowed, "MethodNotAllowed"),
        ErrorRow::new(RefusalKind::UnsupportedMediaType, "UnsupportedMediaType"),
        ErrorRow::new(RefusalKind::TooLarge, "RequestTooLarge"),
        ErrorRow::new(RefusalKind::Unavailable, "ServiceUnavailable"),
        ErrorRow::new(RefusalKind::OutcomeUnknown, "OutcomeUnknown"),
        ErrorRow::new(RefusalKind::Internal, "InternalServerError"),
        ErrorRow::new(RefusalKind::ConditionMissing, missing).under(400),
        ErrorRow::new(RefusalKind::Stale, mismatch).or_for(&[
            RefusalKind::ConditionMalformed,
            RefusalKind::ConditionTooLong,
            RefusalKind::UnknownTag,
        ]),
    ]
}

#[cfg(test)]
mod tests {
    use etag_core::ErrorFormat as _;

    use super::*;

    #[test]
    fn a_client_reads_what_the_server_refuses_but_for_what_it_never_refuses() {
        use RefusalKind::{
            ConditionMalformed, ConditionTooLong, FailedDependency, ForeignTag, Gone, UnknownTag, WildcardRefused,
        };
        let stale = [ConditionMalformed, ConditionTooLong, UnknownTag].map(|kind| (kind, Some(RefusalKind::Stale)));
        let never =
            [WildcardRefused, ForeignTag, Gone, FailedDependency].map(|kind| (kind, Some(RefusalKind::Invalid)));
        let misread = PORTAL.misread_kinds();
        assert_eq!(misread.len(), stale.len() + never.len());
        assert!(stale.iter().chain(&never).all(|kind| misread.contains(kind)), "{misread:?}");
    }

    #[test]
    fn a_code_that_two_kinds_have_is_read_as_the_general_one() {
        const VAGUE: ErrorTable = ErrorTable { rows: &rows("BadRequest", "Changed"), ..ERRORS };
        assert_eq!(VAGUE.read(400, br#"{"error":{"code":"BadRequest"}}"#), Some(RefusalKind::Invalid));
        assert_eq!(VAGUE.read(412, br#"{"error":{"code":"Changed"}}"#), Some(RefusalKind::Stale));
    }

    #[test]
    fn what_is_no_error_is_read_as_none() {
        assert_eq!(ERRORS.read(500, b"<html>"), None);
        assert_eq!(ERRORS.read(400, br#"{"error":{"code":"Surprise"}}"#), None);
    }
}
