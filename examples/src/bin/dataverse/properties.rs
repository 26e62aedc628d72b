//! Single properties of a row.

use axum::response::{IntoResponse as _, Response};
use etag_axum::{Change, Refused, Representation};
use etag_core::WriteKind;
use http::StatusCode;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    address::unknown_segment,
    call::Call,
    columns::{Columns, Unread, demand_writable, merged},
    rows::json,
    tables::Table,
};

/// `GET accounts(ID)/name`.
///
/// # Errors
/// [`NotFound`](etag_core::RefusalKind::NotFound) for the row and for what is no column, and faults of the store.
pub(crate) async fn read<T: Table>(call: &Call, id: Uuid, name: &str) -> Result<Response, Refused> {
    demand_column::<T>(name)?;
    let state = call.fetch::<T>(id).await?;
    let columns: Unread<'_> = state.view()?;
    let Some(value) = columns.get(name).filter(|value| value.get() != "null") else {
        return Ok(StatusCode::NO_CONTENT.into_response());
    };
    let context = call.url_of(format_args!("$metadata#{}({id})/{name}", T::MODEL.collection));
    Ok(json(Representation::new().with("@odata.context", &context)?.with("value", *value)?))
}

/// `PUT accounts(ID)/name`, with `{"value": …}`.
///
/// # Errors
/// As for [`set`], and [`Invalid`](etag_core::RefusalKind::Invalid) for a body without a value.
pub(crate) async fn put<T: Table>(call: &Call, id: Uuid, name: &str, mut body: Columns) -> Result<Response, Refused> {
    let value = body.remove("value").ok_or_else(|| Refused::invalid("the body has no value; send {\"value\": …}"))?;
    set::<T>(call, id, name, value).await
}

/// `DELETE accounts(ID)/name`: the column is empty then.
///
/// # Errors
/// As for [`set`].
pub(crate) async fn clear<T: Table>(call: &Call, id: Uuid, name: &str) -> Result<Response, Refused> {
    set::<T>(call, id, name, Value::Null).await
}

/// # Errors
/// [`NotFound`](etag_core::RefusalKind::NotFound) for the row and for what is no column, what the conditions refuse, and faults of the store.
async fn set<T: Table>(call: &Call, id: Uuid, name: &str, value: Value) -> Result<Response, Refused> {
    demand_column::<T>(name)?;
    demand_writable::<T>(name)?;
    let columns = Columns::from_iter([(name.to_owned(), value)]);
    let write = call.write::<T>(WriteKind::Update, id, |state| Ok(Change::put(merged(id, state, &columns)?)));
    Ok(call.no_content(write.await?.stored()?))
}

fn demand_column<T: Table>(name: &str) -> Result<(), Refused> {
    T::MODEL.field(name).map(drop).ok_or_else(|| unknown_segment(name))
}
