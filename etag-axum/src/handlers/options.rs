//! OPTIONS, and the answer to methods that there are not.

use axum::response::Response;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};

use crate::{
    authorize::Scope,
    endpoint::Endpoint,
    media_type::{ACCEPT_PATCH, ACCEPT_PATCH_NAME, ACCEPT_POST_NAME},
    problem::{Problem, ProblemKind},
    respond,
};

/// What the resource allows.
pub(crate) fn describe(endpoint: &Endpoint, scope: Scope) -> Response {
    let mut response = respond::bare(StatusCode::NO_CONTENT);
    place_allow(response.headers_mut(), endpoint, scope);
    response
}

/// 405.
pub(crate) fn not_allowed(endpoint: &Endpoint, scope: Scope, method: &Method) -> Problem {
    let mut problem = Problem::new(ProblemKind::MethodNotAllowed, format!("{method} is none of the methods in Allow"));
    place_allow(problem.headers_mut(), endpoint, scope);
    problem
}

fn place_allow(headers: &mut HeaderMap, endpoint: &Endpoint, scope: Scope) {
    let methods = endpoint.methods(scope);
    let names: Vec<_> = methods.iter().map(Method::as_str).collect();
    headers.insert(header::ALLOW, HeaderValue::try_from(names.join(", ")).expect("methods are tokens"));
    if methods.contains(&Method::PATCH) {
        headers.insert(ACCEPT_PATCH_NAME, ACCEPT_PATCH);
    }
    if methods.contains(&Method::POST) {
        headers.insert(ACCEPT_POST_NAME, respond::JSON);
    }
}
