//! PATCH: JSON Merge Patch (RFC 7396) and JSON Patch (RFC 6902).

use axum::response::Response;
use etag_core::{Key, Row};
use serde_json::Value;

use super::replace::{Committed, commit};
use crate::{
    authorize::Denied,
    call::{Call, Seen},
    conditions::unedited,
    idempotency::Once,
    media_type,
    model::Candidate,
    patch::Patch,
    problem::{Problem, ProblemKind},
    retry::Tries,
};

pub(crate) async fn patch(
    call: &Call<'_>,
    key: &Key,
    body: &[u8],
    once: Option<&Once<'_>>,
) -> Result<Response, Problem> {
    let format = media_type::demand_patch(&call.parts.headers)?;
    let patch = Patch::parse(format, body, call.endpoint.limits());
    let mut tries = Tries::new(call.environment());
    loop {
        let row = call.look_at_row(key).await?.ok_or_else(Problem::not_found)?;
        let seen = Seen::of_row(row.clone());
        if let Ok(patch) = &patch {
            demand_right_to_test(call, key, patch, &seen).await?;
        }
        call.demand(key, Some(&seen)).await?;
        let patch = patch.as_ref().map_err(Problem::clone)?;
        let candidate = candidate(call, patch, &row, &seen)?;
        let put = candidate.put(call.store(), unedited(Some(&row.head)))?;
        if let Committed::Done(response) = commit(call, put, once).await? {
            return Ok(response);
        }
        tries.pause(key).await?;
    }
}

/// A `test` tells whether a guess is right (RFC 6902 §4.6), so it takes the right to read (rule H8).
pub(crate) async fn demand_right_to_test(
    call: &Call<'_>,
    key: &Key,
    patch: &Patch,
    seen: &Seen,
) -> Result<(), Problem> {
    if patch.has_tests() && !call.may_disclose(key, Some(seen)).await {
        return Err(Denied::Forbidden.into());
    }
    Ok(())
}

/// What the client sees, patched.
pub(crate) fn candidate(call: &Call<'_>, patch: &Patch, row: &Row, seen: &Seen) -> Result<Box<dyn Candidate>, Problem> {
    let model = &call.endpoint.model;
    let patched = patch.apply(model.description(), &document(call, row)?, call.endpoint.limits())?;
    let candidate = model.candidate(patched, &row.head.key)?;
    call.judge_write(Some(seen), &*candidate)?;
    Ok(candidate)
}

fn document(call: &Call<'_>, row: &Row) -> Result<Value, Problem> {
    let representation = call.endpoint.model.representation(row)?;
    serde_json::from_slice(&representation).map_err(|error| {
        tracing::error!(key = %row.head.key, %error, "a stored document is not JSON");
        Problem::new(ProblemKind::Internal, "the stored document can't be read")
    })
}
