//! Several requests in one multipart body: what Google's `/batch` and OData's `$batch` read.
//!
//! From the outside in: [`framing`] cuts a body at its boundary lines, [`part`] reads what each part says of itself, and
//! [`message`] the request or answer in it, whose heads [`head`] reads. [`writing`] does it all the other way round, with
//! a boundary that [`boundary`] found to be in none of the texts.

mod boundary;
mod framing;
mod head;
mod media;
mod message;
mod part;
mod reading;
mod writing;

#[cfg(test)]
mod client_samples;
#[cfg(test)]
mod round_trips;

use bytes::Bytes;
use etag_core::{BatchCodec, BatchPart, BatchStep, BatchSyntaxError, EncodedBatch, FailedTogether, PartAnswer};

/// Requests and answers as `application/http` (RFC 9112 §10.2) in the parts of a `multipart/mixed` body (RFC 2046 §5.1).
///
/// Bodies are read with CRLF and with LF, with a preamble or an empty line before the first boundary and an epilogue after
/// the last. The body of a part goes to the line break before the next boundary. `Content-Length` is not
/// needed, and decides only whether empty lines at the end are part of the body; without it, a body of empty lines is no body.
/// `Content-Transfer-Encoding` is not looked at. What is written has CRLF, and begins with its first boundary.
///
/// [`BatchPart::after`] has no place in this form.
///
/// # Examples
/// ```
/// use etag_axum::MultipartBatch;
/// use etag_core::{BatchCodec, BatchStep, PartAnswer};
///
/// let sent = "\
/// --b\r\n\
/// Content-Type: application/http\r\n\
/// Content-ID: <81c2 + 1>\r\n\
/// \r\n\
/// PATCH /v1/people/c1 HTTP/1.1\r\n\
/// Content-Type: application/json\r\n\
/// \r\n\
/// {\"etag\": \"%E\"}\r\n\
/// --b--\r\n";
/// let steps = MultipartBatch::GOOGLE.read_requests("multipart/mixed; boundary=\"b\"", &sent.into())?;
///
/// let [BatchStep::Alone(request)] = &steps[..] else { panic!("it has one part") };
/// assert_eq!((request.method.as_str(), request.target.as_str()), ("PATCH", "/v1/people/c1"));
/// assert_eq!(&request.body[..], br#"{"etag": "%E"}"#);
///
/// let answer = PartAnswer { id: request.id.clone(), status: 204, ..PartAnswer::default() };
/// let written = MultipartBatch::GOOGLE.write_answers(&[BatchStep::Alone(answer)]);
/// let text = String::from_utf8_lossy(&written.body);
/// assert!(text.contains("Content-ID: <response-81c2 + 1>\r\n\r\nHTTP/1.1 204 No Content\r\n"));
/// # Ok::<(), etag_core::BatchSyntaxError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MultipartBatch {
    /// What becomes of a part that has parts itself.
    pub change_sets: ChangeSets,
    /// How an answer says that a change set has failed: as a part like any other, or as the only part of a change set.
    pub failed_change_sets: FailedTogether,
    /// How answers name the requests that they are to.
    pub content_ids: ContentIds,
    /// What the boundaries of requests begin with.
    pub request_boundaries: BoundaryPrefixes,
    /// What the boundaries of answers begin with.
    pub answer_boundaries: BoundaryPrefixes,
}

/// What becomes of a part that has parts itself.
///
/// ```
/// use etag_axum::{ChangeSets, MultipartBatch};
/// use etag_core::{BatchCodec, BatchStep};
///
/// let body = "\
/// --b\nContent-Type: multipart/mixed; boundary=c\n\n\
/// --c\nContent-Type: application/http\n\nDELETE /contacts(7)\n\
/// --c--\n\
/// --b--\n";
/// let content_type = "multipart/mixed; boundary=b";
///
/// let steps = MultipartBatch::ODATA.read_requests(content_type, &body.into())?;
/// assert!(matches!(&steps[..], [BatchStep::Together(parts)] if parts.len() == 1));
///
/// let without = MultipartBatch { change_sets: ChangeSets::Refused, ..MultipartBatch::ODATA };
/// let error = without.read_requests(content_type, &body.into()).unwrap_err();
/// assert_eq!(error.to_string(), "part 1: it is a change set, which can't be had here; send its requests as parts of the batch");
/// # Ok::<(), etag_core::BatchSyntaxError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeSets {
    /// It is a [`BatchStep::Together`] (OData 4.01 Protocol §11.7.7.1).
    Nested,
    /// It is refused. Writing still makes such parts, so that who can't keep them together refuses them.
    Refused,
}

