//! Rows: read, written under conditions, listed.

use axum::response::{IntoResponse as _, Response};
use etag_axum::{Change, Done, Refused, Representation};
use etag_core::{Effect, Refusal, RefusalKind, StoreExt as _, WriteKind};
use http::{HeaderName, HeaderValue, StatusCode, header::LOCATION};
use serde_json::{Value, json};
use uuid::{Builder, Uuid};

use crate::{
    call::Call,
    columns::{Columns, demand_selectable, merged, set_by, shown},
    related,
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
    let state = call.exchange.get::<T>(&id).await.map_err(|refused| named::<T>(refused, id))?;
    // An expansion, or an annotation, may have changed although the row has not.
    let can_be_known =
        call.options.expand.is_empty() && call.annotations.is_none() && call.is_concurrency_enabled::<T>();
    if can_be_known && let Some(not_modified) = call.exchange.not_modified(&state)? {
        return Ok(not_modified);
    }
    let mut columns = shown(&state, &call.options.select, call.annotations.as_ref())?;
    columns.insert("@odata.context".to_owned(), context::<T>(call, "/$entity"));
    related::expand(call, &state, &mut columns).await?;
    Ok(with_applied(call, call.exchange.answer(StatusCode::OK, &state, &columns)?, None))
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
    let page = call.exchange.store().list::<T>(call.options.after, limit).await?;
    let mut rows = Vec::with_capacity(page.items.len());
    for state in page.items.iter().take(limit) {
        let mut columns = shown(state, &call.options.select, call.annotations.as_ref())?;
        related::expand(call, state, &mut columns).await?;
        rows.push(call.exchange.represent(state, &columns)?);
    }
    let mut body = json!({ "@odata.context": context::<T>(call, ""), "value": rows });
    if let Some(next) = page.next.filter(|_| call.options.top.is_none()) {
        body["@odata.nextLink"] = call.requested.clone().with_query("$skiptoken", next.0).to_string().into();
    }
    let applied = preferred.map(|_| format!("odata.maxpagesize={size}"));
    Ok(with_applied(call, axum::Json(body).into_response(), applied))
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
    call.exchange.announce(call.url_of::<T>(id));
    let write = call.write::<T>(WriteKind::Create, &id)?;
    let done = write.run(|_| Ok(Change::put(merged(id, None, &columns)?))).await.map_err(as_duplicate)?;
    let mut response = written(call, id, &done)?;
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
    call.exchange.announce(call.url_of::<T>(id));
    let write = call.write::<T>(WriteKind::Replace, &id)?;
    let done = write.run(|state| Ok(Change::put(merged(id, state, &columns)?))).await;
    written(call, id, &done.map_err(|refused| named::<T>(refused, id))?)
}

/// `DELETE accounts(ID)`.
///
/// # Errors
/// [`RefusalKind::NotFound`], what the conditions refuse, and faults of the store.
pub(crate) async fn delete<T: Table>(call: &Call, id: Uuid) -> Result<Response, Refused> {
    call.demand_no_star()?;
    let done = call.write::<T>(WriteKind::Delete, &id)?.run(|_| Ok(Change::delete())).await;
    done.map_err(|refused| named::<T>(refused, id))?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The answer to a write: where the row is, or the row, as the client prefers. `$expand` is not looked at.
fn written<T: Table>(call: &Call, id: Uuid, done: &Done<T>) -> Result<Response, Refused> {
    let status = if done.effect == Effect::Created { StatusCode::CREATED } else { StatusCode::OK };
    let state = done.state()?;
    let preferred = call.exchange.preferred(status, state, || {
        let mut columns = shown(state, &call.options.select, call.annotations.as_ref())?;
        columns.insert("@odata.context".to_owned(), context::<T>(call, "/$entity"));
        Representation::new().with_all(&columns)
    })?;
    if let Some(whole) = preferred {
        return Ok(with_applied(call, whole, None));
    }
    let mut response = call.no_content(state);
    response.headers_mut().insert(ODATA_ENTITY_ID, text(&call.url_of::<T>(id))?);
    Ok(response)
}

fn with_applied(call: &Call, response: Response, applied: Option<String>) -> Response {
    let annotations = call.annotations.as_ref().map(crate::annotations::Annotations::applied);
    let preferences = applied.into_iter().chain(annotations);
    preferences.fold(response, |response, preference| call.exchange.applied(response, &preference))
}

/// What an answer is about: `…/$metadata#accounts(name,revenue)/$entity`.
fn context<T: Table>(call: &Call, suffix: &str) -> Value {
    let select = &call.options.select;
    let columns = if select.is_empty() { String::new() } else { format!("({})", select.join(",")) };
    call.url(format_args!("$metadata#{}{columns}{suffix}", T::MODEL.collection)).into()
}

/// Says which row is not found.
pub(crate) fn named<T: Table>(mut refused: Refused, id: Uuid) -> Refused {
    if refused.0.kind == RefusalKind::NotFound && refused.0.message.is_none() {
        refused.0.message = Some(format!("{} With Id = {id} Does Not Exist", T::LOGICAL_NAME).into());
    }
    refused
}

/// An id that is taken is what a failed `If-None-Match: *` is.
fn as_duplicate(refused: Refused) -> Refused {
    if refused.0.kind == RefusalKind::AlreadyExists { Refusal::new(RefusalKind::Exists).into() } else { refused }
}

fn text(url: &str) -> Result<HeaderValue, Refused> {
    HeaderValue::try_from(url).map_err(|_| RefusalKind::Internal.into())
}
