//! What the service tells of its tables.

use axum::response::Response;
use etag_axum::{Refused, Representation};
use serde_json::Value;

use crate::{
    address::unknown_segment,
    call::Call,
    rows::json,
    tables::{Account, Annotation, Contact, Table},
};

/// `GET EntityDefinitions(LogicalName='account')?$select=IsOptimisticConcurrencyEnabled`; `None` for another path.
pub(crate) fn definition(call: &Call, path: &str) -> Option<Result<Response, Refused>> {
    let name = path.strip_prefix("EntityDefinitions(LogicalName='")?.strip_suffix("')")?;
    Some(match name {
        Account::LOGICAL_NAME => definition_of::<Account>(call),
        Contact::LOGICAL_NAME => definition_of::<Contact>(call),
        Annotation::LOGICAL_NAME => definition_of::<Annotation>(call),
        _ => Err(unknown_segment(path)),
    })
}

fn definition_of<T: Table>(call: &Call) -> Result<Response, Refused> {
    let select = &call.options.select;
    let columns = if select.is_empty() { String::new() } else { format!("({})", select.join(",")) };
    let context = call.url_of(format_args!("$metadata#EntityDefinitions{columns}/$entity"));
    let all = [
        ("LogicalName", Value::from(T::LOGICAL_NAME)),
        ("EntitySetName", T::MODEL.collection.into()),
        ("PrimaryIdAttribute", T::key_column().into()),
        ("IsOptimisticConcurrencyEnabled", call.is_concurrency_enabled::<T>().into()),
    ];
    let is_selected = |name: &str| select.is_empty() || select.iter().any(|selected| selected == name);
    let selected = all.iter().filter(|(name, _)| is_selected(name));
    let begun = Representation::new().with("@odata.context", &context)?;
    let body = selected.into_iter().try_fold(begun, |body, (name, value)| body.with(name, value))?;
    Ok(json(body.with("MetadataId", T::METADATA_ID)?))
}
