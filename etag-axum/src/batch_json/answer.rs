//! Answers in a document.

use bytes::Bytes;
use etag_core::{BatchStep, BatchSyntaxError, EncodedBatch, PartAnswer};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{
    AtomicityGroups, JsonBatch,
    body::{BodyKind, Embedded},
    document,
    headers::{self, Headers, Joined},
    place::Place,
    steps::{self, Steps},
};

#[derive(Deserialize)]
struct Sent<'d> {
    #[serde(borrow)]
    responses: Vec<SentAnswer<'d>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SentAnswer<'d> {
    #[serde(default)]
    id: Option<String>,
    status: u16,
    #[serde(default)]
    headers: Option<Headers>,
    #[serde(borrow, default)]
    body: Option<&'d RawValue>,
    #[serde(default)]
    atomicity_group: Option<String>,
}

/// The answers in a body.
///
/// # Errors
/// Where it is not of the form; it begins with a pointer to the place.
pub(super) fn read(
    codec: JsonBatch,
    content_type: &str,
    body: &Bytes,
) -> Result<Vec<BatchStep<PartAnswer>>, BatchSyntaxError> {
    let sent: Sent<'_> = document::read(content_type, body)?;
    let mut steps = Steps::new();
    for (index, mut answer) in sent.responses.into_iter().enumerate() {
        let place = Place { list: "responses", index };
        let group = answer.atomicity_group.take().filter(|_| codec.atomicity_groups == AtomicityGroups::Honoured);
        steps.add(group.as_deref(), answer.into_part(body, place)?, place)?;
    }
    Ok(steps.finish())
}

impl SentAnswer<'_> {
    fn into_part(self, document: &Bytes, place: Place) -> Result<PartAnswer, BatchSyntaxError> {
        let status = StatusCode::from_u16(self.status);
        let status = status.map_err(|_| place.error(&["status"], "is no status; send 100 to 999"))?.as_u16();
        let headers = self.headers.unwrap_or_default().checked(place)?;
        let kind = headers::content_type(&headers).map_or(BodyKind::Json, BodyKind::of);
        let body = self.body.map(|body| kind.read(body, document)).transpose();
        let body = body.map_err(|flaw| place.error(&["body"], flaw))?.unwrap_or_default();
        Ok(PartAnswer { id: self.id, status, headers, body })
    }
}

#[derive(Serialize)]
struct Written<'w> {
    responses: Vec<WrittenAnswer<'w>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WrittenAnswer<'w> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'w str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    atomicity_group: Option<String>,
    status: u16,
    headers: Joined<'w>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Embedded<'w>>,
}

/// The body that holds these answers.
pub(super) fn write(steps: &[BatchStep<PartAnswer>]) -> EncodedBatch {
    document::write(&Written { responses: steps::items(steps, |answer| answer.id.as_deref(), written) })
}

fn written(answer: &PartAnswer, atomicity_group: Option<String>) -> WrittenAnswer<'_> {
    WrittenAnswer {
        id: answer.id.as_deref(),
        atomicity_group,
        status: answer.status,
        headers: Joined::of(&answer.headers),
        body: Embedded::of(headers::content_type(&answer.headers), &answer.body),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(answer: &str) -> String {
        let body = format!(r#"{{"responses": [{answer}]}}"#);
        read(JsonBatch::ODATA, "application/json", &body.into()).unwrap_err().to_string()
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        assert!(refusal(r#"{"id": "1"}"#).starts_with("/responses/0: missing field `status`"));
        assert_eq!(refusal(r#"{"status": 7}"#), "/responses/0/status: is no status; send 100 to 999");
        assert!(refusal(r#"{"status": "200"}"#).starts_with("/responses/0/status: invalid type"));
    }

    #[test]
    fn an_answer_has_a_body_where_there_is_one() {
        let json = vec![("Content-Type".to_owned(), "application/json".to_owned())];
        let answers = [
            PartAnswer { id: Some("1".to_owned()), status: 204, ..PartAnswer::default() },
            PartAnswer { id: Some("2".to_owned()), status: 409, headers: json, body: "{\"error\": {}}\n".into() },
        ];
        let written = write(&[BatchStep::Alone(answers[0].clone()), BatchStep::Together(answers[1..].to_vec())]);

        assert_eq!(written.content_type, "application/json");
        let expected = r#"{"responses":[{"id":"1","status":204,"headers":{}},{"id":"2","atomicityGroup":"group2","status":409,"headers":{"Content-Type":"application/json"},"body":{"error": {}}}]}"#;
        assert_eq!(String::from_utf8(written.body.into()).unwrap(), expected);
    }
}
