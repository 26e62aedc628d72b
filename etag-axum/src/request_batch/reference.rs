//! References of parts to what earlier parts of the same step create.

use std::{borrow::Cow, collections::HashMap};

use bytes::Bytes;
use serde_json::Value;

use super::bindings;

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

    /// A body with URIs in place of references, and all else of it as it was sent, where it is JSON; what is none is the
    /// handler's to refuse.
    pub(super) fn in_body(&self, body: &Bytes) -> Result<Bytes, Unknown> {
        let Some(document) = bindings::document_in(body) else { return Ok(body.clone()) };
        let (mut bound, mut copied) = (String::with_capacity(body.len()), 0);
        for span in bindings::in_document(document) {
            let Ok(target) = serde_json::from_str::<Cow<'_, str>>(&document[span.clone()]) else { continue };
            if let Cow::Owned(uri) = self.in_target(&target)? {
                bound.push_str(&document[copied..span.start]);
                bound.push_str(&Value::from(uri).to_string());
                copied = span.end;
            }
        }
        bound.push_str(&document[copied..]);
        Ok(bound.into())
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
        let expected = format!(r#"{{"name":"$1","a@odata.bind":"{uri}","b":[{{"c@odata.bind":["{uri}","/d(1)"]}}]}}"#);
        assert_eq!(bound, expected);
        assert_eq!(body(r#"{"a@odata.bind":"$2"}"#), Err(Unknown("$2".to_owned())));
    }

    #[test]
    fn all_else_in_a_body_that_binds_stays_as_it_was_sent() {
        let text = r#"{ "z": 1.0, "y": 123456789012345678901234567890, "x": 1e999, "a\u0040odata.bind" : "\u00241/b" ,
            "w": "\u00e9\/", "z": 2.50 }"#;
        let expected = text.replace("\\u00241", "https://example.org/api/accounts(7)");
        assert_eq!(body(text).unwrap(), expected);
    }

    #[test]
    fn a_uri_in_a_body_is_escaped_as_json_needs_it() {
        let mut created = Created::default();
        created.note("1", "/a?\"b\\".to_owned());
        let bound = created.in_body(&Bytes::from_static(br#"{"a@odata.bind":"$1"}"#)).unwrap();
        assert_eq!(&bound[..], br#"{"a@odata.bind":"/a?\"b\\"}"#);
    }

    #[test]
    fn what_binds_nothing_stays_as_it_is() {
        for text in [r#"{"b":1.00,"a":"$1"}"#, r#"{"a@odata.bind": "#, "", "@odata.bind\"", r#"{"a@odata.bind":"$"}"#] {
            assert_eq!(body(text).unwrap(), text);
        }
    }
}
