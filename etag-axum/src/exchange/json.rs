//! Bodies of requests, whose faults are told in the dialect.

use axum::extract::{FromRef, FromRequest, Request};
use etag_core::{ByName, Refusal, RefusalKind};
use http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;

use super::Refused;
use crate::{body, dialogue::Dialogue, problem::Problem};

/// A JSON body.
///
/// # Rejections
/// Past [`Limits::body_bytes`](crate::Limits::body_bytes) [`RefusalKind::TooLarge`]; of another media type
/// [`RefusalKind::UnsupportedMediaType`]; what can't be read [`RefusalKind::Invalid`], with the place. A body without a
/// media type is taken for JSON (RFC 9110 §8.3). A struct is read from an object alone ([`ByName`]).
///
/// ```
/// use axum::{Router, routing::post};
/// use etag_axum::{DialectJson, Dialogue};
/// use etag_core::{Dialect, MemoryStore};
///
/// async fn shout(DialectJson(text): DialectJson<String>) -> String {
///     text.to_uppercase()
/// }
///
/// let app = Dialogue::new(MemoryStore::new(), Dialect::RFC_9110).serve(Router::new().route("/", post(shout)));
/// # tokio::runtime::Runtime::new().unwrap().block_on(async {
/// # use tower::ServiceExt;
/// let request = http::Request::post("/").body(axum::body::Body::from("{"))?;
/// assert_eq!(app.oneshot(request).await?.status(), 400);
/// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
/// ```
#[derive(Clone, Copy, Debug)]
pub struct DialectJson<T>(
    /// What the body says.
    pub T,
);

impl<S, T> FromRequest<S> for DialectJson<T>
where
    S: Send + Sync,
    Dialogue: FromRef<S>,
    T: DeserializeOwned,
{
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refused> {
        let dialogue = Dialogue::from_ref(state);
        demand_json(request.headers())?;
        let body = body::read(request.into_body(), dialogue.limits().body_bytes).await.map_err(of_problem)?;
        let mut json = serde_json::Deserializer::from_slice(&body);
        let value = serde_path_to_error::deserialize(ByName(&mut json)).map_err(|error| unreadable(&error))?;
        json.end().map_err(|error| unreadable(&error))?;
        Ok(Self(value))
    }
}

fn demand_json(headers: &HeaderMap) -> Result<(), Refused> {
    let Some(value) = headers.get(header::CONTENT_TYPE) else { return Ok(()) };
    let essence = value.to_str().unwrap_or("?").split(';').next().unwrap_or_default().trim();
    let is_json = essence.eq_ignore_ascii_case("application/json") || essence.to_ascii_lowercase().ends_with("+json");
    if is_json || essence.is_empty() {
        return Ok(());
    }
    let message = format!("the body is {essence:?}; send application/json");
    Err(Refusal::new(RefusalKind::UnsupportedMediaType).saying(message).into())
}

pub(crate) fn of_problem(problem: Problem) -> Refused {
    let (status, detail) = problem.into_plain();
    let kind = if status == StatusCode::PAYLOAD_TOO_LARGE { RefusalKind::TooLarge } else { RefusalKind::Invalid };
    Refusal::new(kind).saying(detail).into()
}

fn unreadable(error: &dyn std::fmt::Display) -> Refused {
    Refusal::new(RefusalKind::Invalid).saying(format!("the body can't be read: {error}")).into()
}
