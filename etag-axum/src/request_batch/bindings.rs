//! Where a JSON body refers to resources: the values of `…@odata.bind` (OData JSON Format 4.01 §8.5) and `…@bind` members.
//!
//! Only the places are found, so that all else in the body goes on as the client spelled it: numbers with their digits, members
//! in their order.

use std::{borrow::Cow, iter, mem, ops::Range};

use serde::de::IgnoredAny;

/// The JSON document in a body, where it may refer to something.
pub(super) fn document_in(body: &[u8]) -> Option<&str> {
    let may_bind = body.windows(5).any(|window| window == b"bind\"");
    let text = std::str::from_utf8(body).ok().filter(|_| may_bind)?;
    serde_json::from_str::<IgnoredAny>(text).ok().map(|_| text)
}

/// The strings in a document by which it refers to resources, with their quotes, in their order.
pub(super) fn in_document(document: &str) -> impl Iterator<Item = Range<usize>> {
    let (mut place, mut before) = (Place::default(), 0);
    strings(document).filter(move |span| {
        place.go_on(&document[before..span.start]);
        before = span.end;
        let is_name = document[span.end..].trim_ascii_start().starts_with(':');
        if is_name {
            place.is_bound = binds(&document[span.clone()]);
        }
        place.is_bound && !is_name
    })
}

/// A place in a document.
#[derive(Default)]
struct Place {
    /// Whether a value here is that of a member that binds, or is in its array.
    is_bound: bool,
    /// The same where each array and object around the place began.
    around: Vec<bool>,
}

impl Place {
    /// Passes what stands between two strings.
    fn go_on(&mut self, between: &str) {
        for byte in between.bytes() {
            match byte {
                b'[' => self.around.push(self.is_bound),
                b'{' => self.around.push(mem::take(&mut self.is_bound)),
                b']' | b'}' => self.is_bound = self.around.pop().unwrap_or_default(),
                _ => {}
            }
        }
    }
}

/// All strings of a document, with their quotes.
fn strings(document: &str) -> impl Iterator<Item = Range<usize>> {
    let mut rest = 0;
    iter::from_fn(move || {
        let start = rest + document[rest..].find('"')?;
        rest = end_of_string(document, start);
        Some(start..rest)
    })
}

/// Where the string ends that begins here.
fn end_of_string(document: &str, start: usize) -> usize {
    let mut bytes = document.bytes().enumerate().skip(start + 1);
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'"' => return at + 1,
            b'\\' => drop(bytes.next()),
            _ => {}
        }
    }
    document.len()
}

fn binds(name: &str) -> bool {
    let name: Cow<'_, str> = serde_json::from_str(name).unwrap_or_default();
    name.ends_with("@odata.bind") || name.ends_with("@bind")
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};
    use serde_json::Value;

    use super::*;

    fn found(document: &str) -> Vec<&str> {
        let document = document_in(document.as_bytes()).expect("a document that may bind");
        in_document(document).map(|span| &document[span]).collect()
    }

    #[test]
    fn values_of_members_that_bind_are_found() {
        assert_eq!(found(r#"{"a":"x","b@odata.bind":"1","c":"y"}"#), [r#""1""#]);
        assert_eq!(found(r#"[{"b@bind" : [ "1" , "2" ] , "c":["y"]}]"#), [r#""1""#, r#""2""#]);
        assert_eq!(found(r#"{"b@bind":"1","c@bind":["2"]}"#), [r#""1""#, r#""2""#]);
        assert_eq!(found(r#"{"b@bind":[{"c":"x"},["1"],"2"]}"#), [r#""1""#, r#""2""#]);
    }

    #[test]
    fn what_stands_beside_or_below_them_is_not() {
        for document in [
            r#"{"b@bind":null,"c":"x"}"#,
            r#"[{"b@bind":1},"x"]"#,
            r#"{"b@bind":{},"c":["x"]}"#,
            r#"["@bind","x"]"#,
            r#"{"b@bind":[],"c":["x"]}"#,
            r#"{"b@bind":{"c":"x"}}"#,
            r#"{"b":"@bind","c":"x"}"#,
            r#"{"b":"\\\"@bind","c":"x"}"#,
        ] {
            assert_eq!(found(document), [""; 0], "{document}");
        }
    }

    #[test]
    fn no_depth_of_a_document_is_too_much() {
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(found(&format!(r#"{{"a":{deep},"b@bind":"1"}}"#)), [r#""1""#]);
    }

    #[test]
    fn what_is_no_document_is_none() {
        for body in [&b"{\"a@bind\":"[..], b"{\"a@bind\":\"\xff\"}", b"{\"a\":\"$1\"}", b""] {
            assert_eq!(document_in(body), None);
        }
    }

    /// What a tree of the document says.
    fn in_tree(value: &Value, is_bound: bool, found: &mut Vec<String>) {
        match value {
            Value::String(text) if is_bound => found.push(text.clone()),
            Value::Array(values) => values.iter().for_each(|value| in_tree(value, is_bound, found)),
            Value::Object(members) => {
                members.iter().for_each(|(name, value)| in_tree(value, name.ends_with("@bind"), found));
            }
            _ => {}
        }
    }

    fn document() -> impl Strategy<Value = Value> {
        let text = prop::sample::select(vec!["$1", "@bind", "a\"@bind\":\"", "{[", "]}", "\\", "é", ""]);
        let leaf = prop_oneof![text.prop_map(Value::from), any::<i8>().prop_map(Value::from), Just(Value::Null)];
        let names = prop::sample::select(vec!["a@bind", "b\\@bind", "@bind\"", "c"]).prop_map(str::to_owned);
        leaf.prop_recursive(4, 30, 4, move |inner| {
            let object = prop::collection::btree_map(names.clone(), inner.clone(), 0..4);
            prop_oneof![
                vec(inner, 0..4).prop_map(Value::from),
                object.prop_map(|members| members.into_iter().collect())
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_found_is_what_a_tree_of_the_document_says(document in document()) {
            let text = format!(r#"[{document:#},{{"z@bind":"$9"}}]"#);
            let mut expected = Vec::new();
            in_tree(&document, false, &mut expected);
            expected.push("$9".to_owned());
            let found: Vec<String> = found(&text).into_iter().map(|text| serde_json::from_str(text).unwrap()).collect();
            prop_assert_eq!(found, expected);
        }
    }
}