/// How answers name the requests that they are to.
///
/// ```
/// use etag_axum::{ContentIds, MultipartBatch};
/// use etag_core::{BatchCodec, BatchStep, PartAnswer};
///
/// let answer = BatchStep::Alone(PartAnswer { id: Some("7".into()), status: 200, ..PartAnswer::default() });
/// let written = |content_ids| {
///     let codec = MultipartBatch { content_ids, ..MultipartBatch::ODATA };
///     String::from_utf8(codec.write_answers(&[answer.clone()]).body.into()).unwrap()
/// };
/// assert!(written(ContentIds::Echoed).contains("Content-ID: 7\r\n"));
/// assert!(written(ContentIds::Prefixed("response-")).contains("Content-ID: <response-7>\r\n"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentIds {
    /// By the same `Content-ID`.
    Echoed,
    /// By a `Content-ID` that begins with this, in angle brackets (RFC 2045 §7). They are no part of the id, and are not
    /// needed in requests.
    Prefixed(&'static str),
}

/// What boundaries begin with: a token (RFC 9110 §5.6.2) of 32 characters at most.
///
/// ```
/// use etag_axum::{BoundaryPrefixes, MultipartBatch};
/// use etag_core::BatchCodec;
///
/// let answer_boundaries = BoundaryPrefixes { batch: "answers_", change_set: "set_" };
/// let codec = MultipartBatch { answer_boundaries, ..MultipartBatch::ODATA };
/// assert!(codec.write_answers(&[]).content_type.starts_with("multipart/mixed; boundary=answers_"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BoundaryPrefixes {
    /// Those between the parts.
    pub batch: &'static str,
    /// Those in a change set.
    pub change_set: &'static str,
}

impl MultipartBatch {
    /// As the APIs of Google have it: each request by itself, and answers whose ids begin with `response-`.
    ///
    /// ```
    /// use etag_axum::{ChangeSets, MultipartBatch};
    ///
    /// assert_eq!(MultipartBatch::GOOGLE.change_sets, ChangeSets::Refused);
    /// ```
    pub const GOOGLE: Self = Self {
        change_sets: ChangeSets::Refused,
        failed_change_sets: FailedTogether::Alone,
        content_ids: ContentIds::Prefixed("response-"),
        request_boundaries: BoundaryPrefixes { batch: "batch_", change_set: "changeset_" },
        answer_boundaries: BoundaryPrefixes { batch: "batch_", change_set: "changeset_" },
    };

    /// As OData has it (4.01 Protocol §11.7.7), with the names of boundaries that clients of Dataverse look for. A change set
    /// that failed is answered by one part.
    ///
    /// ```
    /// use etag_axum::{ChangeSets, MultipartBatch};
    ///
    /// assert_eq!(MultipartBatch::ODATA.change_sets, ChangeSets::Nested);
    /// ```
    pub const ODATA: Self = Self {
        change_sets: ChangeSets::Nested,
        failed_change_sets: FailedTogether::Alone,
        content_ids: ContentIds::Echoed,
        request_boundaries: BoundaryPrefixes { batch: "batch_", change_set: "changeset_" },
        answer_boundaries: BoundaryPrefixes { batch: "batchresponse_", change_set: "changesetresponse_" },
    };
}

impl BatchCodec for MultipartBatch {
    fn read_requests(&self, content_type: &str, body: &Bytes) -> Result<Vec<BatchStep<BatchPart>>, BatchSyntaxError> {
        reading::steps(self, content_type, body)
    }

    fn write_answers(&self, steps: &[BatchStep<PartAnswer>]) -> EncodedBatch {
        writing::batch(steps, self.answer_boundaries, self.content_ids)
    }

    fn write_requests(&self, steps: &[BatchStep<BatchPart>]) -> EncodedBatch {
        writing::batch(steps, self.request_boundaries, self.content_ids)
    }

    fn failed_together(&self) -> FailedTogether {
        self.failed_change_sets
    }

    fn read_answers(&self, content_type: &str, body: &Bytes) -> Result<Vec<BatchStep<PartAnswer>>, BatchSyntaxError> {
        reading::steps(self, content_type, body)
    }
}
