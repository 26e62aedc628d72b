//! What a compression layer offers, found by asking it.

use std::convert::Infallible;
use std::future::{Future, Ready, ready};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use axum::body::Body;
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_TYPE};
use http::{Request, Response};
use tower::util::{ServiceFn, service_fn};
use tower::{Layer, Service};

use super::coding::{Coding, Codings};

/// A service that answers with a page worth compressing.
pub(super) type Page = ServiceFn<fn(Request<Body>) -> Ready<Result<Response<Body>, Infallible>>>;

pub(super) fn offered<L, B>(compression: &L) -> Codings
where
    L: Layer<Page>,
    L::Service: Service<Request<Body>, Response = Response<B>>,
{
    Coding::ALL.into_iter().filter(|coding| is_offered(compression, *coding)).collect()
}

fn is_offered<L, B>(compression: &L, coding: Coding) -> bool
where
    L: Layer<Page>,
    L::Service: Service<Request<Body>, Response = Response<B>>,
{
    let mut service = compression.layer(service_fn(page as fn(_) -> _));
    let mut context = Context::from_waker(Waker::noop());
    if !matches!(service.poll_ready(&mut context), Poll::Ready(Ok(()))) {
        return false;
    }
    let request = Request::builder().header(ACCEPT_ENCODING, coding.name()).body(Body::empty());
    let answer = pin!(service.call(request.expect("its parts are valid"))).poll(&mut context);
    matches!(answer, Poll::Ready(Ok(response)) if used(&response) == Some(coding))
}

fn used<B>(response: &Response<B>) -> Option<Coding> {
    Coding::in_header(response.headers().get(CONTENT_ENCODING)?.as_bytes())
}

fn page(_: Request<Body>) -> Ready<Result<Response<Body>, Infallible>> {
    let body = Body::from(vec![b' '; 16 * 1024]);
    ready(Ok(Response::builder().header(CONTENT_TYPE, "application/json").body(body).expect("its parts are valid")))
}
