//! `POST /$batch`: writes that happen together, over HTTP (rule B1). The documentation of the crate tells what it looks
//! like from outside.
//!
//! On the way in the form is read ([`envelope`]), and references become ids ([`address`]); both name every mistake. Then
//! each item goes the way of a request of its own up to the commit ([`plan`]), on the state that is stored or that
//! earlier items leave ([`states`], [`ground`]), and all are committed at once. Where an item was refused by then the
//! others are committed all the same, beside a check that can't be met: nothing is written, and the store tells what it
//! would have refused of them ([`failure`]). An item that was decided on a state which has moved by the commit is decided
//! anew, with all others.

mod address;
mod answer;
mod directory;
mod envelope;
mod failure;
mod ground;
mod members;
mod plan;
mod reference;
mod replay;
mod states;
mod success;

use std::{convert::Infallible, sync::Arc};

use axum::{Router, body::Body, extract::Request, response::Response, routing::any_service};
use etag_core::{Committed, Error, ErrorKind, Key, LedgerEntry, Replay};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts};
use tower::service_fn;
use tracing::{Instrument as _, field};

pub(crate) use self::answer::ItemAnswer;
use self::{
    address::{Addressed, Addresses},
    directory::Directory,
    failure::{Rejection, failure},
    plan::Plan,
};
use crate::{
    authorize::{AccessRequest, Action, Principal},
    body,
    endpoint::Shared,
    idempotency::{self, Once, Recalled},
    media_type::{self, ACCEPT_POST_NAME},
    problem::{Problem, ProblemKind},
    registry::Registry,
    respond,
    retry::Tries,
};

/// The path, which no collection can have, since `$` can't be in its name.
pub(crate) const PATH: &str = "/$batch";

/// Where hooks see a batch as a whole.
const COLLECTION: &str = "$batch";

/// What does batches.
pub(crate) struct Batches {
    shared: Arc<Shared>,
    registry: Arc<Registry>,
    directory: Directory,
}

/// The route of batches.
pub(crate) fn route(shared: &Arc<Shared>, registry: &Arc<Registry>) -> Router {
    let (shared, registry) = (Arc::clone(shared), Arc::clone(registry));
    let directory = Directory::of(&registry);
    let batches = Arc::new(Batches { shared, registry, directory });
    Router::new().route(PATH, any_service(service_fn(move |request| serve(Arc::clone(&batches), request))))
}

/// Answers, whatever comes of it, in a span of its own (rule H7).
async fn serve(batches: Arc<Batches>, request: Request) -> Result<Response, Infallible> {
    let (parts, body) = request.into_parts();
    let span = tracing::info_span!("batch", method = parts.method.as_str(), outcome = field::Empty);
    let response = Box::pin(batches.respond(&parts, body)).instrument(span.clone()).await;
    span.record("outcome", response.status().as_u16());
    Ok(response)
}

/// What became of one try.
enum Attempt {
    Done(Response),
    /// An equal request was faster, and did this.
    Repeated(Committed),
    /// Somebody else was faster at this resource.
    Moved(Key),
}

impl Batches {
    async fn respond(&self, parts: &Parts, body: Body) -> Response {
        let answer = self.answer(parts, body).await;
        answer.unwrap_or_else(|problem| problem.into_response(&self.shared.envelope(parts)))
    }

    async fn answer(&self, parts: &Parts, body: Body) -> Result<Response, Problem> {
        let action = if parts.method == Method::POST { Action::Batch } else { Action::Describe };
        let principal = self.authorize(action, parts).await?;
        match parts.method {
            Method::POST => self.post(parts, &principal, body).await,
            Method::OPTIONS => Ok(describe()),
            _ => Err(not_allowed(&parts.method)),
        }
    }

    /// Asks the hook that sees requests about the batch as a whole; about each item it is asked as well.
    async fn authorize(&self, action: Action, parts: &Parts) -> Result<Principal, Problem> {
        let Some(hook) = &self.shared.hook else { return Ok(Principal::anonymous()) };
        let request = AccessRequest { action, collection: COLLECTION, key: None, parent: None, parts: parts.clone() };
        Ok(hook.decide(request).await?)
    }

