//! PUT: create or replace.

use axum::response::Response;
use bytes::Bytes;
use etag_core::{Conflict, Error, Expectation, Key, Put};
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
    match call.conditions.malformed() {
        Some(malformed) => Err(call.refusal(key, Unmet::Malformed(malformed), None).await),
        None => Ok(call.conditions.plan_replace()),
    }
}

fn candidate(call: &Call<'_>, key: &Key, body: &[u8]) -> Result<Box<dyn Candidate>, Problem> {
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
            let met = conflict.met.map(|head| Seen { head, body: None });
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
    Moved(Conflict),
}

/// Commits a document and answers.
pub(super) async fn commit(call: &Call<'_>, put: Put, once: Option<&Once<'_>>) -> Result<Committed, Problem> {
    let document: Bytes = put.body.clone();
    match call.commit(put, once).await {
        Ok(Outcome::Written(effect, head)) => Ok(Committed::Done(call.put_done(effect, head, document).await?)),
        Ok(Outcome::Repeated(written)) => Ok(Committed::Done(call.replay(written).await?)),
        Err(error) => moved(error).map(Committed::Moved),
    }
}

/// The conflict of a commit of one item; any other error is an answer.
pub(super) fn moved(error: Error) -> Result<Conflict, Problem> {
    match error.conflicts() {
        [conflict, ..] => Ok(conflict.clone()),
        [] => Err(error.into()),
    }
}
