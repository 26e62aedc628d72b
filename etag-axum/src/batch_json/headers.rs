//! Headers as the members of an object.

use std::fmt;

use etag_core::BatchSyntaxError;
use http::{HeaderName, HeaderValue, header};
use serde::{
    Deserialize, Serialize,
    de::{Deserializer, MapAccess, Visitor},
    ser::{SerializeMap as _, Serializer},
};

use super::place::Place;

/// The most headers of one item.
const MOST_HEADERS: usize = 100;

/// Headers in the order in which they stand there.
#[derive(Debug, Default)]
pub(super) struct Headers(Vec<(String, String)>);

impl Headers {
    /// Those that can be headers, each once.
    ///
    /// # Errors
    /// Where a name or a value is none, a name comes twice, or there are too many.
    pub(super) fn checked(self, place: Place) -> Result<Vec<(String, String)>, BatchSyntaxError> {
        if self.0.len() > MOST_HEADERS {
            return Err(place.error(&["headers"], format_args!("has more than {MOST_HEADERS} members")));
        }
        for (index, (name, value)) in self.0.iter().enumerate() {
            let wrong = |flaw| Err(place.error(&["headers", name], flaw));
            if HeaderName::from_bytes(name.as_bytes()).is_err() {
                return wrong("is no name of a header");
            }
            if HeaderValue::from_bytes(value.as_bytes()).is_err() {
                return wrong("has control characters; send one line of text");
            }
            if find(&self.0[..index], name).is_some() {
                return wrong("comes twice; send one value, with commas where there are more");
            }
        }
        Ok(self.0)
    }
}

fn find<'h>(headers: &'h [(String, String)], name: &str) -> Option<&'h str> {
    headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

/// What the headers say of the body's type.
pub(super) fn content_type(headers: &[(String, String)]) -> Option<&str> {
    find(headers, header::CONTENT_TYPE.as_str())
}

impl<'de> Deserialize<'de> for Headers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(InOrder).map(Self)
    }
}

struct InOrder;

impl<'de> Visitor<'de> for InOrder {
    type Value = Vec<(String, String)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with a string for each header")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut headers = Vec::new();
        while let Some(header) = map.next_entry()? {
            headers.push(header);
        }
        Ok(headers)
    }
}

/// Headers to write, each name once (RFC 9110 §5.3).
#[derive(Debug)]
pub(super) struct Joined<'h>(Vec<(&'h str, String)>);

impl<'h> Joined<'h> {
    pub(super) fn of(headers: &'h [(String, String)]) -> Self {
        let mut joined: Vec<(&str, String)> = Vec::with_capacity(headers.len());
        for (name, value) in headers {
            match joined.iter_mut().find(|(own, _)| own.eq_ignore_ascii_case(name)) {
                Some((_, values)) => values.extend([", ", value]),
                None => joined.push((name, value.clone())),
            }
        }
        Self(joined)
    }
}

impl Serialize for Joined<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        self.0.iter().try_for_each(|(name, value)| map.serialize_entry(name, value))?;
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Place = Place { list: "requests", index: 0 };

    fn checked(json: &str) -> Result<Vec<(String, String)>, String> {
        let headers: Headers = serde_json::from_str(json).unwrap();
        headers.checked(HERE).map_err(|error| error.to_string())
    }

    #[test]
    fn headers_keep_their_order() {
        let headers = checked(r#"{"b": "1", "A": "é", "c": ""}"#).unwrap();
        let names: Vec<_> = headers.iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(names, ["b=1", "A=é", "c="]);
    }

    #[test]
    fn what_is_no_header_is_refused() {
        assert_eq!(checked(r#"{"a b": "1"}"#).unwrap_err(), "/requests/0/headers/a b: is no name of a header");
        assert!(checked(r#"{"a": "1\r\nb: 2"}"#).unwrap_err().contains("control characters"));
        assert!(checked(r#"{"a": "1", "A": "2"}"#).unwrap_err().starts_with("/requests/0/headers/A: comes twice"));
        let many: Vec<_> = (0..=MOST_HEADERS).map(|number| format!(r#""h{number}": """#)).collect();
        assert!(checked(&format!("{{{}}}", many.join(","))).unwrap_err().contains("more than 100"));
    }

    #[test]
    fn lines_of_one_header_are_joined() {
        let headers = [("A", "1"), ("b", "2"), ("a", "3")].map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert_eq!(serde_json::to_string(&Joined::of(&headers)).unwrap(), r#"{"A":"1, 3","b":"2"}"#);
    }
}
