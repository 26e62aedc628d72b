//! What bodies say, as changes of a document.

use etag_axum::Refused;
use serde_json::{Map, Value};

/// The members of a JSON object.
pub(crate) type Members = Map<String, Value>;

/// A member that is a dictionary: keys that clients make, with values that say of what type they are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OpenType {
    pub(crate) member: &'static str,
    pub(crate) of: &'static str,
}

/// What the service says of entries in dictionaries, and clients may send back.
const SIGNED: [&str; 4] = ["assignedBy", "assignedDateTime", "lastModifiedBy", "lastModifiedDateTime"];

/// What a body changes: of its members those that clients may write, and of their dictionaries all but annotations and what
/// the service says of their entries.
pub(crate) fn changes(mut body: Members, writable: &[&str]) -> Members {
    body.retain(|name, _| writable.contains(&&**name));
    for entries in body.values_mut().filter_map(Value::as_object_mut) {
        entries.retain(|key, _| !key.starts_with('@'));
        for entry in entries.values_mut().filter_map(Value::as_object_mut) {
            entry.retain(|name, _| !SIGNED.contains(&&**name));
        }
    }
    body
}

/// Demands of all values in dictionaries that they say of what type they are. `null` removes an entry, and needs no type.
pub(crate) fn demand_types(changes: &Members, open_types: &[OpenType]) -> Result<(), Refused> {
    for OpenType { member, of } in open_types {
        let entries = changes.get(*member).and_then(Value::as_object).into_iter().flatten();
        for (key, entry) in entries.filter(|(_, entry)| !entry.is_null()) {
            let said = entry.get("@odata.type").and_then(Value::as_str);
            if said.is_none_or(|said| said.trim_start_matches('#') != *of) {
                return Err(Refused::invalid(format!("{member}/{key} must have the @odata.type #{of}")));
            }
        }
    }
    Ok(())
}
