//! Several requests in one, in the form of a dialect.
//!
//! The body is read and the steps are done in [`run`]. Each part becomes a request to the router ([`part_request`], with its
//! path from [`target`] and its references from [`reference`], which [`bindings`] finds in bodies), and its response an answer
//! ([`answer`]). What happens together is committed as one ([`together`]).

mod answer;
mod bindings;
mod part_request;
mod reference;
mod room;
mod run;
mod target;
mod together;
mod unit_store;

use std::{borrow::Cow, fmt, sync::Arc};

use axum::{
    Router,
    extract::Request,
    response::IntoResponse as _,
    routing::{MethodRouter, post},
};
use etag_core::{BatchRules, Refusal, RefusalKind};
use http::Extensions;

use self::target::Root;
pub use self::unit_store::UnitStore;
use crate::{
    dialogue::Dialogue,
    exchange::{Asker, Refused},
};

/// Several requests in one, in the form of a dialect: an extension point for whoever has a [`BatchCodec`] of their own.
///
/// Each request goes through a router as if it had come alone. This is not the `/$batch` of [`Api`](crate::Api): what fails
/// undoes nothing else, but where the form has requests that happen together ([`BatchStep::Together`]). Those are one
/// [`UnitOfWork`]: their handlers write to a [`UnitStore`], as [`Exchange`](crate::Exchange) and [`Api`](crate::Api) do by
/// themselves, and where one fails none is done, and its answer is that of the step. Where a state moves under them they are
/// done again, up to 16 times, so their handlers must have no effects but on the store.
///
/// What is wrong with the batch as a whole, or with the form of one request, is told in the dialect:
///
/// * 400: a body that is not of the form, more than [`BatchRules::most_parts`] requests, a request that is to come after one
///   that is none before it; 413: a body of more than [`Limits::batch_bytes`](crate::Limits::batch_bytes).
/// * 400 for one request: a method, a target or a header that is none, a reference to what nobody created, a batch in a batch.
/// * 413 for one request: the answers to those before it have more than
///   [`Limits::batch_answer_bytes`](crate::Limits::batch_answer_bytes). It is not done, and where it is to happen together with
///   others none of them is.
/// * 424 for one request: one that it is to come after has failed.
///
/// A request has the extensions that its own way through the router gives it, and those of [`carrying`](Self::carrying).
/// It has whatever headers its sender gives it: a proxy that takes forged ones out of requests, such as `X-User`, looks at the
/// one around all alone. What handlers trust must come by `carrying`.
/// A router whose layers bound how many requests are under way must let as many pass as may happen together.
///
/// [`BatchCodec`]: etag_core::BatchCodec
/// [`BatchStep::Together`]: etag_core::BatchStep::Together
/// [`UnitOfWork`]: etag_core::UnitOfWork
///
/// ```
/// use axum::{Router, routing::get};
/// use etag_axum::{Dialogue, RequestBatch};
/// use etag_core::{
///     AfterFailure, BatchCodec, BatchPart, BatchRules, BatchStep, BatchSyntaxError, Dialect, EncodedBatch, MemoryStore,
///     PartAnswer, PartReferences,
/// };
///
/// /// A target on each line, to be read; a status on each line of the answer.
/// #[derive(Debug)]
/// struct Lines;
///
/// impl BatchCodec for Lines {
///     fn read_requests(&self, _: &str, body: &bytes::Bytes) -> Result<Vec<BatchStep<BatchPart>>, BatchSyntaxError> {
///         let text = std::str::from_utf8(body).map_err(|_| BatchSyntaxError::new("the body is no UTF-8"))?;
///         let get = |target: &str| BatchPart { method: "GET".into(), target: target.into(), ..BatchPart::default() };
///         Ok(text.lines().map(get).map(BatchStep::Alone).collect())
///     }
///
///     fn write_answers(&self, steps: &[BatchStep<PartAnswer>]) -> EncodedBatch {
///         let lines: String = steps.iter().flat_map(BatchStep::parts).map(|answer| format!("{}\n", answer.status)).collect();
///         EncodedBatch { content_type: "text/plain".into(), body: lines.into() }
///     }
///     // … and so on: `write_requests` and `read_answers`, for clients.
/// #
/// #     fn write_requests(&self, _: &[BatchStep<BatchPart>]) -> EncodedBatch {
/// #         unimplemented!("nobody sends it")
/// #     }
/// #
/// #     fn read_answers(&self, _: &str, _: &bytes::Bytes) -> Result<Vec<BatchStep<PartAnswer>>, BatchSyntaxError> {
/// #         unimplemented!("nobody reads it")
/// #     }
/// }
///
/// let batch = BatchRules {
///     codec: &Lines,
///     most_parts: 20,
///     after_failure: AfterFailure::GoOn,
///     references: PartReferences::None,
/// };
/// let dialogue = Dialogue::new(MemoryStore::new(), Dialect { batch: Some(batch), ..Dialect::RFC_9110 });
/// let api = dialogue.serve(Router::new().route("/notes", get(async || "milk")));
/// let app = api.clone().route("/batch", RequestBatch::new(&dialogue, api).route());
///
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// # use tower::ServiceExt;
/// let answer = app.oneshot(http::Request::post("/batch").body(axum::body::Body::from("/notes\n/other\n"))?).await?;
/// assert_eq!(axum::body::to_bytes(answer.into_body(), 99).await?, "200\n404\n");
/// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
#[derive(Clone)]
pub struct RequestBatch {
    dialogue: Dialogue,
    rules: BatchRules,
    router: Router,
    root: Root,
    outer_headers: OuterHeaders,
    reads_together: ReadsTogether,
    carriers: Vec<Carrier>,
    unknown_reference: UnknownReference,
}

