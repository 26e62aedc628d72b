//! Where a JSON body refers to resources: the values of `…@odata.bind` (OData JSON Format 4.01 §8.5) and `…@bind` members.
//!
//! Only the places are found, so that all else in the body goes on as the client spelled it: numbers with their digits, members
//! in their order.

use std::{borrow::Cow, iter, ops::Range};

use serde::de::IgnoredAny;

/// The JSON document in a body, where it may refer to something.
pub(super) fn document_in(body: &[u8]) -> Option<&str> {
    let may_bind = body.windows(5).any(|window| window == b"bind\"");
    let text = std::str::from_utf8(body).ok().filter(|_| may_bind)?;
    serde_json::from_str::<IgnoredAny>(text).ok().map(|_| text)
}

/// The strings in a document by which it refers to resources, with their quotes, in their order.
pub(super) fn in_document(document: &str) -> impl Iterator<Item = Range<usize>> {
    let (mut is_bound, mut before) = (false, 0);
    strings(document).filter(move |span| {
        // A member that binds has one string, or an array of them.
        is_bound &= !document[before..span.start].contains(['{', '}', ']']);
        before = span.end;
        let is_name = document[span.end..].trim_ascii_start().starts_with(':');
        if is_name {
            is_bound = binds(&document[span.clone()]);
        }
        is_bound && !is_name
    })
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
    }

    #[test]
    fn what_stands_beside_or_below_them_is_not() {
        for document in [
            r#"{"b@bind":null,"c":"x"}"#,
            r#"[{"b@bind":1},"x"]"#,
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
}
