//! What bodies say, as changes of a document.

use etag_axum::Refused;
use etag_core::{Refusal, RefusalKind};
use serde_json::{Map, Value};

/// The members of a JSON object.
pub(crate) type Members = Map<String, Value>;

/// A member that is a dictionary: keys that clients make, with values that say of what type they are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OpenType {
    pub(crate) member: &'static str,
    pub(crate) of: &'static str,
}

/// The refusal of a body, in these words.
pub(crate) fn invalid(message: impl Into<std::borrow::Cow<'static, str>>) -> Refused {
    Refusal::new(RefusalKind::Invalid).saying(message).into()
}

/// What a body changes: of its members those that clients may write, and of their dictionaries all but annotations.
///
/// # Errors
/// A value in a dictionary that does not say that it is of its type.
pub(crate) fn changes(mut body: Members, writable: &[&str], open_types: &[OpenType]) -> Result<Members, Refused> {
    body.retain(|name, _| writable.contains(&&**name));
    for (name, value) in &mut body {
        let Value::Object(entries) = value else { continue };
        entries.retain(|key, _| !key.starts_with('@'));
        if let Some(open) = open_types.iter().find(|open| open.member == name) {
            entries.iter().try_for_each(|(key, entry)| demand_type(*open, key, entry))?;
        }
    }
    Ok(body)
}

/// `null` removes an entry, and needs no type.
fn demand_type(open: OpenType, key: &str, entry: &Value) -> Result<(), Refused> {
    let said = entry.get("@odata.type").and_then(Value::as_str);
    if entry.is_null() || said.is_some_and(|said| said.trim_start_matches('#') == open.of) {
        return Ok(());
    }
    Err(invalid(format!("{}/{key} must have the @odata.type #{}", open.member, open.of)))
}

/// The document with these changes: dictionaries are merged by their keys, and what is `null` goes.
pub(crate) fn merge(document: &mut Members, changes: &Members) {
    for (name, change) in changes {
        match (change, document.get_mut(name)) {
            (Value::Null, _) => drop(document.remove(name)),
            (Value::Object(entries), Some(Value::Object(present))) => merge(present, entries),
            (Value::Object(entries), _) => {
                let mut present = Members::new();
                merge(&mut present, entries);
                document.insert(name.clone(), Value::Object(present));
            }
            (value, _) => drop(document.insert(name.clone(), value.clone())),
        }
    }
}
