//! PUT: create or replace.

use axum::response::Response;
use bytes::Bytes;
use etag_core::{Conflict, Expectation, Key, Put};
use http::header;

use crate::{
    body,
    call::{Call, Seen},
    conditions::{Plan, Unmet, unedited},
    idempotency::{Once, Outcome},
    model::Candidate,
    problem::{Problem, ProblemKind},
    retry::Tries,
};

pub(crate) async fn replace(
    call: &Call<'_>,
    key: &Key,
    body: &[u8],
    once: Option<&Once<'_>>,
) -> Result<Response, Problem> {
    let candidate = candidate(call, key, body);
    let plan = if call.endpoint.model.judges_values() { Plan::OnState } else { plan(call, key).await? };
    match plan {
        Plan::InCommit(expectation) => in_commit(call, key, candidate, expectation, once).await,
        Plan::OnState => on_state(call, key, candidate, once).await,
    }
}

async fn plan(call: &Call<'_>, key: &Key) -> Result<Plan, Problem> {
    if let Some(malformed) = call.conditions.malformed() {
        return Err(call.refusal(key, Unmet::Malformed(malformed), None).await);
    }
    match call.conditions.plan_replace() {
        // What comes to be with it depends on whether it comes to be.
        Plan::InCommit(Expectation::Unconditional) if call.has_companions() => Ok(Plan::OnState),
        plan => Ok(plan),
    }
}

/// The resource that the body describes.
pub(crate) fn candidate(call: &Call<'_>, key: &Key, body: &[u8]) -> Result<Box<dyn Candidate>, Problem> {
    demand_whole(call)?;
    Ok(call.endpoint.model.candidate(body::json(body)?, key)?)
}

/// A part taken for the whole would replace it (RFC 9110 §14.5).
fn demand_whole(call: &Call<'_>) -> Result<(), Problem> {
    if !call.parts.headers.contains_key(header::CONTENT_RANGE) {
        return Ok(());
    }
    let detail = "a PUT replaces all of a resource; leave out Content-Range and send the whole, or send a PATCH";
    Err(Problem::new(ProblemKind::MalformedBody, detail).about_header("Content-Range"))
}

/// One step: the store compares and writes. Nothing is read before.
async fn in_commit(
    call: &Call<'_>,
    key: &Key,
    candidate: Result<Box<dyn Candidate>, Problem>,
    expectation: Expectation,
    once: Option<&Once<'_>>,
) -> Result<Response, Problem> {
    let put = candidate.and_then(|candidate| Ok(candidate.put(call.store(), expectation)?));
    let put = match put {
        Ok(put) => put,
        // The conditions are answered before the body is (rule P3), so only now they are looked at.
        Err(problem) => {
            let seen = call.look(key).await?;
            call.demand(key, seen.as_ref()).await?;
            return Err(problem);
        }
    };
    match commit(call, put, once).await? {
        Committed::Done(response) => Ok(response),
        Committed::Moved(conflict) => {
            let met = Seen::of_conflict(*conflict);
            Err(call.refusal(key, call.conditions.why_not_met(), met.as_ref()).await)
        }
    }
}

/// Reads, compares, and commits on the very state that was compared; all of it again where that has moved.
async fn on_state(
    call: &Call<'_>,
    key: &Key,
    candidate: Result<Box<dyn Candidate>, Problem>,
    once: Option<&Once<'_>>,
) -> Result<Response, Problem> {
    let mut tries = Tries::new(call.environment());
    let first = call.look(key).await?;
    call.demand(key, first.as_ref()).await?;
    let candidate = candidate?;
    let mut seen = first;
    loop {
        call.judge_write(seen.as_ref(), &*candidate)?;
        let put = candidate.put(call.store(), unedited(seen.as_ref().map(|seen| &seen.head)))?;
        if let Committed::Done(response) = commit(call, put, once).await? {
            return Ok(response);
        }
        tries.pause(key).await?;
        seen = call.look(key).await?;
        call.demand(key, seen.as_ref()).await?;
    }
}

/// What became of a commit.
pub(super) enum Committed {
    /// It was done, now or by an equal request before.
    Done(Response),
    /// It met another state, and wrote nothing.
    Moved(Box<Conflict>),
}

/// Commits a document and answers.
pub(super) async fn commit(call: &Call<'_>, put: Put, once: Option<&Once<'_>>) -> Result<Committed, Problem> {
    let given: Bytes = put.body.clone();
    match call.commit(call.batch_of(put)?, once).await {
        Ok(Outcome::Written(effect, head, completed, touched)) => {
            let document = completed.unwrap_or(given);
            Ok(Committed::Done(call.put_done(effect, head, document, &touched).await?))
        }
        Ok(Outcome::Repeated(done)) => Ok(Committed::Done(call.replay(done).await?)),
        Err(error) => call.met_state(error).await.map(Committed::Moved),
    }
}