/// Takes what one type of extension holds from the request around all to one of them.
type Carrier = fn(&Extensions, &mut Extensions);

type UnknownReference = Arc<dyn Fn(&str) -> Refusal + Send + Sync>;

/// Which headers of the request around all are those of each of them, too, where it has none of the same name.
///
/// ```
/// use etag_axum::OuterHeaders;
///
/// assert_eq!(OuterHeaders::default(), OuterHeaders::Origin);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OuterHeaders {
    /// Who is asking, and by which name of the server: `Authorization`, `Cookie`, `Host`, `Forwarded`, `X-Forwarded-Host`
    /// and `X-Forwarded-Proto`.
    #[default]
    Origin,
    /// All but those about the body around all (`Content-…`) or the connection, `Accept-Encoding` and `Idempotency-Key`.
    AllButContent,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ReadsTogether {
    Allowed,
    Refused,
}

impl RequestBatch {
    /// Batches of requests to `router`, by the rules of the dialogue's dialect.
    ///
    /// # Panics
    /// If the dialect has no [`batch`](etag_core::Dialect::batch).
    pub fn new(dialogue: &Dialogue, router: Router) -> Self {
        let rules = dialogue.dialect().batch.expect("a dialect with rules of batches is needed to serve some");
        Self {
            dialogue: dialogue.clone(),
            rules,
            router,
            root: Root::OfBatch,
            outer_headers: OuterHeaders::default(),
            reads_together: ReadsTogether::Allowed,
            carriers: Vec::new(),
            unknown_reference: Arc::new(unknown_reference),
        }
    }

    /// Has every target that is no absolute URL stand below this path, with a slash at its beginning or without. Otherwise
    /// `/tasks/1` is a path of the server, and `tasks/1` stands beside the batch (RFC 3986 §5.2).
    ///
    /// ```
    /// use etag_axum::RequestBatch;
    ///
    /// fn at_version_1(batch: RequestBatch) -> RequestBatch {
    ///     batch.below("/v1.0")
    /// }
    /// ```
    #[must_use]
    pub fn below(mut self, root: impl Into<Cow<'static, str>>) -> Self {
        self.root = Root::Path(root.into());
        self
    }

    /// Which headers of the request around all are those of each of them, too.
    #[must_use]
    pub fn with_outer_headers(mut self, headers: OuterHeaders) -> Self {
        self.outer_headers = headers;
        self
    }

    /// Refuses GET and HEAD with 400 where they are to happen together with others. Otherwise they see what requests before
    /// them are about to write, with the tags that it gets.
    #[must_use]
    pub fn without_reads_together(mut self) -> Self {
        self.reads_together = ReadsTogether::Refused;
        self
    }

    /// Gives each request what the extensions of the one around all hold of this type, such as what a layer found out about
    /// who is asking.
    ///
    /// ```
    /// use std::net::SocketAddr;
    /// use axum::extract::ConnectInfo;
    /// use etag_axum::RequestBatch;
    ///
    /// fn with_peers(batch: RequestBatch) -> RequestBatch {
    ///     batch.carrying::<ConnectInfo<SocketAddr>>()
    /// }
    /// ```
    #[must_use]
    pub fn carrying<T: Clone + Send + Sync + 'static>(mut self) -> Self {
        self.carriers.push(|outer, inner| {
            if let Some(value) = outer.get::<T>() {
                inner.insert(value.clone());
            }
        });
        self
    }

    /// How a reference is refused to what no earlier request of the same step has created; it is given with its `$`.
    ///
    /// ```
    /// use etag_axum::RequestBatch;
    /// use etag_core::{Refusal, RefusalKind};
    ///
    /// fn in_own_words(batch: RequestBatch) -> RequestBatch {
    ///     batch.telling_unknown_references(|reference| {
    ///         Refusal::new(RefusalKind::Invalid).saying(format!("who is {reference}?"))
    ///     })
    /// }
    /// ```
    #[must_use]
    pub fn telling_unknown_references(mut self, refusal: impl Fn(&str) -> Refusal + Send + Sync + 'static) -> Self {
        self.unknown_reference = Arc::new(refusal);
        self
    }

    /// The route, for the path where batches are sent to. It must not be one of the router that they are done by.
    pub fn route<S: Clone + Send + Sync + 'static>(self) -> MethodRouter<S> {
        let batch = Arc::new(self);
        let other = Arc::clone(&batch);
        let respond = post(move |request: Request| {
            let batch = Arc::clone(&batch);
            async move { batch.respond(request).await }
        });
        respond.fallback(move |request: Request| {
            let refused = Refused::from(Refusal::method_not_allowed(&["POST"]));
            let told = Asker::of(&other.dialogue, &request).tell(&other.dialogue, refused.into_response());
            std::future::ready(told)
        })
    }
}

fn unknown_reference(reference: &str) -> Refusal {
    let message = format!("{reference} is no earlier request of the same step that creates something");
    Refusal::new(RefusalKind::Invalid).saying(message)
}

impl fmt::Debug for RequestBatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestBatch").field("rules", &self.rules).field("root", &self.root).finish_non_exhaustive()
    }
}
