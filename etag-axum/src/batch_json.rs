//! Several requests in one JSON document: what OData 4.01 and Microsoft Graph read at `$batch`.
//!
//! [`request`] and [`answer`] are the items, [`body`] what becomes of their bodies, [`names`] of their ids, and [`steps`]
//! of their atomicity groups. [`place`] says where something is wrong.

mod answer;
mod body;
mod document;
mod headers;
mod names;
mod place;
mod request;
mod steps;

#[cfg(test)]
mod client_samples;
#[cfg(test)]
mod round_trips;

use bytes::Bytes;
use etag_core::{BatchCodec, BatchPart, BatchStep, BatchSyntaxError, EncodedBatch, PartAnswer};

/// Requests as `{"requests": [{"id", "method", "url", "headers", "body", "dependsOn"}]}`, and answers as
/// `{"responses": [{"id", "status", "headers", "body"}]}` (OData JSON Format 4.01 §19).
///
/// Ids are told apart whatever the case of their letters, and methods may be written in any; other members than these
/// are overlooked. `dependsOn` may be one id instead of a list, and an id in it comes out as the request with it has it.
/// Whether there is such a request is not looked at.
///
/// Where its `Content-Type` is JSON a `body` is the value itself, where it is `text/…` a string, and in all other cases a
/// string in base64url. A body that is `null` is none. A header that has several lines is one member, with commas.
///
/// # Examples
/// ```
/// use etag_axum::JsonBatch;
/// use etag_core::{BatchCodec, BatchStep, PartAnswer};
///
/// let sent = br#"{"requests": [
///     {"id": "1", "method": "PATCH", "url": "/tasks/7", "headers": {"If-Match": "W/\"1\"", "Content-Type": "application/json"},
///      "body": {"title": "tea"}},
///     {"id": "2", "method": "GET", "url": "/tasks/7", "dependsOn": ["1"]}
/// ]}"#;
/// let steps = JsonBatch::GRAPH.read_requests("application/json", &sent[..].into())?;
///
/// let [BatchStep::Alone(patch), BatchStep::Alone(get)] = &steps[..] else { panic!("it has two") };
/// assert_eq!((patch.target.as_str(), &patch.body[..]), ("/tasks/7", &br#"{"title": "tea"}"#[..]));
/// assert_eq!(get.after, ["1"]);
///
/// let answer = PartAnswer { id: Some("1".into()), status: 204, ..PartAnswer::default() };
/// let written = JsonBatch::GRAPH.write_answers(&[BatchStep::Alone(answer)]);
/// assert_eq!(&written.body[..], br#"{"responses":[{"id":"1","status":204,"headers":{}}]}"#);
/// # Ok::<(), etag_core::BatchSyntaxError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JsonBatch {
    /// What becomes of requests with the same `atomicityGroup`.
    pub atomicity_groups: AtomicityGroups,
    /// What becomes of a request with a body whose type is not said.
    pub body_types: BodyTypes,
}

/// What becomes of requests with the same `atomicityGroup`.
///
/// ```
/// use etag_axum::{AtomicityGroups, JsonBatch};
/// use etag_core::{BatchCodec, BatchStep};
///
/// let sent = br#"{"requests": [
///     {"id": "1", "method": "DELETE", "url": "/tasks/7", "atomicityGroup": "a"},
///     {"id": "2", "method": "DELETE", "url": "/tasks/8", "atomicityGroup": "a"}
/// ]}"#;
/// let steps = |atomicity_groups| {
///     let codec = JsonBatch { atomicity_groups, ..JsonBatch::ODATA };
///     codec.read_requests("application/json", &sent[..].into())
/// };
/// assert!(matches!(&steps(AtomicityGroups::Honoured)?[..], [BatchStep::Together(parts)] if parts.len() == 2));
/// assert_eq!(steps(AtomicityGroups::Ignored)?.len(), 2);
/// # Ok::<(), etag_core::BatchSyntaxError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AtomicityGroups {
    /// They are a [`BatchStep::Together`], and have to stand next to each other. What depends on a group depends on its
    /// first request: none of them is done without the others. A group's name is not kept: what is written has other ones.
    Honoured,
    /// They are requests as all others. Writing still names groups, for whoever honours them.
    Ignored,
}

/// What becomes of a request with a body whose type is not said.
///
/// ```
/// use etag_axum::{BodyTypes, JsonBatch};
/// use etag_core::BatchCodec;
///
/// let sent = br#"{"requests": [{"id": "1", "method": "POST", "url": "/tasks", "body": {}}]}"#;
/// let read = |body_types| {
///     let codec = JsonBatch { body_types, ..JsonBatch::GRAPH };
///     codec.read_requests("application/json", &sent[..].into())
/// };
/// assert_eq!(
///     read(BodyTypes::Demanded).unwrap_err().to_string(),
///     "/requests/0/headers: has no Content-Type; send it where there is a body"
/// );
/// let steps = read(BodyTypes::JsonUnlessSaid)?;
/// assert_eq!(steps[0].parts()[0].headers, [("content-type".to_owned(), "application/json".to_owned())]);
/// # Ok::<(), etag_core::BatchSyntaxError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyTypes {
    /// It is an error.
    Demanded,
    /// The body is JSON, and the request gets the header that says so.
    JsonUnlessSaid,
}

impl JsonBatch {
    /// As Microsoft Graph has it.
    ///
    /// ```
    /// use etag_axum::{AtomicityGroups, JsonBatch};
    ///
    /// assert_eq!(JsonBatch::GRAPH.atomicity_groups, AtomicityGroups::Ignored);
    /// ```
    pub const GRAPH: Self = Self { atomicity_groups: AtomicityGroups::Ignored, body_types: BodyTypes::Demanded };

    /// As OData has it (JSON Format 4.01 §19).
    ///
    /// ```
    /// use etag_axum::{AtomicityGroups, JsonBatch};
    ///
    /// assert_eq!(JsonBatch::ODATA.atomicity_groups, AtomicityGroups::Honoured);
    /// ```
    pub const ODATA: Self = Self { atomicity_groups: AtomicityGroups::Honoured, body_types: BodyTypes::JsonUnlessSaid };
}

impl BatchCodec for JsonBatch {
    fn read_requests(&self, content_type: &str, body: &Bytes) -> Result<Vec<BatchStep<BatchPart>>, BatchSyntaxError> {
        request::read(*self, content_type, body)
    }

    fn write_answers(&self, steps: &[BatchStep<PartAnswer>]) -> EncodedBatch {
        answer::write(steps)
    }

    fn write_requests(&self, steps: &[BatchStep<BatchPart>]) -> EncodedBatch {
        request::write(steps)
    }

    fn read_answers(&self, content_type: &str, body: &Bytes) -> Result<Vec<BatchStep<PartAnswer>>, BatchSyntaxError> {
        answer::read(*self, content_type, body)
    }
}
