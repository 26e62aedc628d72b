//! A router that is called as the server calls it, with one request over and over.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, HeaderValue, Request, StatusCode, header},
    response::Response,
};
use tokio::runtime::Runtime;
use tower::Service as _;
use uuid::Uuid;

use crate::{
    clock::Clock,
    measure::{Side, awaiting},
};

/// A router, the request for one task, and the runtime on which both meet.
pub(crate) struct Service {
    runtime: Runtime,
    clock: Clock,
    router: Router,
    request: Request<()>,
}

impl Service {
    /// GET of the task with this id.
    pub(crate) fn reading(id: Uuid, runtime: Runtime, clock: Clock, router: Router) -> Self {
        let request = Request::get(format!("/tasks/{id}")).body(());
        Self { runtime, clock, router, request: request.expect("the path is a URI") }
    }

    /// The same GET with `If-None-Match`: the tag.
    pub(crate) fn knowing(mut self, tag: HeaderValue) -> Self {
        self.request.headers_mut().insert(header::IF_NONE_MATCH, tag);
        self
    }

    /// The same GET by a client that has the state already.
    pub(crate) fn again(self) -> Self {
        let tag = self.tag();
        self.knowing(tag)
    }

    /// The tag of the answer.
    pub(crate) fn tag(&self) -> HeaderValue {
        let mut router = self.router.clone();
        let (_, headers) = self.runtime.block_on(ask(&mut router, &self.request));
        headers.get(header::ETAG).expect("our answers have a tag").clone()
    }

    /// The side of this service, whose every answer must have this status.
    pub(crate) fn answers(self, expected: StatusCode) -> Side {
        let Self { runtime, clock, mut router, request } = self;
        awaiting(clock, runtime, async move || {
            let (status, _) = ask(&mut router, &request).await;
            assert_eq!(status, expected, "{:?}", request.uri());
        })
    }
}

async fn ask(router: &mut Router, request: &Request<()>) -> (StatusCode, HeaderMap) {
    let answer: Response = match router.call(request.clone().map(|()| Body::empty())).await {
        Ok(answer) => answer,
        Err(never) => match never {},
    };
    let (parts, body) = answer.into_parts();
    to_bytes(body, usize::MAX).await.expect("the body is in memory");
    (parts.status, parts.headers)
}
