//! Tags under compression: another content-coding is another representation (rule T7).

mod coding;
mod exchange;
mod negotiate;
mod probe;
mod suffix;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, HttpBody};
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, Request};
use tower::{BoxError, Layer, Service};

pub use self::coding::Coding;
use self::coding::Codings;
use self::exchange::Exchange;
use self::probe::Page;
use self::suffix::Stripped;

/// The conditions of a write in a batch, whose body no layer looks into, without the suffixes of all codings.
pub(crate) fn without_codings(mut headers: HeaderMap) -> HeaderMap {
    suffix::strip(&mut headers, Stripped::Any);
    headers
}

/// Gives compressed answers tags of their own, and takes those tags back in conditions (rule T7).
///
/// A strong tag promises the same bytes (RFC 9110 §8.8.1), and compression changes them. This layer stands *outside* the
/// compression layer, which in axum means that it is added after it:
///
/// ```
/// use axum::{Router, routing::get};
/// use etag_axum::CodingTagLayer;
/// use tower_http::compression::CompressionLayer;
///
/// let compression = CompressionLayer::new();
/// let app: Router = Router::new()
///     .route("/", get(|| async { ([("etag", r#""1""#)], "a page worth compressing, of some length") }))
///     .layer(compression.clone())
///     .layer(CodingTagLayer::of(&compression));
/// # use tower::ServiceExt;
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let request = http::Request::get("/").header("accept-encoding", "gzip");
/// let answer = app.oneshot(request.body(axum::body::Body::empty())?).await?;
/// assert_eq!(answer.headers()["etag"], r#""1~gzip""#);
/// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
///
/// # What it does
/// * On the way out a strong tag beside a `Content-Encoding` of [`Coding`] gets the suffix `~coding` inside its quotes.
///   Weak tags stay as they are. Each 2xx and 304 to GET and HEAD says `Vary: accept-encoding`.
/// * On the way in a read (GET, HEAD) loses, in `If-Match` and `If-None-Match`, the suffix of the one coding that its
///   answer will have. Any other tag with a suffix then matches nothing, as it should: those are not the bytes that this
///   request gets. A 304 that such a tag brought about carries it again; any other 304 carries the plain tag.
/// * A write loses the suffixes of all codings: which bytes the client saw does not matter for what it may change.
/// * A read with `Range` loses none, nor does `If-Range`, because a part is never compressed: parts of a compressed and
///   of a plain representation must not be put together (RFC 9110 §13.1.5).
/// * A 204 and a 304 have no body to compress; what a compression layer makes of it and says of it is taken back.
///
/// Fields that cannot be read pass as they came. A request without a `~` in its tags pays for the search of that byte.
///
/// # Reserved syntax
/// A tag that ends in `~` and the name of a coding belongs to this layer. This project's tags contain no `~`; a handler
/// behind this layer must not make a tag that ends so, since the layer would take the end off.
#[derive(Clone, Copy, Debug)]
pub struct CodingTagLayer {
    offered: Codings,
}

impl CodingTagLayer {
    /// For what stands behind this compression layer, which is asked here, once, for the codings that it offers.
    ///
    /// It is asked with a JSON page of 16 KiB. For a layer that would not compress one, say what it offers with
    /// [`offering`](Self::offering).
    ///
    /// ```
    /// use etag_axum::CodingTagLayer;
    /// use tower_http::compression::CompressionLayer;
    ///
    /// let compression = CompressionLayer::new().no_br();
    /// let app: axum::Router = axum::Router::new()
    ///     .layer(compression.clone())
    ///     .layer(CodingTagLayer::of(&compression));
    /// ```
    pub fn of<L, B>(compression: &L) -> Self
    where
        L: Layer<Page>,
        L::Service: Service<Request<Body>, Response = http::Response<B>>,
    {
        Self { offered: probe::offered(compression) }
    }

    /// For what stands behind a compression layer that offers exactly these codings.
    ///
    /// One too many or too few costs reads their 304, and never makes a false one: a request that asks for the coding
    /// in question is then thought to get another one than it does.
    ///
    /// ```
    /// use etag_axum::{Coding, CodingTagLayer};
    /// use tower_http::compression::CompressionLayer;
    ///
    /// let compression = CompressionLayer::new().no_br();
    /// let tags = CodingTagLayer::offering([Coding::Gzip]);
    /// ```
    pub fn offering(codings: impl IntoIterator<Item = Coding>) -> Self {
        Self { offered: codings.into_iter().collect() }
    }
}

impl<S> Layer<S> for CodingTagLayer {
    type Service = CodingTag<S>;

    fn layer(&self, inner: S) -> Self::Service {
        CodingTag { inner, offered: self.offered }
    }
}

/// The service that [`CodingTagLayer`] makes.
#[derive(Clone, Copy, Debug)]
pub struct CodingTag<S> {
    inner: S,
    offered: Codings,
}

impl<S, A, B> Service<Request<A>> for CodingTag<S>
where
    S: Service<Request<A>, Response = http::Response<B>>,
    S::Future: Send + 'static,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response;
    type Error = S::Error;
    type Future = CodingTagFuture<S::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<A>) -> Self::Future {
        let exchange = Exchange::begin(&mut request, self.offered);
        let answer = self.inner.call(request);
        CodingTagFuture(Box::pin(async move { Ok(exchange.finish(answer.await?.map(Body::new))) }))
    }
}

/// The answer of [`CodingTag`].
pub struct CodingTagFuture<E>(Pin<Box<dyn Future<Output = Result<Response, E>> + Send>>);

impl<E> Future for CodingTagFuture<E> {
    type Output = Result<Response, E>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(context)
    }
}

impl<E> fmt::Debug for CodingTagFuture<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CodingTagFuture").finish_non_exhaustive()
    }
}
