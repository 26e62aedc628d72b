//! `$expand`: rows within a row.

use etag_axum::{Refused, Representation, Stored};
use etag_core::Scan;
use uuid::Uuid;

use crate::{
    call::Call,
    columns::{Unread, shown, undeclared},
    tables::{Account, Annotation, By, Contact, Navigation, Set, Table},
};

/// How many rows an expansion has at most.
const MOST: usize = 5000;

/// The row with those that `$expand` asks for.
///
/// # Errors
/// What is no navigation property or column, and faults of the store.
pub(crate) async fn expand<T: Table>(
    call: &Call,
    state: &Stored<T>,
    mut row: Representation,
) -> Result<Representation, Refused> {
    for (name, select) in &call.options.expand {
        let navigation = T::navigation(name).ok_or_else(|| undeclared::<T>(name))?;
        row = match navigation.to {
            Set::Accounts => Box::pin(expanded::<T, Account>(call, state, row, navigation, select)).await?,
            Set::Contacts => Box::pin(expanded::<T, Contact>(call, state, row, navigation, select)).await?,
            Set::Annotations => Box::pin(expanded::<T, Annotation>(call, state, row, navigation, select)).await?,
        };
    }
    Ok(row)
}

async fn expanded<T: Table, To: Table>(
    call: &Call,
    state: &Stored<T>,
    row: Representation,
    navigation: &Navigation,
    select: &[String],
) -> Result<Representation, Refused> {
    let within = |state| row_within::<To>(call, &state, select);
    match navigation.by {
        By::Column(column) => match referred(call, state, column).await?.map(within).transpose()? {
            Some(found) => row.with(navigation.name, found),
            None => row.with(navigation.name, &()),
        },
        By::Link(link) => {
            let found = referring(call, state, link).await?.into_iter().map(within);
            row.with_list(navigation.name, found.collect::<Result<Vec<_>, _>>()?)
        }
    }
}

/// The row whose id is in a column.
async fn referred<T: Table, To: Table>(
    call: &Call,
    state: &Stored<T>,
    column: &str,
) -> Result<Option<Stored<To>>, Refused> {
    let columns: Unread<'_> = state.view()?;
    let id: Option<Uuid> = columns.get(column).and_then(|id| serde_json::from_str(id.get()).ok());
    let Some(id) = id else { return Ok(None) };
    Ok(call.exchange.store().read(&To::key_of(&id)).await?.map(Stored::from_row))
}

/// The rows that name this one as their parent.
async fn referring<T: Table, To: Table>(
    call: &Call,
    state: &Stored<T>,
    link: &'static str,
) -> Result<Vec<Stored<To>>, Refused> {
    let scan = Scan::new(To::MODEL.collection, MOST).under(link, state.head().key.clone());
    Ok(call.exchange.store().scan(&scan).await?.items.into_iter().map(Stored::from_row).collect())
}

/// A row with its own row version.
fn row_within<T: Table>(call: &Call, state: &Stored<T>, select: &[String]) -> Result<Representation, Refused> {
    call.exchange.represent(state, shown(Representation::new(), state, select, call.annotations.as_ref())?)
}
