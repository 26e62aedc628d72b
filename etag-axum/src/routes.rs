//! From a request to the handler of its method, in the order of rule P3.

use std::{convert::Infallible, sync::Arc};

use axum::{
    Router,
    body::Body,
    extract::Request,
    response::Response,
    routing::{MethodRouter, any_service},
};
use etag_core::Key;
use http::{Method, header, request::Parts};
use tower::service_fn;
use tracing::{Instrument as _, Span, field};

use crate::{
    authorize::{Action, Scope},
    body,
    call::Call,
    endpoint::Endpoint,
    handlers::{create, delete, list, options, patch, read, replace},
    idempotency::Entry,
    location,
    media_type::{self, ACCEPT_POST_NAME},
    problem::{Problem, ProblemKind},
};

/// The routes of one resource.
pub(crate) fn of(endpoint: &Arc<Endpoint>) -> Router {
    let collection = endpoint.description().collection;
    Router::new()
        .route(&format!("/{collection}"), methods(endpoint, Scope::Collection))
        .route(&format!("/{collection}/{{id}}"), methods(endpoint, Scope::Item))
}

/// One route for all methods, since who is asking comes before whether there is such a method.
fn methods(endpoint: &Arc<Endpoint>, scope: Scope) -> MethodRouter {
    let endpoint = Arc::clone(endpoint);
    any_service(service_fn(move |request| serve(Arc::clone(&endpoint), scope, request)))
}

/// Answers, whatever comes of it, in a span of its own where somebody listens to spans (rule H7).
fn serve(
    endpoint: Arc<Endpoint>,
    scope: Scope,
    request: Request,
) -> impl Future<Output = Result<Response, Infallible>> + Send {
    // Here and not in the future, which would keep room for the request beside that for its parts.
    let (parts, body) = request.into_parts();
    async move {
        let span = span(&endpoint, &parts);
        if span.is_disabled() {
            return Ok(respond(&endpoint, scope, &parts, body).await);
        }
        let response = Box::pin(respond(&endpoint, scope, &parts, body)).instrument(span.clone()).await;
        span.record("outcome", response.status().as_u16());
        Ok(response)
    }
}

fn span(endpoint: &Endpoint, parts: &Parts) -> Span {
    tracing::info_span!(
        "request",
        resource = endpoint.description().collection,
        method = parts.method.as_str(),
        outcome = field::Empty
    )
}

async fn respond(endpoint: &Endpoint, scope: Scope, parts: &Parts, body: Body) -> Response {
    let answer = answer(endpoint, scope, parts, body).await;
    answer.unwrap_or_else(|problem| refuse(endpoint, parts, problem))
}

fn refuse(endpoint: &Endpoint, parts: &Parts, problem: Problem) -> Response {
    let mut response = problem.into_response(endpoint.dialect().error_envelope, location::original(parts));
    if matches!(parts.method, Method::GET | Method::HEAD) {
        // A 404 may be stored by heuristics (RFC 9110 §15.1), and would hide a resource created since.
        response.headers_mut().insert(header::CACHE_CONTROL, endpoint.revalidated());
    }
    response
}

/// What a path names.
enum Target {
    Collection,
    Item(Key),
    /// No resource can have such an id.
    NoId(String),
    /// The path can't be read, and why.
    Malformed(&'static str),
}

impl Target {
    fn of(endpoint: &Endpoint, scope: Scope, parts: &Parts) -> Self {
        if scope == Scope::Collection {
            return Self::Collection;
        }
        match location::id_in(parts.uri.path()) {
            Ok(id) => endpoint.key(&id).map_or_else(|| Self::NoId(id.into_owned()), Self::Item),
            Err(reason) => Self::Malformed(reason),
        }
    }

    fn key(&self) -> Option<&Key> {
        if let Self::Item(key) = self { Some(key) } else { None }
    }
}

async fn answer(endpoint: &Endpoint, scope: Scope, parts: &Parts, body: Body) -> Result<Response, Problem> {
    let target = Target::of(endpoint, scope, parts);
    let is_offered = endpoint.methods(scope).contains(&parts.method);
    let action = if is_offered { Action::of(scope, &parts.method) } else { Action::Describe };
    let principal = endpoint.authorize(action, target.key(), parts).await?;
    if !is_offered {
        return Err(options::not_allowed(endpoint, scope, &parts.method));
    }
    let call = Call::new(endpoint, parts, action, principal);
    match action {
        Action::Describe => Ok(options::describe(endpoint, scope)),
        Action::Read => read::read(&call, demand_key(&call, &target)?).await,
        // In boxes, so that a read, of which there are most, is not moved about with the room that these need.
        Action::List => Box::pin(list::list(&call)).await,
        Action::Create | Action::Replace | Action::Patch | Action::Delete => {
            Box::pin(write(&call, &target, body)).await
        }
    }
}

async fn write(call: &Call<'_>, target: &Target, body: Body) -> Result<Response, Problem> {
    demand_media_type(call)?;
    if call.action != Action::Create {
        demand_key(call, target)?;
    }
    let body = body::read(body, call.endpoint.limits().body_bytes).await?;
    let once = match call.look_up(&body).await? {
        Entry::New(once) => once,
        Entry::Done(written) => return call.replay(written).await,
    };
    let once = once.as_ref();
    match (call.action, target) {
        (Action::Replace, Target::Item(key)) => replace::replace(call, key, &body, once).await,
        (Action::Patch, Target::Item(key)) => patch::patch(call, key, &body, once).await,
        (Action::Delete, Target::Item(key)) => delete::delete(call, key, once).await,
        _ => create::create(call, &body, once).await,
    }
}

fn demand_media_type(call: &Call<'_>) -> Result<(), Problem> {
    let headers = &call.parts.headers;
    match call.action {
        Action::Create => media_type::demand_json(headers, ACCEPT_POST_NAME),
        Action::Replace => media_type::demand_json(headers, header::ACCEPT),
        Action::Patch => media_type::demand_patch(headers).map(drop),
        _ => Ok(()),
    }
}

fn demand_key<'t>(call: &Call<'_>, target: &'t Target) -> Result<&'t Key, Problem> {
    match target {
        Target::Item(key) => Ok(key),
        Target::Malformed(reason) => Err(Problem::new(ProblemKind::MalformedPath, *reason)),
        // Only a PUT would make a resource of it; for all others there simply is none.
        Target::NoId(text) if call.action == Action::Replace => Err(no_id(call, text)),
        Target::NoId(_) | Target::Collection => Err(Problem::not_found()),
    }
}

fn no_id(call: &Call<'_>, text: &str) -> Problem {
    let shown: String = text.chars().take(64).collect();
    let (form, limit) = (call.endpoint.model.id_form(), call.endpoint.limits().id_bytes);
    let detail = format!("{shown:?} is no id; an id is {form}, of at most {limit} bytes");
    Problem::new(ProblemKind::MalformedPath, detail)
}
