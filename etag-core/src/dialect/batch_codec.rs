//! How an API family packs several requests into one, for servers and clients alike.

use std::{borrow::Cow, error::Error as StdError, fmt};

use bytes::Bytes;

/// What an API family does with several requests in one.
///
/// This is not the atomic batch of [`Batch`](crate::Batch): most of these systems answer each request by itself. What is to
/// happen together is marked as such in what the codec reads ([`BatchStep::Together`]).
#[derive(Clone, Copy, Debug)]
pub struct BatchRules {
    /// How they are packed.
    pub codec: &'static dyn BatchCodec,
    /// How many requests one may hold.
    pub most_parts: usize,
    /// What becomes of the steps after one that failed.
    pub after_failure: AfterFailure,
    /// Whether requests may name what earlier ones create.
    pub references: PartReferences,
}

impl BatchRules {
    /// Up to so many requests in this form, each of which is done by itself and knows nothing of the others.
    ///
    /// ```
    /// # use bytes::Bytes;
    /// # use etag_core::{BatchCodec, BatchPart, BatchStep, BatchSyntaxError, EncodedBatch, PartAnswer};
    /// use etag_core::{AfterFailure, BatchRules};
    ///
    /// # #[derive(Debug)]
    /// # struct Form;
    /// # impl BatchCodec for Form {
    /// #     fn read_requests(&self, _: &str, _: &Bytes) -> Result<Vec<BatchStep<BatchPart>>, BatchSyntaxError> { unreachable!() }
    /// #     fn write_requests(&self, _: &[BatchStep<BatchPart>]) -> EncodedBatch { unreachable!() }
    /// #     fn read_answers(&self, _: &str, _: &Bytes) -> Result<Vec<BatchStep<PartAnswer>>, BatchSyntaxError> { unreachable!() }
    /// #     fn write_answers(&self, _: &[BatchStep<PartAnswer>]) -> EncodedBatch { unreachable!() }
    /// # }
    /// const LENIENT: BatchRules = BatchRules::new(&Form, 20);
    /// const STRICT: BatchRules =
    ///     BatchRules { after_failure: AfterFailure::StopUnlessPreferred("odata.continue-on-error"), ..LENIENT };
    /// assert_eq!((LENIENT.after_failure, STRICT.most_parts), (AfterFailure::GoOn, 20));
    /// ```
    pub const fn new(codec: &'static dyn BatchCodec, most_parts: usize) -> Self {
        Self { codec, most_parts, after_failure: AfterFailure::GoOn, references: PartReferences::None }
    }
}

/// What becomes of the steps after one that failed.
///
/// ```
/// use etag_core::AfterFailure;
///
/// assert_ne!(AfterFailure::GoOn, AfterFailure::StopUnlessPreferred("odata.continue-on-error"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AfterFailure {
    /// They are done; the answer around all is 200.
    GoOn,
    /// They are neither done nor answered, and the answer around all has the status of the one that failed; unless the
    /// request has this preference in its `Prefer` header (RFC 7240), which makes it [`GoOn`](Self::GoOn).
    StopUnlessPreferred(&'static str),
}

/// Whether requests may name what earlier ones of the same step create.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartReferences {
    /// They may not.
    None,
    /// `$ID` at the beginning of a target stands for the URI that the request with this id created.
    Dollar,
}

/// Reads and writes one form of several requests in one, in both directions: a server reads requests and writes answers, a
/// client does the opposite.
///
/// # Contract
/// `read_requests` gives back what `write_requests` was given, and `read_answers` what `write_answers` was given, but for
/// the order of headers, the case of their names, and header fields of the form itself.
pub trait BatchCodec: fmt::Debug + Send + Sync {
    /// The requests in a body, in their order.
    ///
    /// # Errors
    /// [`BatchSyntaxError`] where the body is none of this form; it says where.
    fn read_requests(&self, content_type: &str, body: &Bytes) -> Result<Vec<BatchStep<BatchPart>>, BatchSyntaxError>;

    /// The body that holds these answers.
    fn write_answers(&self, steps: &[BatchStep<PartAnswer>]) -> EncodedBatch;

    /// The body that holds these requests.
    fn write_requests(&self, steps: &[BatchStep<BatchPart>]) -> EncodedBatch;

    /// The answers in a body, in their order.
    ///
    /// # Errors
    /// [`BatchSyntaxError`] where the body is none of this form; it says where.
    fn read_answers(&self, content_type: &str, body: &Bytes) -> Result<Vec<BatchStep<PartAnswer>>, BatchSyntaxError>;

    /// How an answer says that requests which were to happen together have failed.
    fn failed_together(&self) -> FailedTogether {
        FailedTogether::Alone
    }
}

/// How an answer says that requests which were to happen together have failed. In either way there is one answer to all of
/// them: that of the one which is to blame.
///
/// ```
/// use etag_core::{BatchStep, FailedTogether};
///
/// assert_eq!(FailedTogether::Alone.step(409), BatchStep::Alone(409));
/// assert_eq!(FailedTogether::Together.step(409), BatchStep::Together(vec![409]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailedTogether {
    /// In the place of their step, as if it had been one request ([`BatchStep::Alone`]).
    Alone,
    /// In a step that is like theirs ([`BatchStep::Together`]), alone there.
    Together,
}

impl FailedTogether {
    /// The step that this answer is told in.
    pub fn step<T>(self, answer: T) -> BatchStep<T> {
        match self {
            Self::Alone => BatchStep::Alone(answer),
            Self::Together => BatchStep::Together(vec![answer]),
        }
    }
}

/// One step of several requests, or of their answers.
///
/// ```
/// use etag_core::BatchStep;
///
/// let steps = [BatchStep::Alone(1), BatchStep::Together(vec![2, 3])];
/// assert_eq!(steps.iter().flat_map(BatchStep::parts).copied().collect::<Vec<_>>(), [1, 2, 3]);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BatchStep<T> {
    /// One that is done by itself.
    Alone(T),
    /// Several of which all are done, or none. Where they failed, the answer to the step is that of the culprit, told as the
    /// form has it ([`FailedTogether`]).
    Together(Vec<T>),
}

impl<T> BatchStep<T> {
    /// What is in it.
    pub fn parts(&self) -> &[T] {
        match self {
            Self::Alone(part) => std::slice::from_ref(part),
            Self::Together(parts) => parts,
        }
    }
}

/// One request of several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BatchPart {
    /// The name that the client gave it.
    pub id: Option<String>,
    /// Its method.
    pub method: String,
    /// The path and query, or the absolute URL, as it was sent.
    pub target: String,
    /// Its own headers.
    pub headers: Vec<(String, String)>,
    /// Its body; empty where it has none.
    pub body: Bytes,
    /// The ids of those that must have succeeded before.
    pub after: Vec<String>,
}

/// The answer to one request of several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartAnswer {
    /// The name that the client gave the request.
    pub id: Option<String>,
    /// The status.
    pub status: u16,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The body; empty where it has none.
    pub body: Bytes,
}

/// A body that holds several requests or answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodedBatch {
    /// Its media type, with parameters.
    pub content_type: String,
    /// The body.
    pub body: Bytes,
}

/// A body that is not of the form.
///
/// ```
/// use etag_core::BatchSyntaxError;
///
/// let error = BatchSyntaxError::new("part 2: the request line is missing");
/// assert_eq!(error.to_string(), "part 2: the request line is missing");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchSyntaxError(Cow<'static, str>);

impl BatchSyntaxError {
    /// With a message that says what is wrong, where, and what to send instead.
    pub fn new(message: impl Into<Cow<'static, str>>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for BatchSyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl StdError for BatchSyntaxError {}
