use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use etag_core::EntityTags;
use http::{header::IF_MATCH, request::Parts};

use super::field::tags;
use super::rejection::PreconditionRejection;

/// The tags of `If-Match` (RFC 9110 §13.1.1), which has to be there.
///
/// # Rejections
/// 428 without the header (RFC 6585 §3), 400 where it is malformed, 431 past a limit. `Option<IfMatch>` is `None` without the
/// header, and never for a malformed one.
///
/// ```
/// use axum::{Router, routing::put};
/// use etag_axum::IfMatch;
///
/// async fn replace(IfMatch(tags): IfMatch, body: String) { /* a store compares `tags` and writes, in one step */ }
///
/// let app: Router = Router::new().route("/", put(replace));
/// # use tower::ServiceExt;
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let answer = app.oneshot(http::Request::put("/").body(axum::body::Body::from("tea"))?).await?;
/// assert_eq!(answer.status(), 428);
/// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IfMatch(pub EntityTags);

const SHOWN: &str = "If-Match";

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = PreconditionRejection;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        tags(parts, IF_MATCH, SHOWN)?.map(Self).ok_or(PreconditionRejection::Missing(SHOWN))
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for IfMatch {
    type Rejection = PreconditionRejection;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Option<Self>, Self::Rejection> {
        Ok(tags(parts, IF_MATCH, SHOWN)?.map(Self))
    }
}
