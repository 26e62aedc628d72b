//! Errors in the shape of a dialect.

use axum::response::Response;
use etag_core::{Environment, ErrorBody, ErrorContext, ErrorEnvelope, ErrorFormat, Refusal};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};

use crate::{problem::Problem, respond};

/// The shape of errors, and what one says of the request that it answers.
#[derive(Clone, Copy)]
pub(crate) struct Envelope<'a> {
    pub(crate) shape: ErrorEnvelope,
    pub(crate) environment: &'a Environment,
    /// The headers of the request, or those of them that the shape echoes.
    pub(crate) headers: &'a HeaderMap,
    pub(crate) instance: &'a Uri,
}

impl Envelope<'_> {
    /// The answer that tells a refusal, with this status.
    pub(crate) fn refuse(&self, refusal: &Refusal, status: StatusCode) -> Response {
        match self.shape {
            ErrorEnvelope::Own(format) => self.write(format, refusal, status),
            _ => Problem::of_refusal(refusal).with_status(status.as_u16()).into_response(self),
        }
    }

    fn write(&self, format: &dyn ErrorFormat, refusal: &Refusal, status: StatusCode) -> Response {
        let header = |name: &str| self.headers.get(name).and_then(|value| value.to_str().ok());
        let context = ErrorContext {
            status: status.as_u16(),
            at: self.environment.now(),
            request_id: self.environment.random_bytes(),
            header: &header,
        };
        let ErrorBody { content_type, body } = format.write(refusal, &context);
        let mut response = respond::json(status, body);
        if let Ok(value) = HeaderValue::try_from(&*content_type) {
            response.headers_mut().insert(header::CONTENT_TYPE, value);
        }
        response
    }
}
