//! Several requests in one: each is done by itself, in their order.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router,
    extract::Request,
    middleware::{self, Next},
    response::{IntoResponse as _, Response},
    routing::MethodRouter,
};
use etag_axum::{Dialogue, OuterHeaders, Refused, RequestBatch};
use etag_core::RefusalKind;
use http::{Method, header};

use crate::ids::OWNER;

/// The paths that earlier requests of a batch have written.
#[derive(Clone, Debug, Default)]
struct Written(Arc<Mutex<HashSet<String>>>);

impl Written {
    fn has(&self, path: &str) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(path)
    }

    fn note(&self, path: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(path);
    }
}

/// The route of batches of requests to `api`.
pub(crate) fn route(dialogue: &Dialogue, api: Router) -> MethodRouter<Dialogue> {
    let batch = RequestBatch::new(dialogue, api).with_outer_headers(OuterHeaders::AllButContent);
    batch.carrying::<Written>().route().layer(middleware::from_fn(begin))
}

async fn begin(mut request: Request, next: Next) -> Response {
    request.extensions_mut().insert(Written::default());
    next.run(request).await
}

/// Whether a request is one of a batch.
pub(crate) fn is_part(request: &Request) -> bool {
    request.extensions().get::<Written>().is_some()
}

/// Refuses, within a batch, to write again what it has written, where nobody says on what state: the service promises no
/// order of the requests, so that nobody could tell which of the two would last.
pub(crate) async fn refuse_overlap(request: Request, next: Next) -> Response {
    let is_write = [Method::PUT, Method::PATCH, Method::DELETE].contains(request.method());
    let Some(written) = request.extensions().get::<Written>().filter(|_| is_write).cloned() else {
        return next.run(request).await;
    };
    let path = request.uri().path().replace("%40", "@").replace("/primary", &format!("/{OWNER}"));
    if written.has(&path) && !request.headers().contains_key(header::IF_MATCH) {
        return Refused::from(RefusalKind::Conflicting).into_response();
    }
    let response = next.run(request).await;
    if response.status().is_success() {
        written.note(path);
    }
    response
}
