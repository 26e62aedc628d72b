//! References of parts to what earlier parts of the same step create.

use std::{borrow::Cow, collections::HashMap};

use bytes::Bytes;
use serde_json::Value;

/// What the parts of a step have created so far, by their ids.
#[derive(Debug, Default)]
pub(super) struct Created(HashMap<String, String>);

/// A reference to something that nobody has created.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unknown(pub(super) String);

impl Created {
    pub(super) fn note(&mut self, id: &str, uri: String) {
        self.0.insert(id.to_owned(), uri);
    }

    /// A target with the URI in place of a reference at its beginning.
    pub(super) fn in_target<'t>(&self, target: &'t str) -> Result<Cow<'t, str>, Unknown> {
        let Some((reference, rest)) = reference_in(target) else { return Ok(target.into()) };
        let uri = self.uri(reference)?;
        Ok(format!("{}{rest}", uri.trim_end_matches('/')).into())
    }

    /// A body with URIs in place of references, where it is JSON; what is none is the handler's to refuse.
    pub(super) fn in_body(&self, body: &Bytes) -> Result<Bytes, Unknown> {
        if !may_bind(body) {
            return Ok(body.clone());
        }
        let Ok(mut document) = serde_json::from_slice(body) else { return Ok(body.clone()) };
        self.bind(&mut document)?;
        Ok(document.to_string().into())
    }

    fn bind(&self, value: &mut Value) -> Result<(), Unknown> {
        match value {
            Value::Object(members) => members
                .iter_mut()
                .try_for_each(|(name, value)| if binds(name) { self.bind_to(value) } else { self.bind(value) }),
            Value::Array(values) => values.iter_mut().try_for_each(|value| self.bind(value)),
            _ => Ok(()),
        }
    }

    /// One URI, or several of them.
    fn bind_to(&self, value: &mut Value) -> Result<(), Unknown> {
        match value {
            Value::String(text) if text.starts_with('$') => {
                *text = self.in_target(text)?.into_owned();
                Ok(())
            }
            Value::Array(values) => values.iter_mut().try_for_each(|value| self.bind_to(value)),
            _ => Ok(()),
        }
    }

    fn uri(&self, reference: &str) -> Result<&str, Unknown> {
        let id = reference.strip_prefix('$').unwrap_or(reference);
        self.0.get(id).map(String::as_str).ok_or_else(|| Unknown(reference.to_owned()))
    }
}

/// The reference that a target begins with, where it stands alone. There nobody is referred to, and `$metadata` is a
/// resource; but a number is none.
pub(super) fn lost_reference(target: &str) -> Option<Unknown> {
    let (reference, _) = reference_in(target)?;
    let is_number = reference[1..].bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| Unknown(reference.to_owned()))
}

/// The reference that a target begins with, and the rest.
fn reference_in(target: &str) -> Option<(&str, &str)> {
    if !target.starts_with('$') {
        return None;
    }
    let end = target.find(['/', '?', '#']).unwrap_or(target.len());
    (end > 1).then(|| target.split_at(end))
}

fn binds(name: &str) -> bool {
    name.ends_with("@odata.bind") || name.ends_with("@bind")
}

fn may_bind(body: &[u8]) -> bool {
    body.windows(5).any(|window| window == b"bind\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn created() -> Created {
        let mut created = Created::default();
        created.note("1", "https://example.org/api/accounts(7)".to_owned());
        created
    }

    fn body(text: &str) -> Result<String, Unknown> {
        let bytes = created().in_body(&Bytes::copy_from_slice(text.as_bytes()))?;
        Ok(String::from_utf8(bytes.into()).unwrap())
    }

    #[test]
    fn a_target_begins_with_what_was_created() {
        let target = |target| created().in_target(target).map(Cow::into_owned);
        assert_eq!(target("$1/tasks?a=$1").unwrap(), "https://example.org/api/accounts(7)/tasks?a=$1");
        assert_eq!(target("$1").unwrap(), "https://example.org/api/accounts(7)");
        for plain in ["/tasks/$1", "tasks?$top=1", "$", ""] {
            assert_eq!(target(plain).unwrap(), plain);
        }
        assert_eq!(target("$12/tasks"), Err(Unknown("$12".to_owned())));
    }

    #[test]
    fn a_number_alone_is_a_lost_reference() {
        assert_eq!(lost_reference("$1/tasks"), Some(Unknown("$1".to_owned())));
        for plain in ["$metadata", "$1a", "$", "/tasks", ""] {
            assert_eq!(lost_reference(plain), None, "{plain}");
        }
    }

    #[test]
    fn members_that_bind_have_what_was_created() {
        let bound = body(r#"{"name":"$1","a@odata.bind":"$1","b":[{"c@odata.bind":["$1","/d(1)"]}]}"#).unwrap();
        let uri = "https://example.org/api/accounts(7)";
        let expected = format!(r#"{{"a@odata.bind":"{uri}","b":[{{"c@odata.bind":["{uri}","/d(1)"]}}],"name":"$1"}}"#);
        assert_eq!(serde_json::from_str::<Value>(&bound).unwrap(), serde_json::from_str::<Value>(&expected).unwrap());
        assert_eq!(body(r#"{"a@odata.bind":"$2"}"#), Err(Unknown("$2".to_owned())));
    }

    #[test]
    fn what_binds_nothing_stays_as_it_is() {
        for text in [r#"{"b":1.00,"a":"$1"}"#, r#"{"a@odata.bind": "#, "", "@odata.bind\""] {
            assert_eq!(body(text).unwrap(), text);
        }
    }
}
