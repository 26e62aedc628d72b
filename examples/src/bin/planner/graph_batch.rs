//! Batches as Microsoft Graph reads them, and as it may read them.

use std::borrow::Cow;

use bytes::Bytes;
use clap::ValueEnum;
use etag_axum::JsonBatch;
use etag_core::{BatchCodec, BatchPart, BatchStep, BatchSyntaxError, EncodedBatch, PartAnswer};
use serde_json::Value;

/// A batch in JSON, with more or less than that says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GraphBatch {
    pub(crate) json: JsonBatch,
    pub(crate) urls: Urls,
    pub(crate) depends_on: DependsOn,
}

/// Which URLs the requests of a batch may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Urls {
    /// Relative ones and whole ones
    Any,
    /// Relative ones; with a whole one the batch is 400
    Relative,
}

/// What `depends_on` means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DependsOn {
    /// Nothing
    Overlooked,
    /// What `dependsOn` does
    Honoured,
}

impl BatchCodec for GraphBatch {
    fn read_requests(&self, content_type: &str, body: &Bytes) -> Result<Vec<BatchStep<BatchPart>>, BatchSyntaxError> {
        let body = match self.depends_on {
            DependsOn::Overlooked => Cow::Borrowed(body),
            DependsOn::Honoured => spelt_right(body).map_or(Cow::Borrowed(body), Cow::Owned),
        };
        let steps = self.json.read_requests(content_type, &body)?;
        let mut parts = steps.iter().flat_map(BatchStep::parts);
        match parts.find(|part| self.urls == Urls::Relative && is_whole(&part.target)) {
            Some(part) => Err(BatchSyntaxError::new(format!("{:?} is no relative url", part.target))),
            None => Ok(steps),
        }
    }

    fn write_answers(&self, steps: &[BatchStep<PartAnswer>]) -> EncodedBatch {
        self.json.write_answers(steps)
    }

    fn write_requests(&self, steps: &[BatchStep<BatchPart>]) -> EncodedBatch {
        self.json.write_requests(steps)
    }

    fn read_answers(&self, content_type: &str, body: &Bytes) -> Result<Vec<BatchStep<PartAnswer>>, BatchSyntaxError> {
        self.json.read_answers(content_type, body)
    }
}

/// Whether a URL names a server. One in its query is a value like any other.
fn is_whole(url: &str) -> bool {
    url.split(['?', '#']).next().is_some_and(|before| before.contains("://"))
}

/// The batch with `dependsOn` for each `depends_on`; `None` where it is no batch.
fn spelt_right(body: &Bytes) -> Option<Bytes> {
    let mut batch: Value = serde_json::from_slice(body).ok()?;
    for request in batch.get_mut("requests")?.as_array_mut()?.iter_mut().filter_map(Value::as_object_mut) {
        if let Some(ids) = request.remove("depends_on") {
            request.entry("dependsOn").or_insert(ids);
        }
    }
    serde_json::to_vec(&batch).ok().map(Bytes::from)
}
