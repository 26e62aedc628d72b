//! Rows: read, written under conditions, listed.

use axum::response::{IntoResponse as _, Response};
use etag_axum::{Change, Done, Refused, Representation, Stored};
use etag_core::{Effect, Refusal, RefusalKind, Scan, WriteKind};
use http::{
    HeaderName, HeaderValue, StatusCode,
    header::{CONTENT_TYPE, LOCATION},
};
use serde_json::Value;
use uuid::{Builder, Uuid};

use crate::{
    annotations::Annotations,
    call::Call,
    columns::{Columns, demand_selectable, merged, set_by, shown},
    errors, related,
    tables::Table,
};

const ODATA_ENTITY_ID: HeaderName = HeaderName::from_static("odata-entityid");

/// How many rows a page has at most.
const PAGE: usize = 5000;

/// `GET accounts(ID)`.
///
/// # Errors
/// [`RefusalKind::NotFound`], what the options ask for that is not there, and faults of the store.
pub(crate) async fn retrieve<T: Table>(call: &Call, id: Uuid) -> Result<Response, Refused> {
    let state = call.fetch::<T>(id).await?;
    // An expansion, or an annotation, may have changed although the row has not.
    let can_be_known =
        call.options.expand.is_empty() && call.annotations.is_none() && call.is_concurrency_enabled::<T>();
    if can_be_known && let Some(not_modified) = call.exchange.not_modified(&state)? {
        return Ok(not_modified);
    }
    let row = related::expand(call, &state, alone(call, &state)?).await?;
    Ok(annotated(call, call.exchange.answer(StatusCode::OK, &state, row)?))
}

/// `GET accounts`.
///
/// # Errors
/// What the options ask for that is not there, and faults of the store.
pub(crate) async fn list<T: Table>(call: &Call) -> Result<Response, Refused> {
    demand_selectable::<T>(&call.options.select)?;
    let preferred = call.exchange.preference("odata.maxpagesize").and_then(|size| size.parse::<usize>().ok());
    let size = preferred.filter(|size| *size > 0).unwrap_or(PAGE).min(PAGE);
    let limit = call.options.top.map_or(size, |top| top.min(size));
    let page = call.exchange.store().scan(&Scan::new(T::MODEL.collection, limit).after(call.options.after)).await?;
    let mut rows = Vec::with_capacity(page.items.len());
    for row in page.items.into_iter().take(limit) {
        let state = Stored::<T>::from_row(row);
        let row = shown(Representation::new(), &state, &call.options.select, call.annotations.as_ref())?;
        rows.push(call.exchange.represent(&state, related::expand(call, &state, row).await?)?);
    }
    let mut body = Representation::new().with("@odata.context", &context::<T>(call, ""))?.with_list("value", rows)?;
    if let Some(next) = page.next.filter(|_| call.options.top.is_none()) {
        let next = call.url.clone().with_query("$skiptoken", next.0);
        body = body.with("@odata.nextLink", &next.to_string())?;
    }
    let response = annotated(call, json(body));
    Ok(match preferred {
        Some(_) => call.exchange.applied(response, &format!("odata.maxpagesize={size}")),
        None => response,
    })
}

/// `POST accounts`: a row, with an id of the client's or of ours.
///
/// # Errors
/// [`RefusalKind::Exists`] where the id is taken, what is wrong with the body, and faults of the store.
pub(crate) async fn create<T: Table>(call: &Call, body: Columns) -> Result<Response, Refused> {
    let columns = set_by::<T>(body, call.guids())?;
    let given = columns.get(T::key_column()).and_then(Value::as_str).map(|id| call.guids().read(id)).transpose()?;
    let id =
        given.unwrap_or_else(|| Builder::from_random_bytes(call.exchange.environment().random_bytes()).into_uuid());
    call.exchange.announce(call.url_of_row::<T>(id));
    let write = call.write::<T>(WriteKind::Create, id, |_| Ok(Change::put(merged(id, None, &columns)?)));
    let mut response = written(call, id, &write.await.map_err(as_duplicate)?)?;
    if let Some(url) = response.headers().get(ODATA_ENTITY_ID).cloned() {
        response.headers_mut().insert(LOCATION, url);
    }
    Ok(response)
}

/// `PATCH accounts(ID)`: some columns of a row, which comes to be where it does not exist and no condition says otherwise.
///
/// # Errors
/// What the conditions refuse, what is wrong with the body, and faults of the store.
pub(crate) async fn upsert<T: Table>(call: &Call, id: Uuid, body: Columns) -> Result<Response, Refused> {
    let columns = set_by::<T>(body, call.guids())?;
    call.exchange.announce(call.url_of_row::<T>(id));
    let write = call.write::<T>(WriteKind::Replace, id, |state| Ok(Change::put(merged(id, state, &columns)?)));
    written(call, id, &write.await?)
}

/// `DELETE accounts(ID)`.
///
/// # Errors
/// [`RefusalKind::NotFound`], what the conditions refuse, and faults of the store.
pub(crate) async fn delete<T: Table>(call: &Call, id: Uuid) -> Result<Response, Refused> {
    call.demand_no_star()?;
    call.write::<T>(WriteKind::Delete, id, |_| Ok(Change::delete())).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The answer to a write: where the row is, or the row, as the client prefers. `$expand` is not looked at.
fn written<T: Table>(call: &Call, id: Uuid, done: &Done<T>) -> Result<Response, Refused> {
    let state = done.stored()?;
    let status = if done.effect == Effect::Created { StatusCode::CREATED } else { StatusCode::OK };
    if let Some(row) = call.exchange.preferred(status, state, || alone(call, state))? {
        return Ok(annotated(call, row));
    }
    let mut response = call.no_content(state);
    let url = HeaderValue::try_from(call.url_of_row::<T>(id)).map_err(|_| RefusalKind::Internal)?;
    response.headers_mut().insert(ODATA_ENTITY_ID, url);
    Ok(response)
}

/// A row that is an answer by itself.
fn alone<T: Table>(call: &Call, state: &Stored<T>) -> Result<Representation, Refused> {
    let begun = Representation::new().with("@odata.context", &context::<T>(call, "/$entity"))?;
    shown(begun, state, &call.options.select, call.annotations.as_ref())
}

fn annotated(call: &Call, response: Response) -> Response {
    let applied = call.annotations.as_ref().map(Annotations::applied);
    applied.into_iter().fold(response, |response, applied| call.exchange.applied(response, &applied))
}

/// What an answer is about: `…/$metadata#accounts(name,revenue)/$entity`.
fn context<T: Table>(call: &Call, suffix: &str) -> String {
    let select = &call.options.select;
    let columns = if select.is_empty() { String::new() } else { format!("({})", select.join(",")) };
    call.url_of(format_args!("$metadata#{}{columns}{suffix}", T::MODEL.collection))
}

/// An answer that is about no row alone.
pub(crate) fn json(body: Representation) -> Response {
    ([(CONTENT_TYPE, errors::JSON)], body.into_bytes()).into_response()
}

/// An id that is taken is what a failed `If-None-Match: *` is.
fn as_duplicate(refused: Refused) -> Refused {
    if refused.0.kind == RefusalKind::AlreadyExists { Refusal::new(RefusalKind::Exists).into() } else { refused }
}
