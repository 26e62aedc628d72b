//! Cross-origin requests that may use conditions (rule H5).

use std::task::{Context, Poll};

use futures_util::future::Either;
use http::{HeaderName, Method, Request, Response, header};
use tower::{Layer, Service};
use tower_http::cors::{AllowOrigin, Cors};

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

impl<S: Clone> Layer<S> for CorsLayer {
    type Service = CorsService<S>;

    fn layer(&self, inner: S) -> Self::Service {
        CorsService { cors: self.0.layer(inner.clone()), inner }
    }
}

/// The service of [`CorsLayer`].
#[derive(Clone, Debug)]
pub struct CorsService<S> {
    cors: Cors<S>,
    inner: S,
}

impl<S, RequestBody, ResponseBody> Service<Request<RequestBody>> for CorsService<S>
where
    S: Service<Request<RequestBody>, Response = Response<ResponseBody>>,
    ResponseBody: Default,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Either<<Cors<S> as Service<Request<RequestBody>>>::Future, S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        match self.inner.poll_ready(context) {
            Poll::Ready(Ok(())) => self.cors.poll_ready(context),
            other => other,
        }
    }

    fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
        let is_plain_options = request.method() == Method::OPTIONS
            && !request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
        if is_plain_options {
            return Either::Right(self.inner.call(request));
        }
        Either::Left(self.cors.call(request))
    }
}
