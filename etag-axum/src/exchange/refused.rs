//! Refusals on their way to the client.

use std::{borrow::Cow, fmt};

use axum::{
    extract::{OriginalUri, Request},
    response::{IntoResponse, Response},
};
use etag_core::{Error, ErrorEnvelope, Refusal, RefusalKind};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};

use crate::{dialogue::Dialogue, envelope::Envelope, problem::retry_after, respond};

/// A refusal as the answer of a handler, which [`Dialogue::serve`] tells as the dialect does.
///
/// ```
/// use etag_axum::Refused;
///
/// fn demand_title(title: &str) -> Result<(), Refused> {
///     if title.is_empty() {
///         return Err(Refused::invalid("a task needs a title"));
///     }
///     Ok(())
/// }
/// assert!(demand_title("").is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused(
    /// What is refused.
    pub Box<Refusal>,
);

impl Refused {
    /// A request that makes no sense, in these words: [`RefusalKind::Invalid`].
    ///
    /// ```
    /// use etag_axum::Refused;
    ///
    /// assert_eq!(Refused::invalid("a task needs a title").to_string(), "a task needs a title");
    /// ```
    pub fn invalid(message: impl Into<Cow<'static, str>>) -> Self {
        Refusal::new(RefusalKind::Invalid).saying(message).into()
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for Refused {}

impl From<Refusal> for Refused {
    fn from(refusal: Refusal) -> Self {
        Self(Box::new(refusal))
    }
}

impl From<RefusalKind> for Refused {
    fn from(kind: RefusalKind) -> Self {
        Refusal::new(kind).into()
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        let refusal = Refusal::from(&error);
        match refusal.kind {
            RefusalKind::Internal => tracing::error!(?error, "the store failed"),
            RefusalKind::OutcomeUnknown => tracing::error!(?error, "the outcome of a commit is unknown"),
            RefusalKind::Unavailable => tracing::warn!(%error, "the store is unavailable"),
            _ => {}
        }
        refusal.into()
    }
}

impl IntoResponse for Refused {
    /// A bare answer that holds the refusal, until the dialogue tells it.
    fn into_response(self) -> Response {
        let mut response = respond::bare(status(self.0.status.unwrap_or(self.0.kind.usual_status())));
        if let Some(Ok(allow)) = self.0.allow.as_deref().map(HeaderValue::try_from) {
            response.headers_mut().insert(header::ALLOW, allow);
        }
        response.extensions_mut().insert(self);
        response
    }
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// What must be remembered of a request to refuse it.
pub(crate) struct Asker {
    uri: Uri,
    echoed: HeaderMap,
}

impl Asker {
    pub(crate) fn of(dialogue: &Dialogue, request: &Request) -> Self {
        let uri = request.extensions().get::<OriginalUri>().map_or(request.uri(), |original| &original.0);
        let names = match dialogue.dialect().error_envelope {
            ErrorEnvelope::Own(format) => format.echoed_headers(),
            _ => &[],
        };
        let mut echoed = HeaderMap::new();
        for name in names {
            if let Some(value) = on_one_line(request.headers(), name) {
                echoed.insert(*name, value);
            }
        }
        Self { uri: uri.clone(), echoed }
    }

    /// The answer itself, or what it refuses in the words of the dialect.
    pub(crate) fn tell(&self, dialogue: &Dialogue, mut response: Response) -> Response {
        let refusal = match response.extensions_mut().remove::<Refused>() {
            Some(Refused(refusal)) => refusal,
            None if is_of_axum(&response) => Box::new(of_axum(response.status())),
            None => return response,
        };
        let mut told = self.told(dialogue, &refusal);
        if let Some(pause) = refusal.retry_after.or_else(|| usual_pause(refusal.kind)) {
            let (name, value) = retry_after(pause);
            told.headers_mut().insert(name, value);
        }
        if let Some(allow) = response.headers_mut().remove(header::ALLOW) {
            told.headers_mut().insert(header::ALLOW, allow);
        }
        told
    }

    fn told(&self, dialogue: &Dialogue, refusal: &Refusal) -> Response {
        let envelope = Envelope {
            shape: dialogue.dialect().error_envelope,
            environment: dialogue.store().coordinator().environment(),
            headers: &self.echoed,
            instance: &self.uri,
        };
        envelope.refuse(refusal, status(dialogue.dialect().status_of(refusal)))
    }
}

/// The lines of a field as the one that they stand for (RFC 9110 §5.3).
fn on_one_line(headers: &HeaderMap, name: &str) -> Option<HeaderValue> {
    let lines: Vec<&[u8]> = headers.get_all(name).iter().map(HeaderValue::as_bytes).collect();
    if lines.is_empty() { None } else { HeaderValue::from_bytes(&lines.join(&b", "[..])).ok() }
}

fn usual_pause(kind: RefusalKind) -> Option<std::time::Duration> {
    (kind == RefusalKind::Unavailable).then_some(std::time::Duration::from_secs(1))
}

/// What axum's own extractors refuse is plain text.
fn is_of_axum(response: &Response) -> bool {
    let is_plain = |value: &HeaderValue| value.as_bytes().starts_with(b"text/plain");
    response.status().is_client_error() && response.headers().get(header::CONTENT_TYPE).is_some_and(is_plain)
}

fn of_axum(status: StatusCode) -> Refusal {
    let kind = match status {
        StatusCode::NOT_FOUND => RefusalKind::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => RefusalKind::MethodNotAllowed,
        StatusCode::PAYLOAD_TOO_LARGE => RefusalKind::TooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => RefusalKind::UnsupportedMediaType,
        _ => RefusalKind::Invalid,
    };
    Refusal::new(kind)
}
