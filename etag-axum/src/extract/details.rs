//! Problem details (RFC 9457) for answers that need no router.

use axum::response::{IntoResponse, Response};
use http::Uri;
use problem_details::ProblemDetails;
use serde_json::{Map, Value};

use crate::problem::ProblemKind;

/// The answer for a problem of this kind. It names no instance, which the parts of a request do not tell for sure.
pub(crate) fn problem(kind: ProblemKind, detail: String, members: Map<String, Value>) -> Response {
    ProblemDetails::from_status_code(kind.status())
        .with_type(Uri::from_static(kind.uri()))
        .with_title(kind.title())
        .with_detail(detail)
        .with_extensions(members)
        .into_response()
}
