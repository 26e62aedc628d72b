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
    authorize::{Access, Action},
    body,
    call::Call,
    endpoint::Endpoint,
    handlers::{create, delete, list, options, patch, read, replace},
    idempotency::Entry,
    media_type::{self, ACCEPT_POST_NAME},
    place::{Place, Route, Target},
    problem::{Problem, ProblemKind},
    registry::Registry,
};

/// A router of all routes.
pub(crate) fn of(registry: &Arc<Registry>) -> Router {
    all(registry).fold(Router::new(), |router, (path, route)| router.route(&path, methods(route)))
}

/// The routes of all resources, by the pattern of their paths.
pub(crate) fn all(registry: &Arc<Registry>) -> impl Iterator<Item = (String, Route)> {
    let own = registry.endpoints().iter().flat_map(|endpoint| {
        let collection = endpoint.description().collection;
        let (all, one) = (format!("/{collection}"), format!("/{collection}/{{id}}"));
        [(all, endpoint, Place::Collection), (one, endpoint, Place::Item)]
    });
    let own = own.map(|(path, endpoint, place)| (path, Arc::clone(endpoint), place));
    let nested = registry.nested().map(|nested| {
        let (path, endpoint) = (nested.pattern(), Arc::clone(&nested.child));
        (path, endpoint, if nested.is_single() { Place::OnlyChild } else { Place::Children(nested) })
    });
    own.chain(nested).map(|(path, endpoint, place)| (path, Route { endpoint, registry: Arc::clone(registry), place }))
}

/// One route for all methods, since who is asking comes before whether there is such a method.
fn methods(route: Route) -> MethodRouter {
    let route = Arc::new(route);
    any_service(service_fn(move |request| serve(Arc::clone(&route), request)))
}

/// Answers, whatever comes of it, in a span of its own where somebody listens to spans (rule H7).
fn serve(route: Arc<Route>, request: Request) -> impl Future<Output = Result<Response, Infallible>> + Send {
    // Here and not in the future, which would keep room for the request beside that for its parts.
    let (parts, body) = request.into_parts();
    async move {
        let span = span(&route.endpoint, &parts);
        if span.is_disabled() {
            return Ok(respond(&route, &parts, body).await);
        }
        let response = Box::pin(respond(&route, &parts, body)).instrument(span.clone()).await;
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

async fn respond(route: &Route, parts: &Parts, body: Body) -> Response {
    let answer = answer(route, parts, body).await;
    answer.unwrap_or_else(|problem| refuse(&route.endpoint, parts, problem))
}

fn refuse(endpoint: &Endpoint, parts: &Parts, problem: Problem) -> Response {
    let mut response = problem.into_response(&endpoint.envelope(parts));
    if matches!(parts.method, Method::GET | Method::HEAD) {
        // A 404 may be stored by heuristics (RFC 9110 §15.1), and would hide a resource created since.
        response.headers_mut().insert(header::CACHE_CONTROL, endpoint.revalidated());
    }
    response
}

async fn answer(route: &Route, parts: &Parts, body: Body) -> Result<Response, Problem> {
    let target = Target::of(route, parts);
    let call = admit(route, parts, &target).await?;
    match call.action {
        Action::Read => read::read(&call, demand_key(&call, &target)?).await,
        // In boxes, so that a read, of which there are most, is not moved about with the room that these need.
        Action::Describe | Action::List | Action::Batch => Box::pin(look_around(&call, &target)).await,
        Action::Create | Action::Replace | Action::Patch | Action::Delete => {
            Box::pin(write(&call, &target, body)).await
        }
    }
}

/// Asks who may do it, and then whether there is such a method.
pub(crate) async fn admit<'a>(route: &'a Route, parts: &'a Parts, target: &'a Target) -> Result<Call<'a>, Problem> {
    let (endpoint, scope) = (&*route.endpoint, route.place.scope());
    let is_offered = endpoint.methods(scope).contains(&parts.method);
    let action = if is_offered { Action::of(scope, &parts.method) } else { Action::Describe };
    let principal = endpoint.authorize(Access::of_target(action, target), parts).await?;
    let call = Call::new(route, parts, action, principal, target);
    if let Some(parent) = &call.parent {
        Box::pin(parent.endpoint.authorize(Access::to_read(parent.key), parts)).await?;
    }
    if is_offered { Ok(call) } else { Err(options::not_allowed(endpoint, scope, &parts.method)) }
}

async fn look_around(call: &Call<'_>, target: &Target) -> Result<Response, Problem> {
    demand_parent(call, target).await?;
    match call.action {
        Action::List => list::list(call).await,
        _ => Ok(options::describe(call.endpoint, call.route.place.scope())),
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
        Entry::Done(done) => return call.replay(done).await,
    };
    let once = once.as_ref();
    match (call.action, target) {
        (Action::Replace, Target::Item(key)) => replace::replace(call, key, &body, once).await,
        (Action::Patch, Target::Item(key)) => patch::patch(call, key, &body, once).await,
        (Action::Delete, Target::Item(key)) => delete::delete(call, key, once).await,
        _ => {
            demand_parent(call, target).await?;
            create::create(call, &body, once).await
        }
    }
}

/// Demands that the parent in the path, where one is there, exists and is theirs to see who is asking (rule H8).
pub(crate) async fn demand_parent(call: &Call<'_>, target: &Target) -> Result<(), Problem> {
    match (&call.parent, &call.route.place) {
        (Some(parent), _) if call.look_at_neighbour(parent.endpoint, parent.key).await?.is_some() => Ok(()),
        (None, Place::Collection | Place::Item | Place::OnlyChild) => Ok(()),
        _ => demand_key(call, target).map(drop),
    }
}

pub(crate) fn demand_media_type(call: &Call<'_>) -> Result<(), Problem> {
    let headers = &call.parts.headers;
    match call.action {
        Action::Create => media_type::demand_json(headers, ACCEPT_POST_NAME),
        Action::Replace => media_type::demand_json(headers, header::ACCEPT),
        Action::Patch => media_type::demand_patch(headers).map(drop),
        _ => Ok(()),
    }
}

pub(crate) fn demand_key<'t>(call: &Call<'_>, target: &'t Target) -> Result<&'t Key, Problem> {
    match target {
        Target::Item(key) => Ok(key),
        Target::Malformed(reason) => Err(Problem::new(ProblemKind::MalformedPath, *reason)),
        // Only a PUT would make a resource of it; for all others there simply is none.
        Target::NoId(text) if call.action == Action::Replace => Err(no_id(call, text)),
        Target::NoId(_) | Target::Collection | Target::ChildrenOf(_) => Err(Problem::not_found()),
    }
}

fn no_id(call: &Call<'_>, text: &str) -> Problem {
    let shown: String = text.chars().take(64).collect();
    let (form, limit) = (call.endpoint.model.id_form(), call.endpoint.limits().id_bytes);
    let detail = format!("{shown:?} is no id; an id is {form}, of at most {limit} bytes");
    Problem::new(ProblemKind::MalformedPath, detail)
}
