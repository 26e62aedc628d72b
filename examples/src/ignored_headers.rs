//! Headers that a service does not listen to.

use axum::{Router, extract::Request};
use http::{HeaderName, Method};
use tower::util::MapRequestLayer;

/// The router, to which the requests that `are_meant` come without these headers.
pub fn ignore_headers<S, F>(router: Router<S>, names: &'static [HeaderName], are_meant: F) -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    F: Fn(&Request) -> bool + Clone + Send + Sync + 'static,
{
    if names.is_empty() {
        return router;
    }
    router.layer(MapRequestLayer::new(move |mut request: Request| {
        if are_meant(&request) {
            for name in names {
                request.headers_mut().remove(name);
            }
        }
        request
    }))
}

/// Whether a request only reads (RFC 9110 §9.2.1).
pub fn is_read(request: &Request) -> bool {
    [Method::GET, Method::HEAD].contains(request.method())
}
