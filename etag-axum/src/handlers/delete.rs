//! DELETE.

use axum::response::Response;
use etag_core::{Batch, Conflict, Delete, Expectation, Key};
use http::StatusCode;

use crate::{
    call::{Call, Seen},
    conditions::{Plan, exactly},
    idempotency::{Once, Outcome},
    problem::Problem,
    respond,
    retry::Tries,
};

pub(crate) async fn delete(call: &Call<'_>, key: &Key, once: Option<&Once<'_>>) -> Result<Response, Problem> {
    let reads_first = call.endpoint.model.judges_values() || call.conditions.malformed().is_some();
    match if reads_first { Plan::OnState } else { call.conditions.plan_delete() } {
        Plan::InCommit(expectation) => in_commit(call, key, expectation, once).await,
        Plan::OnState => on_state(call, key, once).await,
    }
}

/// What became of a commit.
enum Committed {
    Done(Response),
    Moved(Box<Conflict>),
}

async fn commit(
    call: &Call<'_>,
    key: &Key,
    expectation: Expectation,
    once: Option<&Once<'_>>,
) -> Result<Committed, Problem> {
    match call.commit(Batch::new().delete(Delete::new(key.clone(), expectation)), once).await {
        Ok(Outcome::Written(.., touched)) => {
            let mut response = respond::bare(StatusCode::NO_CONTENT);
            call.place_touched(response.headers_mut(), &touched).await;
            Ok(Committed::Done(response))
        }
        Ok(Outcome::Repeated(done)) => Ok(Committed::Done(call.replay(done).await?)),
        Err(error) => call.met_state(error).await.map(Committed::Moved),
    }
}

/// One step: the store compares and deletes.
async fn in_commit(
    call: &Call<'_>,
    key: &Key,
    expectation: Expectation,
    once: Option<&Once<'_>>,
) -> Result<Response, Problem> {
    match commit(call, key, expectation, once).await? {
        Committed::Done(response) => Ok(response),
        Committed::Moved(conflict) => {
            let met = Seen::of_conflict(*conflict).ok_or_else(Problem::not_found)?;
            Err(call.refusal(key, call.conditions.why_not_met(), Some(&met)).await)
        }
    }
}

/// Reads, compares, and deletes the very state that was compared; all of it again where that has moved.
async fn on_state(call: &Call<'_>, key: &Key, once: Option<&Once<'_>>) -> Result<Response, Problem> {
    let mut tries = Tries::new(call.environment());
    loop {
        let seen = call.look(key).await?.ok_or_else(Problem::not_found)?;
        call.demand(key, Some(&seen)).await?;
        if let Committed::Done(response) = commit(call, key, exactly(Some(&seen.head)), once).await? {
            return Ok(response);
        }
        tries.pause(key).await?;
    }
}
