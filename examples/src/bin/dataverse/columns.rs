//! Rows as JSON objects: what a body sets, and what an answer shows.

use std::collections::BTreeMap;

use etag_axum::{Refused, Representation, Stored};
use etag_core::{RefusalKind, Snapshot, from_client};
use serde_json::{Map, Value, value::RawValue};
use uuid::Uuid;

use crate::{
    address::{Address, Guids},
    annotations::Annotations,
    tables::{By, Table},
};

/// Columns by name.
pub(crate) type Columns = Map<String, Value>;

/// The columns of a row as the store has them.
pub(crate) type Unread<'s> = BTreeMap<String, &'s RawValue>;

/// The columns that a body sets, lookups among them. Annotations are left out: clients send back what they were given.
///
/// # Errors
/// [`RefusalKind::Invalid`] that names the member which is no column.
pub(crate) fn set_by<T: Table>(body: Columns, guids: Guids) -> Result<Columns, Refused> {
    let mut columns = Columns::new();
    for (name, value) in body {
        if let Some(navigation) = name.strip_suffix("@odata.bind") {
            let (column, id) = bound::<T>(navigation, &value, guids)?;
            columns.insert(column.to_owned(), id);
        } else if !name.contains('@') {
            demand_writable::<T>(&name)?;
            let is_key = name == T::key_column();
            let value = value.as_str().filter(|_| is_key).map(|id| guids.read(id)).transpose()?.map_or(value, spelled);
            columns.insert(name, value);
        }
    }
    Ok(columns)
}

/// The lookup that `"primarycontactid@odata.bind": "/contacts(ID)"` sets.
fn bound<T: Table>(navigation: &str, reference: &Value, guids: Guids) -> Result<(&'static str, Value), Refused> {
    let found = T::navigation(navigation).ok_or_else(|| undeclared::<T>(navigation))?;
    let By::Column(column) = found.by else { return Err(undeclared::<T>(navigation)) };
    let Some(reference) = reference.as_str() else { return Ok((column, Value::Null)) };
    let (set, id) = Address::of_reference(reference, guids)?;
    if set != found.to {
        return Err(Refused::invalid(format!("{navigation} refers to {}, not to {}", found.to.name(), set.name())));
    }
    Ok((column, spelled(id)))
}

/// # Errors
/// What is no column, or one that is set through its navigation property.
pub(crate) fn demand_writable<T: Table>(name: &str) -> Result<(), Refused> {
    if T::lookup_in(name).is_some() {
        return Err(Refused::invalid(format!("{name} can't be set; use @odata.bind with its navigation property")));
    }
    T::MODEL.field(name).map(drop).ok_or_else(|| undeclared::<T>(name))
}

/// The row that a write leaves: what there is, or nothing, with these columns.
///
/// # Errors
/// [`RefusalKind::Invalid`] that names the column of a wrong type, or another id.
pub(crate) fn merged<T: Table>(id: Uuid, state: Option<&Snapshot<T>>, set: &Columns) -> Result<T, Refused> {
    let mut columns = state.map(columns_of).transpose()?.unwrap_or_default();
    columns.extend(set.clone());
    Ok(from_client(Value::Object(columns), &id)?)
}

/// An answer with what it shows of a row, too.
///
/// # Errors
/// [`RefusalKind::Invalid`] for what is no column.
pub(crate) fn shown<T: Table>(
    answer: Representation,
    state: &Stored<T>,
    select: &[String],
    annotations: Option<&Annotations>,
) -> Result<Representation, Refused> {
    demand_selectable::<T>(select)?;
    if select.is_empty() && annotations.is_none() {
        return answer.with_all(state);
    }
    let mut columns: Unread<'_> = state.view()?;
    columns.retain(|name, _| select.is_empty() || name == T::key_column() || select.contains(name));
    let answer = answer.with_all(&columns)?;
    match annotations {
        Some(annotations) => answer.with_all(&annotations.of_all::<T>(&columns)),
        None => Ok(answer),
    }
}

/// # Errors
/// [`RefusalKind::Invalid`] for what is no column.
pub(crate) fn demand_selectable<T: Table>(select: &[String]) -> Result<(), Refused> {
    let unknown = select.iter().find(|name| T::MODEL.field(name).is_none());
    unknown.map_or(Ok(()), |name| Err(undeclared::<T>(name)))
}

fn columns_of<T: Table>(state: &Snapshot<T>) -> Result<Columns, Refused> {
    match serde_json::to_value(state.value()) {
        Ok(Value::Object(columns)) => Ok(columns),
        _ => Err(RefusalKind::Internal.into()),
    }
}

pub(crate) fn undeclared<T: Table>(name: &str) -> Refused {
    Refused::invalid(format!(
        "Could not find a property named '{name}' on type 'Microsoft.Dynamics.CRM.{}'.",
        T::LOGICAL_NAME
    ))
}

fn spelled(id: Uuid) -> Value {
    id.to_string().into()
}
