//! The form: a JSON list, in which what happens together is a list of its own.

use bytes::Bytes;
use etag_core::{BatchCodec, BatchPart, BatchStep, BatchSyntaxError, EncodedBatch, PartAnswer};
use serde_json::{Value, json};

#[derive(Debug)]
pub(crate) struct Form;

impl BatchCodec for Form {
    fn read_requests(&self, _: &str, body: &Bytes) -> Result<Vec<BatchStep<BatchPart>>, BatchSyntaxError> {
        let steps: Vec<Value> = serde_json::from_slice(body)
            .map_err(|error| BatchSyntaxError::new(format!("the body is not of the form: {error}")))?;
        Ok(steps.iter().map(|step| read_step(step, read_part)).collect())
    }

    fn write_answers(&self, steps: &[BatchStep<PartAnswer>]) -> EncodedBatch {
        let steps: Vec<_> = steps.iter().map(|step| write_step(step, write_answer)).collect();
        EncodedBatch { content_type: "application/x-answers".into(), body: Value::from(steps).to_string().into() }
    }

    fn write_requests(&self, steps: &[BatchStep<BatchPart>]) -> EncodedBatch {
        let steps: Vec<_> = steps.iter().map(|step| write_step(step, write_part)).collect();
        EncodedBatch { content_type: "application/x-requests".into(), body: Value::from(steps).to_string().into() }
    }

    fn read_answers(&self, _: &str, body: &Bytes) -> Result<Vec<BatchStep<PartAnswer>>, BatchSyntaxError> {
        let steps: Vec<Value> =
            serde_json::from_slice(body).map_err(|error| BatchSyntaxError::new(error.to_string()))?;
        Ok(steps.iter().map(|step| read_step(step, read_answer)).collect())
    }
}

fn read_step<T>(step: &Value, read: fn(&Value) -> T) -> BatchStep<T> {
    match step {
        Value::Array(parts) => BatchStep::Together(parts.iter().map(read).collect()),
        part => BatchStep::Alone(read(part)),
    }
}

fn write_step<T>(step: &BatchStep<T>, write: fn(&T) -> Value) -> Value {
    match step {
        BatchStep::Alone(part) => write(part),
        BatchStep::Together(parts) => parts.iter().map(write).collect(),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn headers(value: &Value) -> Vec<(String, String)> {
    value.as_array().into_iter().flatten().map(|pair| (text(&pair[0]), text(&pair[1]))).collect()
}

fn read_part(part: &Value) -> BatchPart {
    BatchPart {
        id: part["id"].as_str().map(str::to_owned),
        method: text(&part["method"]),
        target: text(&part["target"]),
        headers: headers(&part["headers"]),
        body: text(&part["body"]).into(),
        after: part["after"].as_array().into_iter().flatten().map(text).collect(),
    }
}

fn write_part(part: &BatchPart) -> Value {
    let body = String::from_utf8_lossy(&part.body);
    json!({"id": part.id, "method": part.method, "target": part.target, "headers": part.headers, "body": body, "after": part.after})
}

fn read_answer(answer: &Value) -> PartAnswer {
    PartAnswer {
        id: answer["id"].as_str().map(str::to_owned),
        status: answer["status"].as_u64().and_then(|status| status.try_into().ok()).unwrap_or_default(),
        headers: headers(&answer["headers"]),
        body: text(&answer["body"]).into(),
    }
}

fn write_answer(answer: &PartAnswer) -> Value {
    let body = String::from_utf8_lossy(&answer.body);
    json!({"id": answer.id, "status": answer.status, "headers": answer.headers, "body": body})
}

/// Makes requests.
#[derive(Clone, Debug, Default)]
pub(crate) struct Part(pub(crate) BatchPart);

impl Part {
    pub(crate) fn new(method: &str, target: &str) -> Self {
        Self(BatchPart { method: method.to_owned(), target: target.to_owned(), ..BatchPart::default() })
    }

    pub(crate) fn get(target: &str) -> Self {
        Self::new("GET", target)
    }

    pub(crate) fn post(target: &str) -> Self {
        Self::new("POST", target)
    }

    pub(crate) fn patch(target: &str, text: &str) -> Self {
        Self::new("PATCH", target).json(&Value::from(text))
    }

    pub(crate) fn delete(target: &str) -> Self {
        Self::new("DELETE", target)
    }

    pub(crate) fn id(mut self, id: &str) -> Self {
        self.0.id = Some(id.to_owned());
        self
    }

    pub(crate) fn after(mut self, id: &str) -> Self {
        self.0.after.push(id.to_owned());
        self
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.0.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn if_match(self, tag: Option<&str>) -> Self {
        self.header("If-Match", tag.expect("it has a tag"))
    }

    pub(crate) fn json(mut self, body: &Value) -> Self {
        self.0.body = body.to_string().into();
        self.header("Content-Type", "application/json")
    }
}

pub(crate) fn alone(part: Part) -> BatchStep<BatchPart> {
    BatchStep::Alone(part.0)
}

pub(crate) fn together(parts: impl IntoIterator<Item = Part>) -> BatchStep<BatchPart> {
    BatchStep::Together(parts.into_iter().map(|part| part.0).collect())
}
