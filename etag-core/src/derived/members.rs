//! The members of a document, exchanged without touching the others.

use std::fmt;

use bytes::{BufMut, Bytes, BytesMut};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::{Value, value::RawValue};

use crate::{Error, ErrorKind, Model};

/// `document` with the derived members of `from`; the very same where they are the same already. A member that `from` has
/// not, since it is older than the field, stays as it is.
pub(super) fn with_derived_of(model: &'static Model, document: &Bytes, from: &Bytes) -> Result<Bytes, Error> {
    let (mut members, theirs) = (members_of(model, document)?, members_of(model, from)?);
    let mut is_other = false;
    for (name, value) in theirs.0.into_iter().filter(|(name, _)| model.derived().any(|field| field.name == name)) {
        match members.0.iter_mut().find(|(own, _)| *own == name) {
            Some((_, own)) if own.get() == value.get() => continue,
            Some((_, own)) => *own = value,
            None => members.0.push((name, value)),
        }
        is_other = true;
    }
    Ok(if is_other { members.to_json() } else { document.clone() })
}

fn members_of<'a>(model: &Model, document: &'a [u8]) -> Result<Members<'a>, Error> {
    serde_json::from_slice(document).map_err(|error| {
        let message = format!("the document of a `{}` is no JSON object: {error}", model.name);
        Error::new(ErrorKind::Undecodable, message).with_source(error)
    })
}

/// The members of an object in their order, their values as they were written.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl Members<'_> {
    fn to_json(&self) -> Bytes {
        let mut json = BytesMut::new();
        for (name, value) in &self.0 {
            json.put_u8(if json.is_empty() { b'{' } else { b',' });
            json.put_slice(Value::from(name.as_str()).to_string().as_bytes());
            json.put_u8(b':');
            json.put_slice(value.get().as_bytes());
        }
        json.put_u8(b'}');
        json.freeze()
    }
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{__private::NO_MODEL, FieldRole, MergeRule, ModelField};

    const COUNT: ModelField =
        ModelField { name: "count", rust_name: "count", role: FieldRole::Derived, merge: MergeRule::Reject };
    const MODEL: &Model = &Model { fields: &[ModelField::data("text"), COUNT], ..*NO_MODEL };

    fn exchanged(document: &'static str, from: &'static str) -> Bytes {
        with_derived_of(MODEL, &document.into(), &from.into()).unwrap()
    }

    #[test]
    fn derived_members_are_exchanged_and_no_other_byte_is() {
        let document = r#"{"text" : "a\u00e4" ,"count": 1,"n":1.50}"#;
        assert_eq!(
            exchanged(document, r#"{"count":[2, 3],"text":"b"}"#),
            r#"{"text":"a\u00e4","count":[2, 3],"n":1.50}"#
        );
    }

    #[test]
    fn a_document_with_the_same_members_stays_as_it_is() {
        let document = r#"{ "count":1, "text":"a" }"#;
        assert_eq!(exchanged(document, r#"{"text":"b","count":1}"#), document);
        assert_eq!(exchanged(document, "{}"), document);
    }

    #[test]
    fn a_member_that_an_older_document_has_not_is_added() {
        assert_eq!(exchanged(r#"{"text":"a"}"#, r#"{"count":0}"#), r#"{"text":"a","count":0}"#);
    }

    #[test]
    fn what_is_no_object_is_undecodable() {
        let error = with_derived_of(MODEL, &"[]".into(), &"{}".into()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Undecodable);
    }
}
