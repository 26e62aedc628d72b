use axum::extract::FromRequestParts;
use etag_core::{Current, Preconditions, Verdict};
use http::request::Parts;

use super::field::limits;
use super::method::method_kind;
use super::rejection::PreconditionRejection;

/// All conditional fields of a request (RFC 9110 §13.1), to be evaluated against a state.
///
/// A request without any of them has preconditions that always pass. To demand one, take [`IfMatch`](super::IfMatch).
///
/// # Rejections
/// A malformed `If-Match` on any method, and a malformed `If-None-Match` on a write, is 400: it must not be taken for
/// an absent one. A malformed `If-None-Match` on GET or HEAD only fails to spare the body, so it is let through and
/// evaluates to [`Verdict::Proceed`]. A field past a limit is 431.
///
/// ```
/// use axum::{Router, routing::get};
/// use etag_axum::{IfHeaders, Tagged};
/// use etag_core::{ETag, MethodKind};
///
/// async fn greet(IfHeaders(conditions): IfHeaders) -> axum::response::Response {
///     let etag = ETag::strong("1").expect("it has no space and no quote");
///     Tagged::new(etag, "hello").respond(&conditions, MethodKind::Read)
/// }
///
/// let app: Router = Router::new().route("/", get(greet));
/// # use tower::ServiceExt;
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let request = http::Request::get("/").header("if-none-match", r#""0", "1""#);
/// let answer = app.oneshot(request.body(axum::body::Body::empty())?).await?;
/// assert_eq!(answer.status(), 304);
/// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IfHeaders(pub Preconditions);

impl<S: Sync> FromRequestParts<S> for IfHeaders {
    type Rejection = PreconditionRejection;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        let preconditions = Preconditions::from_headers(&parts.headers, &limits(parts));
        // Whether a field is refused does not depend on the state, so any state will do to ask.
        match preconditions.evaluate(&Current::Absent, method_kind(&parts.method)) {
            Verdict::Malformed(malformed) => Err(PreconditionRejection::Malformed(malformed)),
            _ => Ok(Self(preconditions)),
        }
    }
}
