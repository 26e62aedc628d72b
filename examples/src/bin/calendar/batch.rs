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
use examples::ignore_headers;
use http::{HeaderName, Method, header};

use crate::{
    Calendar,
    ids::OWNER,
    switches::{BatchSwitches, Count, Overlap},
};

const CONDITIONS: &[HeaderName] =
    &[header::IF_MATCH, header::IF_NONE_MATCH, header::IF_MODIFIED_SINCE, header::IF_UNMODIFIED_SINCE];

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
pub(crate) fn route(dialogue: &Dialogue, api: Router) -> MethodRouter<Calendar> {
    let batch = RequestBatch::new(dialogue, api).with_outer_headers(OuterHeaders::AllButContent);
    batch.carrying::<Written>().route().layer(middleware::from_fn(begin))
}

/// The API, as requests of a batch know it.
pub(crate) fn as_switched(mut api: Router<Calendar>, switches: BatchSwitches) -> Router<Calendar> {
    if switches.overlap == Overlap::Conflict {
        api = api.layer(middleware::from_fn(refuse_overlap));
    }
    match switches.inner_conditions {
        Count::Compared => api,
        Count::Ignored => ignore_headers(api, CONDITIONS, |_| true),
    }
}

async fn begin(mut request: Request, next: Next) -> Response {
    request.extensions_mut().insert(Written::default());
    next.run(request).await
}

/// Refuses, within a batch, to write again what it has written, where nobody says on what state: the service promises no
/// order of the requests, so that nobody could tell which of the two would last.
async fn refuse_overlap(request: Request, next: Next) -> Response {
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
