//! `$expand`: rows within a row.

use etag_axum::{Refused, Representation};
use etag_core::{RefusalKind, Scan, Snapshot};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    call::Call,
    columns::{Columns, shown, undeclared},
    tables::{Account, Annotation, By, Contact, Navigation, Set, Table},
};

/// How many rows an expansion has at most.
const MOST: usize = 5000;

/// Adds the rows that `$expand` asks for.
///
/// # Errors
/// What is no navigation property or column, and faults of the store.
pub(crate) async fn expand<T: Table>(call: &Call, state: &Snapshot<T>, columns: &mut Columns) -> Result<(), Refused> {
    for (name, select) in &call.options.expand {
        let navigation = T::navigation(name).ok_or_else(|| undeclared::<T>(name))?;
        let rows = match navigation.to {
            Set::Accounts => expanded::<T, Account>(call, state, navigation, select).await?,
            Set::Contacts => expanded::<T, Contact>(call, state, navigation, select).await?,
            Set::Annotations => expanded::<T, Annotation>(call, state, navigation, select).await?,
        };
        columns.insert(name.clone(), rows);
    }
    Ok(())
}

async fn expanded<T: Table, To: Table>(
    call: &Call,
    state: &Snapshot<T>,
    navigation: &Navigation,
    select: &[String],
) -> Result<Value, Refused> {
    match navigation.by {
        By::Column(column) => referred::<T, To>(call, state, column, select).await,
        By::Link(link) => referring::<T, To>(call, state, link, select).await,
    }
}

/// The row whose id is in a column.
async fn referred<T: Table, To: Table>(
    call: &Call,
    state: &Snapshot<T>,
    column: &str,
    select: &[String],
) -> Result<Value, Refused> {
    let id = shown(state, &[], None)?.remove(column).and_then(|id| id.as_str()?.parse::<Uuid>().ok());
    let Some(id) = id else { return Ok(Value::Null) };
    match call.exchange.find::<To>(&id).await? {
        Some(row) => row_within(call, &row, select),
        None => Ok(Value::Null),
    }
}

/// The rows that name this one as their parent.
async fn referring<T: Table, To: Table>(
    call: &Call,
    state: &Snapshot<T>,
    link: &'static str,
    select: &[String],
) -> Result<Value, Refused> {
    let scan = Scan::new(To::MODEL.collection, MOST).under(link, state.head().key.clone());
    let page = call.exchange.store().scan(&scan).await?;
    let rows = page.items.into_iter().map(|row| row_within(call, &Snapshot::<To>::from_row(row)?, select));
    rows.collect::<Result<Vec<_>, _>>().map(Value::Array)
}

/// A row with its own row version.
fn row_within<T: Table>(call: &Call, state: &Snapshot<T>, select: &[String]) -> Result<Value, Refused> {
    let columns = shown(state, select, call.annotations.as_ref())?;
    json(&call.exchange.represent(state, &columns)?)
}

fn json(representation: &Representation) -> Result<Value, Refused> {
    serde_json::from_slice(representation.as_bytes()).map_err(|_| RefusalKind::Internal.into())
}
