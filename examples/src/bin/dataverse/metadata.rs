//! What the service tells of its tables.

use axum::response::{IntoResponse as _, Response};
use etag_axum::Refused;
use serde_json::{Map, Value, json};

use crate::{
    address::unknown_segment,
    call::Call,
    tables::{Account, Annotation, Contact, Table},
};

/// `GET EntityDefinitions(LogicalName='account')?$select=IsOptimisticConcurrencyEnabled`; `None` for another path.
pub(crate) fn definition(call: &Call, path: &str) -> Option<Result<Response, Refused>> {
    let name = path.strip_prefix("EntityDefinitions(LogicalName='")?.strip_suffix("')")?;
    Some(match name {
        Account::LOGICAL_NAME => Ok(definition_of::<Account>(call)),
        Contact::LOGICAL_NAME => Ok(definition_of::<Contact>(call)),
        Annotation::LOGICAL_NAME => Ok(definition_of::<Annotation>(call)),
        _ => Err(unknown_segment(path)),
    })
}

fn definition_of<T: Table>(call: &Call) -> Response {
    let all = [
        ("LogicalName", Value::from(T::LOGICAL_NAME)),
        ("EntitySetName", T::MODEL.collection.into()),
        ("PrimaryIdAttribute", T::key_column().into()),
        ("IsOptimisticConcurrencyEnabled", call.is_concurrency_enabled::<T>().into()),
    ];
    let select = &call.options.select;
    let is_selected = |name: &str| select.is_empty() || select.iter().any(|selected| selected == name);
    let mut body: Map<_, _> =
        all.into_iter().filter(|(name, _)| is_selected(name)).map(|(name, value)| (name.to_owned(), value)).collect();
    let columns = if select.is_empty() { String::new() } else { format!("({})", select.join(",")) };
    body.insert("MetadataId".to_owned(), T::METADATA_ID.into());
    body.insert(
        "@odata.context".to_owned(),
        json!(call.url(format_args!("$metadata#EntityDefinitions{columns}/$entity"))),
    );
    axum::Json(body).into_response()
}
