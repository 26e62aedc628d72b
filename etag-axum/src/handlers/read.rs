//! GET and HEAD of a resource.

use axum::response::Response;
use etag_core::{ETag, Head, Key, Row, Verdict};
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
        && let etag = call.endpoint.etag(&head)
        && call.conditions.check_read(&head, &etag) == Verdict::NotModified
    {
        return Ok(not_modified(call, &head, &etag));
    }
    let row = call.look_at_row(key).await?.ok_or_else(Problem::not_found)?;
    let etag = call.endpoint.etag(&row.head);
    // Anew, since the state may have moved between the two reads.
    match call.conditions.check_read(&row.head, &etag) {
        Verdict::Proceed => ok(call, &row, &etag),
        Verdict::NotModified => Ok(not_modified(call, &row.head, &etag)),
        Verdict::Failed(header) => Err(Box::pin(refusal(call, Unmet::Failed(header), row)).await),
        Verdict::Malformed(malformed) => Err(Box::pin(refusal(call, Unmet::Malformed(malformed), row)).await),
    }
}

/// What is answered instead. It is awaited in a box, so that other reads are spared the room that it needs.
async fn refusal(call: &Call<'_>, unmet: Unmet, row: Row) -> Problem {
    let key = row.head.key.clone();
    call.refusal(&key, unmet, Some(&Seen::of_row(row))).await
}

fn ok(call: &Call<'_>, row: &Row, etag: &ETag) -> Result<Response, Problem> {
    let body = call.endpoint.model.representation(row)?;
    Ok(with_state(call, respond::json(StatusCode::OK, body), &row.head, etag))
}

fn not_modified(call: &Call<'_>, head: &Head, etag: &ETag) -> Response {
    tracing::debug!(key = %head.key, "not modified");
    with_state(call, respond::bare(StatusCode::NOT_MODIFIED), head, etag)
}

/// What 200 and 304 have in common (RFC 9110 §15.4.5).
fn with_state(call: &Call<'_>, mut response: Response, head: &Head, etag: &ETag) -> Response {
    call.place_tag_and_date(response.headers_mut(), etag, head);
    response.headers_mut().insert(header::CACHE_CONTROL, call.endpoint.cache_control());
    response
}