    async fn post(&self, parts: &Parts, principal: &Principal, body: Body) -> Result<Response, Problem> {
        media_type::demand_json(&parts.headers, ACCEPT_POST_NAME)?;
        demand_no_conditions(&parts.headers)?;
        let limits = &self.shared.limits;
        let body = body::read(body, limits.batch_bytes).await?;
        let recalled = idempotency::recall(&*self.shared.store, limits, parts, principal, &body).await?;
        let envelope = envelope::read(&body, limits)?;
        let addresses = Addresses { directory: &self.directory, limits, parts, envelope: &envelope };
        match recalled {
            Recalled::New(once) => self.commit(&addresses, once.as_ref()).await,
            Recalled::Done(LedgerEntry { items, touched, .. }) => {
                self.replay(&addresses, &Committed { items, touched, replay: Replay::Repeated }).await
            }
        }
    }

    /// Decides and commits; all of it again where what was decided on has moved.
    async fn commit(&self, addresses: &Addresses<'_>, once: Option<&Once<'_>>) -> Result<Response, Problem> {
        let environment = self.shared.store.coordinator().environment();
        let mut tries = Tries::new(environment);
        loop {
            let items = addresses.resolve(|_, route| route.endpoint.model.new_key(environment))?;
            match self.attempt(&items, once).await? {
                Attempt::Done(response) => return Ok(response),
                Attempt::Repeated(done) => return self.replay(addresses, &done).await,
                Attempt::Moved(key) => tries.pause(&key).await?,
            }
        }
    }

    async fn attempt(&self, items: &[Addressed<'_>], once: Option<&Once<'_>>) -> Result<Attempt, Problem> {
        let mut plan = Plan::new();
        for item in items {
            plan.add(item).await?;
        }
        let Some(batch) = plan.batch(once) else { return Err(self.failure(items, plan.into_refused()).await) };
        match self.shared.store.commit(batch).await {
            Ok(done) if done.replay == Replay::Repeated => Ok(Attempt::Repeated(done)),
            Ok(done) => Ok(Attempt::Done(plan.success(items, done).await)),
            Err(error) if error.is_rejected() => match plan.rejection(items, &error).await? {
                Rejection::Moved(key) => Ok(Attempt::Moved(key)),
                Rejection::Failed(refused) => Err(self.failure(items, refused).await),
            },
            Err(error) => Err(fault(items, error)),
        }
    }

    async fn failure(&self, items: &[Addressed<'_>], refused: Vec<Option<Problem>>) -> Problem {
        failure(items, refused, &self.shared).await
    }
}

/// An error that no item alone is to blame for.
fn fault(items: &[Addressed<'_>], error: Error) -> Problem {
    let deletes = items.iter().any(|item| item.sent.method == Method::DELETE);
    if error.kind() == ErrorKind::TooLarge && deletes {
        let detail = "too many other resources would go with what is deleted, or change; delete some of them first";
        return Problem::new(ProblemKind::FamilyTooLarge, detail);
    }
    error.into()
}

/// A condition on a batch would be about nothing, and whoever sent it would believe it kept.
fn demand_no_conditions(headers: &HeaderMap) -> Result<(), Problem> {
    let Some(name) = headers.keys().find(|name| envelope::is_condition(name)) else { return Ok(()) };
    let detail =
        format!("a batch has no state that {name} could be about; put the condition into the headers of an item");
    Err(Problem::new(ProblemKind::MalformedCondition, detail))
}

fn describe() -> Response {
    let mut response = respond::bare(StatusCode::NO_CONTENT);
    place_allow(response.headers_mut());
    response
}

fn not_allowed(method: &Method) -> Problem {
    let mut problem = Problem::new(ProblemKind::MethodNotAllowed, format!("{method} is none of the methods in Allow"));
    place_allow(problem.headers_mut());
    problem
}

fn place_allow(headers: &mut HeaderMap) {
    headers.insert(header::ALLOW, HeaderValue::from_static("POST, OPTIONS"));
    headers.insert(ACCEPT_POST_NAME, respond::JSON);
}
