//! How the portal spells conditional requests.

use bytes::Bytes;
use etag_core::{
    Comparison, Dialect, ETag, ErrorBody, ErrorContext, ErrorEnvelope, ErrorFormat, Head, IfUnchanged, Missing, Model,
    Refusal, RefusalKind, TagCodec, TagOfAbsent, Wildcard, WriteKind,
};
use jiff::Timestamp;
use serde_json::{Value, json};

/// Strict: each PUT says whether it compares (a tag) or wins anyway (`*`).
pub(crate) const PORTAL: Dialect = Dialect {
    name: "Cloud Partner Portal",
    codec: &Timestamps,
    comparison: Comparison::Weak,
    wildcard: Wildcard::LastOneWins,
    tag_of_absent: TagOfAbsent::NotFound,
    missing: &Demand::Puts,
    missing_status: 400,
    // What can't be read as a tag is a text that differs from the tag, no more.
    malformed_status: 412,
    if_unchanged: IfUnchanged::Rewrite,
    error_envelope: ErrorEnvelope::Own(&Errors::DEFAULT),
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
    let time = Timestamp::try_from(head.modified_at).unwrap_or(Timestamp::MAX);
    time.strftime("%Y-%m-%dT%H:%M:%S.%6f0Z").to_string()
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

/// `{"error":{"code":…,"message":…}}`, with the two codes that no document has.
#[derive(Debug)]
pub(crate) struct Errors {
    /// Of a write that says nothing about other writers.
    pub(crate) missing: &'static str,
    /// Of a write under a tag that is not the current one.
    pub(crate) mismatch: &'static str,
}

/// The codes of the other kinds.
const CODES: [(RefusalKind, &str); 15] = [
    (RefusalKind::Exists, "ResourceExists"),
    (RefusalKind::AlreadyExists, "InvalidResourceId"),
    (RefusalKind::Conflicting, "OperationNotAllowed"),
    (RefusalKind::NotFound, "ResourceNotFound"),
    (RefusalKind::Invalid, "BadRequest"),
    (RefusalKind::Invalid, INVALID_VERSION),
    (RefusalKind::Invalid, INVALID_OFFER),
    (RefusalKind::Unauthenticated, "Unauthorized"),
    (RefusalKind::Forbidden, "Forbidden"),
    (RefusalKind::MethodNotAllowed, "MethodNotAllowed"),
    (RefusalKind::UnsupportedMediaType, "UnsupportedMediaType"),
    (RefusalKind::TooLarge, "RequestTooLarge"),
    (RefusalKind::Unavailable, "ServiceUnavailable"),
    (RefusalKind::OutcomeUnknown, "OutcomeUnknown"),
    (RefusalKind::Internal, "InternalServerError"),
];

/// The code where `api-version` is missing or another one.
pub(crate) const INVALID_VERSION: &str = "InvalidAPIVersion";

/// The code where an offer can't be published as it is.
pub(crate) const INVALID_OFFER: &str = "InvalidOffer";

impl Errors {
    pub(crate) const DEFAULT: Self = Self { missing: "IfMatchRequired", mismatch: "PreconditionFailed" };

    fn code_of(&self, kind: RefusalKind) -> &'static str {
        match kind {
            RefusalKind::ConditionMissing => self.missing,
            RefusalKind::Stale | RefusalKind::ConditionMalformed | RefusalKind::UnknownTag => self.mismatch,
            _ => CODES.iter().find(|(known, _)| *known == kind).map_or("BadRequest", |(_, code)| code),
        }
    }
}

impl ErrorFormat for Errors {
    fn write(&self, refusal: &Refusal, _context: &ErrorContext<'_>) -> ErrorBody {
        let code = refusal.code.as_deref().unwrap_or_else(|| self.code_of(refusal.kind));
        let body = json!({ "error": { "code": code, "message": refusal.to_string() } });
        ErrorBody { content_type: "application/json; charset=utf-8".into(), body: Bytes::from(body.to_string()) }
    }

    fn read(&self, _status: u16, body: &[u8]) -> Option<RefusalKind> {
        let body: Value = serde_json::from_slice(body).ok()?;
        let code = body["error"]["code"].as_str()?;
        // A code that has a meaning of its own besides is read as that.
        let own = [(RefusalKind::ConditionMissing, self.missing), (RefusalKind::Stale, self.mismatch)];
        CODES.iter().chain(&own).find(|(_, known)| *known == code).map(|(kind, _)| *kind)
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;

    fn told(errors: &Errors, refusal: &Refusal) -> Bytes {
        let status = PORTAL.status_of(refusal);
        let nothing = |_: &str| None;
        let context = ErrorContext { status, at: SystemTime::UNIX_EPOCH, request_id: [0; 16], header: &nothing };
        errors.write(refusal, &context).body
    }

    fn reread(errors: &Errors, refusal: &Refusal) -> Option<RefusalKind> {
        errors.read(PORTAL.status_of(refusal), &told(errors, refusal))
    }

    #[test]
    fn a_client_reads_the_kind_that_the_server_wrote() {
        for (kind, code) in CODES {
            assert_eq!(reread(&Errors::DEFAULT, &Refusal::new(kind).with_code(code)), Some(kind), "{code}");
        }
        for errors in [Errors::DEFAULT, Errors { missing: "NoStrategy", mismatch: "Changed" }] {
            let kinds = [RefusalKind::ConditionMissing, RefusalKind::Stale];
            assert_eq!(kinds.map(|kind| reread(&errors, &Refusal::new(kind))), kinds.map(Some));
            let mismatch = [RefusalKind::ConditionMalformed, RefusalKind::UnknownTag].map(Refusal::new);
            assert_eq!(mismatch.map(|refusal| reread(&errors, &refusal)), [Some(RefusalKind::Stale); 2]);
        }
    }

    #[test]
    fn a_kind_has_its_code_without_being_told() {
        for (kind, code) in CODES.into_iter().filter(|(_, code)| ![INVALID_VERSION, INVALID_OFFER].contains(code)) {
            let told = told(&Errors::DEFAULT, &Refusal::new(kind));
            assert!(String::from_utf8_lossy(&told).contains(&format!("{code:?}")), "{code}");
        }
    }

    #[test]
    fn a_code_that_two_kinds_have_is_read_as_the_general_one() {
        let errors = Errors { missing: "BadRequest", ..Errors::DEFAULT };
        assert_eq!(reread(&errors, &Refusal::new(RefusalKind::ConditionMissing)), Some(RefusalKind::Invalid));
    }

    #[test]
    fn what_is_no_error_is_read_as_none() {
        assert_eq!(Errors::DEFAULT.read(500, b"<html>"), None);
        assert_eq!(Errors::DEFAULT.read(400, br#"{"error":{"code":"Surprise"}}"#), None);
    }
}
