use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use etag_core::EntityTags;
use http::{header::IF_NONE_MATCH, request::Parts};

use super::field::tags;
use super::rejection::PreconditionRejection;

/// The tags of `If-None-Match` (RFC 9110 §13.1.2), which has to be there.
///
/// # Rejections
/// 428 without the header (RFC 6585 §3), 400 where it is malformed, 431 past a limit. `Option<IfNoneMatch>` is `None` without
/// the header, and never for a malformed one, on reads as on writes. A read that would rather send the whole
/// representation takes [`IfHeaders`](super::IfHeaders).
///
/// ```
/// use axum::{Router, routing::put};
/// use etag_axum::IfNoneMatch;
/// use etag_core::EntityTags;
///
/// async fn create(if_none_match: Option<IfNoneMatch>) -> &'static str {
///     match if_none_match {
///         Some(IfNoneMatch(EntityTags::Any)) => "create only",
///         _ => "create or replace",
///     }
/// }
///
/// let app: Router = Router::new().route("/", put(create));
/// # use tower::ServiceExt;
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// let request = http::Request::put("/").header("if-none-match", "any");
/// let answer = app.oneshot(request.body(axum::body::Body::empty())?).await?;
/// assert_eq!(answer.status(), 400);
/// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IfNoneMatch(pub EntityTags);

const SHOWN: &str = "If-None-Match";

impl<S: Sync> FromRequestParts<S> for IfNoneMatch {
    type Rejection = PreconditionRejection;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        tags(parts, IF_NONE_MATCH, SHOWN)?.map(Self).ok_or(PreconditionRejection::Missing(SHOWN))
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for IfNoneMatch {
    type Rejection = PreconditionRejection;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Option<Self>, Self::Rejection> {
        Ok(tags(parts, IF_NONE_MATCH, SHOWN)?.map(Self))
    }
}
