//! Cross-origin requests that may use conditions (rule H5).

use std::task::{Context, Poll};

use http::{HeaderMap, HeaderName, Method, Request, Response, header};
use tower::{Layer, Service};
use tower_http::cors::{AllowOrigin, Cors, ResponseFuture};

use crate::{
    idempotency::{IDEMPOTENCY_KEY, IDEMPOTENCY_REPLAYED},
    media_type::{ACCEPT_PATCH_NAME, ACCEPT_POST_NAME},
    prefer::PREFERENCE_APPLIED,
};

/// Lets browser pages of other origins send conditions and read tags: a preset of [`tower_http::cors::CorsLayer`] that
/// exposes `ETag` and its like, and allows `If-Match` and its like.
///
/// Unlike that layer it answers preflights only, so that a plain OPTIONS still tells what a resource allows.
///
/// ```
/// use axum::{Router, routing::get};
/// use etag_axum::CorsLayer;
/// use http::HeaderValue;
///
/// let origin = HeaderValue::from_static("https://app.example");
/// let app: Router = Router::new().route("/", get(|| async { "hi" })).layer(CorsLayer::new(origin));
/// ```
#[derive(Clone, Debug)]
pub struct CorsLayer(tower_http::cors::CorsLayer);

impl CorsLayer {
    /// For pages of these origins; [`tower_http::cors::Any`] for all.
    ///
    /// ```
    /// use etag_axum::CorsLayer;
    /// use http::HeaderValue;
    ///
    /// let one = CorsLayer::new(HeaderValue::from_static("https://app.example"));
    /// let two = CorsLayer::new(["https://a.example", "https://b.example"].map(HeaderValue::from_static));
    /// let all = CorsLayer::new(tower_http::cors::Any);
    /// ```
    pub fn new(origins: impl Into<AllowOrigin>) -> Self {
        let layer = tower_http::cors::CorsLayer::new()
            .allow_origin(origins)
            .allow_methods([
                Method::GET,
                Method::HEAD,
                Method::POST,
                Method::PUT,
                Method::PATCH,
                Method::DELETE,
                Method::OPTIONS,
            ])
            .allow_headers(allowed())
            .expose_headers(exposed());
        Self(layer)
    }
}

/// What a page may send.
fn allowed() -> [HeaderName; 9] {
    [
        header::AUTHORIZATION,
        header::CONTENT_TYPE,
        header::IF_MATCH,
        header::IF_NONE_MATCH,
        header::IF_MODIFIED_SINCE,
        header::IF_UNMODIFIED_SINCE,
        header::IF_RANGE,
        HeaderName::from_static("prefer"),
        IDEMPOTENCY_KEY,
    ]
}

/// What a page may read.
fn exposed() -> [HeaderName; 11] {
    [
        header::ETAG,
        header::LAST_MODIFIED,
        header::LOCATION,
        header::CONTENT_LOCATION,
        header::LINK,
        header::ALLOW,
        header::RETRY_AFTER,
        ACCEPT_PATCH_NAME,
        ACCEPT_POST_NAME,
        PREFERENCE_APPLIED,
        IDEMPOTENCY_REPLAYED,
    ]
}

impl<S> Layer<S> for CorsLayer {
    type Service = CorsService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        CorsService(self.0.layer(Unmasked(inner)))
    }
}

/// The service of [`CorsLayer`].
#[derive(Clone, Debug)]
pub struct CorsService<S>(Cors<Unmasked<S>>);

impl<S, RequestBody, ResponseBody> Service<Request<RequestBody>> for CorsService<S>
where
    S: Service<Request<RequestBody>, Response = Response<ResponseBody>>,
    ResponseBody: Default,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<RequestBody>) -> Self::Future {
        if request.method() == Method::OPTIONS && !is_preflight(request.headers()) {
            mask(&mut request);
        }
        self.0.call(request)
    }
}

/// A preflight names the method that it asks for.
fn is_preflight(headers: &HeaderMap) -> bool {
    headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// Marks a request whose method is OPTIONS by rights.
#[derive(Clone, Copy, Debug)]
struct PlainOptions;

/// Hides a plain OPTIONS from the layer of `tower_http`, which takes any for a preflight; its answer needs the headers of a
/// cross-origin answer as all others do.
fn mask<B>(request: &mut Request<B>) {
    *request.method_mut() = Method::GET;
    request.extensions_mut().insert(PlainOptions);
}

/// The inner service, which is shown the method that was sent.
#[derive(Clone, Debug)]
struct Unmasked<S>(S);

impl<S, B> Service<Request<B>> for Unmasked<S>
where
    S: Service<Request<B>>,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        if request.extensions_mut().remove::<PlainOptions>().is_some() {
            *request.method_mut() = Method::OPTIONS;
        }
        self.0.call(request)
    }
}
