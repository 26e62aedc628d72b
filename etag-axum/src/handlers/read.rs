//! GET and HEAD of a resource.

use axum::response::Response;
use etag_core::{Head, Key, Row, Verdict};
use http::{StatusCode, header};

use crate::{
    call::{Call, Seen},
    conditions::Unmet,
    problem::Problem,
    respond,
};

pub(crate) async fn read(call: &Call<'_>, key: &Key) -> Result<Response, Problem> {
    // The stored tag alone decides most conditional reads (rule T6), unless a hook has to see the value.
    if !call.conditions.preconditions.is_empty()
        && !call.endpoint.model.judges_values()
        && let Some(head) = call.store().head(key).await?
        && call.conditions.check_read(&head) == Verdict::NotModified
    {
        return Ok(not_modified(call, &head));
    }
    let row = call.look_at_row(key).await?.ok_or_else(Problem::not_found)?;
    // Anew, since the state may have moved between the two reads.
    match call.conditions.check_read(&row.head) {
        Verdict::Proceed => ok(call, &row),
        Verdict::NotModified => Ok(not_modified(call, &row.head)),
        Verdict::Failed(header) => Err(call.refusal(key, Unmet::Failed(header), Some(&Seen::of_row(row))).await),
        Verdict::Malformed(malformed) => Err(call.refusal(key, Unmet::Malformed(malformed), None).await),
    }
}

fn ok(call: &Call<'_>, row: &Row) -> Result<Response, Problem> {
    let body = call.endpoint.model.representation(row)?;
    Ok(with_state(call, respond::json(StatusCode::OK, body), &row.head))
}

fn not_modified(call: &Call<'_>, head: &Head) -> Response {
    tracing::debug!(key = %head.key, "not modified");
    with_state(call, respond::bare(StatusCode::NOT_MODIFIED), head)
}

/// What 200 and 304 have in common (RFC 9110 §15.4.5).
fn with_state(call: &Call<'_>, mut response: Response, head: &Head) -> Response {
    call.place_validators(response.headers_mut(), head);
    response.headers_mut().insert(header::CACHE_CONTROL, call.endpoint.cache_control());
    response
}
