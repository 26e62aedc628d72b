//! Errors in the envelope that Google's older services share.

use etag_core::{ErrorBody, ErrorContext, ErrorFormat, Refusal, RefusalKind};
use serde::{Deserialize, Serialize};

use crate::rate;

/// `{"error":{"errors":[{"domain","reason","message","locationType","location"}],"code","message"}}`.
#[derive(Debug)]
pub(crate) struct GoogleErrors;

#[derive(Serialize, Deserialize)]
struct Envelope {
    error: Told,
}

#[derive(Serialize, Deserialize)]
struct Told {
    errors: Vec<Item>,
    code: u16,
    message: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    domain: String,
    reason: String,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    location_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<String>,
}

/// What one kind of refusal is called, how it is worded, and which header it blames. Where there are no words, those of the
/// refusal itself are told.
struct Wording {
    kind: RefusalKind,
    reason: &'static str,
    message: Option<&'static str>,
    header: Option<&'static str>,
}

const fn worded(kind: RefusalKind, reason: &'static str, message: &'static str) -> Wording {
    Wording { kind, reason, message: Some(message), header: None }
}

const fn wordless(kind: RefusalKind, reason: &'static str) -> Wording {
    Wording { kind, reason, message: None, header: None }
}

impl Wording {
    const fn blaming(self, header: &'static str) -> Self {
        Self { header: Some(header), ..self }
    }
}

/// Of two kinds with one reason the status tells which is meant.
const WORDINGS: [Wording; 18] = [
    worded(RefusalKind::Stale, "conditionNotMet", "Precondition Failed").blaming("If-Match"),
    worded(RefusalKind::Exists, "conditionNotMet", "Precondition Failed").blaming("If-None-Match"),
    wordless(RefusalKind::ConditionMalformed, "invalidHeader").blaming("If-Match"),
    wordless(RefusalKind::WildcardRefused, "invalidWildcard").blaming("If-Match"),
    worded(RefusalKind::NotFound, "notFound", "Not Found"),
    worded(RefusalKind::Gone, "deleted", "Resource has been deleted"),
    worded(RefusalKind::AlreadyExists, "duplicate", "The requested identifier already exists."),
    worded(RefusalKind::Conflicting, "conflict", "Conflict"),
    wordless(RefusalKind::Invalid, "invalid"),
    worded(RefusalKind::Unauthenticated, "authError", "Invalid Credentials").blaming("Authorization"),
    worded(RefusalKind::Forbidden, "forbidden", "Forbidden"),
    worded(RefusalKind::MethodNotAllowed, "httpMethodNotAllowed", "Method Not Allowed"),
    wordless(RefusalKind::UnsupportedMediaType, "badContent"),
    wordless(RefusalKind::TooLarge, "uploadTooLarge"),
    worded(RefusalKind::FailedDependency, "failedDependency", "Failed Dependency"),
    worded(RefusalKind::Unavailable, "backendError", "Backend Error"),
    wordless(RefusalKind::OutcomeUnknown, "unknownOutcome"),
    worded(RefusalKind::Internal, "backendError", "Backend Error"),
];

/// The domain of limits of use; all other refusals are of the domain `global`.
const LIMITS: &str = "usageLimits";

impl ErrorFormat for GoogleErrors {
    fn write(&self, refusal: &Refusal, context: &ErrorContext<'_>) -> ErrorBody {
        let wording = WORDINGS.iter().find(|wording| wording.kind == refusal.kind).unwrap_or(&WORDINGS[17]);
        let is_limit = refusal.code.as_deref() == Some(rate::REASON);
        let message = wording.message.filter(|_| !is_limit).map_or_else(|| refusal.to_string(), str::to_owned);
        let item = Item {
            domain: if is_limit { LIMITS } else { "global" }.to_owned(),
            reason: refusal.code.as_deref().unwrap_or(wording.reason).to_owned(),
            message: message.clone(),
            location_type: wording.header.map(|_| "header".to_owned()),
            location: wording.header.map(str::to_owned),
        };
        let envelope = Envelope { error: Told { errors: vec![item], code: context.status, message } };
        let body = serde_json::to_vec(&envelope).expect("texts and numbers are JSON");
        ErrorBody { content_type: "application/json; charset=UTF-8".into(), body: body.into() }
    }

    fn read(&self, status: u16, body: &[u8]) -> Option<RefusalKind> {
        let envelope: Envelope = serde_json::from_slice(body).ok()?;
        let told = envelope.error.errors.into_iter().next()?;
        if told.domain == LIMITS {
            return Some(RefusalKind::Unavailable);
        }
        let mut alike = WORDINGS
            .iter()
            .filter(|wording| wording.reason == told.reason && wording.header == told.location.as_deref());
        match (alike.next(), alike.next()) {
            (Some(only), None) => Some(only.kind),
            (Some(first), Some(second)) => {
                [first, second].map(|wording| wording.kind).into_iter().find(|kind| kind.usual_status() == status)
            }
            (None, _) => (status == 400).then_some(RefusalKind::Invalid),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;
    use crate::dialect::CALENDAR;

    fn written(refusal: &Refusal) -> (u16, ErrorBody) {
        let status = CALENDAR.status_of(refusal);
        let context = ErrorContext { status, at: UNIX_EPOCH, request_id: [0; 16], header: &|_| None };
        (status, GoogleErrors.write(refusal, &context))
    }

    #[test]
    fn what_is_written_reads_back_as_the_same_kind() {
        for Wording { kind, .. } in WORDINGS {
            let (status, told) = written(&Refusal::new(kind));
            assert_eq!(GoogleErrors.read(status, &told.body), Some(kind), "{:?}", told.body);
        }
    }

    #[test]
    fn a_reason_of_its_own_is_still_an_invalid_request() {
        let (status, told) = written(&Refusal::new(RefusalKind::Invalid).with_code("required"));
        assert_eq!(GoogleErrors.read(status, &told.body), Some(RefusalKind::Invalid));
    }

    #[test]
    fn whoever_asks_too_often_is_to_come_again() {
        let refusal = Refusal::new(RefusalKind::Unavailable).with_code(rate::REASON).with_status(403);
        let (status, told) = written(&refusal);
        assert_eq!((status, GoogleErrors.read(status, &told.body)), (403, Some(RefusalKind::Unavailable)));
    }

    #[test]
    fn what_is_no_such_envelope_tells_nothing() {
        assert_eq!(GoogleErrors.read(412, b"{}"), None);
        assert_eq!(GoogleErrors.read(502, b"<html>"), None);
    }

    #[test]
    fn a_stale_tag_is_told_in_the_services_very_words() {
        let (status, told) = written(&Refusal::new(RefusalKind::Stale));
        let body = r#"{"error":{"errors":[{"domain":"global","reason":"conditionNotMet","message":"Precondition Failed","locationType":"header","location":"If-Match"}],"code":412,"message":"Precondition Failed"}}"#;
        assert_eq!((status, &*told.body), (412, body.as_bytes()));
    }
}
