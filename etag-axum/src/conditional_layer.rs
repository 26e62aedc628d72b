//! 304 for handlers that know nothing of it (rule H2).

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, HttpBody, to_bytes};
use axum::response::Response;
use bytes::Bytes;
use etag_core::{
    Current, Digester, ETag, LastModified, MethodKind, Preconditions, TagLimits, Verdict, parse_http_date,
};
use http::header::{CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, LAST_MODIFIED};
use http::{HeaderValue, Request, StatusCode};
use serde_json::Map;
use tower::{BoxError, Layer, Service};

use crate::extract::{method_kind, problem};
use crate::not_modified::not_modified;
use crate::problem::ProblemKind;

/// Turns a handler's 200 to GET or HEAD into 304 where the client has that state already.
///
/// `If-None-Match` and `If-Modified-Since` are evaluated against the `ETag` and `Last-Modified` that the handler's answer
/// carries (RFC 9110 §13.2.2). The body is dropped then, and the headers that describe it. A malformed condition or a
/// malformed validator never makes a 304.
///
/// ```
/// use axum::{Router, routing::get};
/// use etag_axum::ConditionalLayer;
///
/// let app: Router = Router::new()
///     .route("/", get(|| async { ([("etag", r#""1""#)], "hello") }))
///     .layer(ConditionalLayer::new());
/// # use tower::ServiceExt;
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let request = http::Request::get("/").header("if-none-match", r#"W/"1""#);
/// let answer = app.oneshot(request.body(axum::body::Body::empty())?).await?;
/// assert_eq!(answer.status(), 304);
/// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
///
/// # What it leaves alone
/// Writes pass untouched. A layer can only compare before the handler writes, and between the two another write can
/// come; only a store that compares and writes in one step keeps updates from being lost. A failed `If-Match` on a read
/// is left to the handler, too: this layer makes no answer but 304.
///
/// # Compression
/// It stands inside of a compression layer, so that one tag is compared, not one for each coding; see
/// [`CodingTagLayer`](crate::CodingTagLayer), which also keeps that layer from giving a 304 a body.
#[derive(Clone, Copy, Debug, Default)]
#[must_use]
pub struct ConditionalLayer {
    hashed: Option<usize>,
}

impl ConditionalLayer {
    /// For handlers that set `ETag` or `Last-Modified`.
    pub fn new() -> Self {
        Self::default()
    }

    /// Also makes a strong tag for each 200 to GET or HEAD that has none: a digest (SHA-256, cut to 128 bits) of its
    /// body, media type, coding and language.
    ///
    /// It spares the client the body and not the server the work. Only a body whose size is known beforehand, is not
    /// zero and is at most `bytes` is held in memory and hashed; a longer or streamed one passes by untagged.
    ///
    /// ```
    /// # use axum::{Router, routing::get};
    /// # use etag_axum::ConditionalLayer;
    /// let app: Router = Router::new()
    ///     .route("/", get(|| async { "hello" }))
    ///     .layer(ConditionalLayer::new().hash_bodies_up_to(64 * 1024));
    /// # use tower::ServiceExt;
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// # let answer = app.oneshot(http::Request::get("/").body(axum::body::Body::empty())?).await?;
    /// # assert!(answer.headers().contains_key("etag"));
    /// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
    /// ```
    pub fn hash_bodies_up_to(mut self, bytes: usize) -> Self {
        self.hashed = Some(bytes);
        self
    }
}

impl<S> Layer<S> for ConditionalLayer {
    type Service = Conditional<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Conditional { inner, hashed: self.hashed }
    }
}

/// The service that [`ConditionalLayer`] makes.
#[derive(Clone, Copy, Debug)]
pub struct Conditional<S> {
    inner: S,
    hashed: Option<usize>,
}

impl<S, A, B> Service<Request<A>> for Conditional<S>
where
    S: Service<Request<A>, Response = http::Response<B>>,
    S::Future: Send + 'static,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response;
    type Error = S::Error;
    type Future = ConditionalFuture<S::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<A>) -> Self::Future {
        let asked = (method_kind(request.method()) == MethodKind::Read).then(|| known_states(request.headers()));
        let hashed = self.hashed;
        let answer = self.inner.call(request);
        ConditionalFuture(Box::pin(async move {
            let response = answer.await?.map(Body::new);
            Ok(match asked {
                Some(asked) => revalidate(response, &asked, hashed).await,
                None => response,
            })
        }))
    }
}

/// The answer of [`Conditional`].
pub struct ConditionalFuture<E>(Pin<Box<dyn Future<Output = Result<Response, E>> + Send>>);

impl<E> Future for ConditionalFuture<E> {
    type Output = Result<Response, E>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(context)
    }
}

impl<E> fmt::Debug for ConditionalFuture<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConditionalFuture").finish_non_exhaustive()
    }
}

fn known_states(headers: &HeaderMap) -> Preconditions {
    Preconditions::from_headers(headers, &TagLimits::default())
}

async fn revalidate(response: Response, asked: &Preconditions, hashed: Option<usize>) -> Response {
    if !matches!(response.status(), StatusCode::OK | StatusCode::PARTIAL_CONTENT) {
        return response;
    }
    let response = match hashed {
        Some(limit) => tag_body(response, limit).await,
        None => response,
    };
    if is_known(response.headers(), asked) { not_modified(response.into_parts().0) } else { response }
}

fn is_known(headers: &HeaderMap, asked: &Preconditions) -> bool {
    let etag = only_line(headers, &ETAG).and_then(|line| ETag::parse(line).ok());
    let date = only_line(headers, &LAST_MODIFIED).and_then(parse_http_date);
    let current = Current::Present { etag: etag.as_ref(), last_modified: date.map(LastModified::weak) };
    asked.evaluate(&current, MethodKind::Read) == Verdict::NotModified
}

/// The value of a field that is no list, and so means nothing where it is repeated.
fn only_line<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h [u8]> {
    let mut lines = headers.get_all(name).into_iter();
    let line = lines.next()?;
    lines.next().is_none().then_some(line.as_bytes())
}

async fn tag_body(response: Response, limit: usize) -> Response {
    if !wants_tag(&response, limit) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    match to_bytes(body, limit).await {
        Ok(bytes) => {
            parts.headers.insert(ETAG, HeaderValue::from(digest(&parts.headers, &bytes)));
            Response::from_parts(parts, Body::from(bytes))
        }
        Err(_) => broken_off(),
    }
}

/// An empty body may be that of a HEAD, cut off already; its digest would not be that of the representation.
fn wants_tag(response: &Response, limit: usize) -> bool {
    let is_whole = response.status() == StatusCode::OK && !response.headers().contains_key(ETAG);
    let size = response.body().size_hint().exact();
    is_whole && size.is_some_and(|size| size > 0 && usize::try_from(size).is_ok_and(|size| size <= limit))
}

fn digest(headers: &HeaderMap, body: &[u8]) -> ETag {
    let mut digester = Digester::new();
    for name in [CONTENT_TYPE, CONTENT_ENCODING, CONTENT_LANGUAGE] {
        digester.bytes(headers.get(name).map_or(&[], HeaderValue::as_bytes));
    }
    digester.bytes(body);
    ETag::strong(format!("b.{}", digester.finish())).expect("base64url is visible ASCII")
}

fn broken_off() -> Response {
    problem(ProblemKind::Internal, "the handler's body broke off before its end".into(), Map::new())
}
