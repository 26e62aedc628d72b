//! The bodies of items (OData JSON Format 4.01 §19.1).

use std::borrow::Cow;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use bytes::Bytes;
use serde::Serialize;
use serde_json::value::RawValue;

/// How a body stands in the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BodyKind {
    /// As it is.
    Json,
    /// As a string.
    Text,
    /// As a string in base64url (RFC 4648 §5).
    Bytes,
}

impl BodyKind {
    /// That of a media type.
    pub(super) fn of(content_type: &str) -> Self {
        let essence = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if essence == "application/json" || essence.ends_with("+json") {
            Self::Json
        } else if essence.starts_with("text/") {
            Self::Text
        } else {
            Self::Bytes
        }
    }

    /// The body that `value`, which stands in `document`, is.
    ///
    /// # Errors
    /// What should stand there instead.
    pub(super) fn read(self, value: &RawValue, document: &Bytes) -> Result<Bytes, &'static str> {
        if self == Self::Json {
            return Ok(document.slice_ref(value.get().as_bytes()));
        }
        let text: Cow<'_, str> =
            serde_json::from_str(value.get()).map_err(|_| "must be a string, since its Content-Type is not JSON")?;
        match self {
            Self::Json | Self::Text => Ok(text.into_owned().into()),
            Self::Bytes => decoded(&text).ok_or("must be base64url, since its Content-Type is neither JSON nor text"),
        }
    }
}

/// Both alphabets of RFC 4648, with and without padding.
fn decoded(text: &str) -> Option<Bytes> {
    let text = text.trim_end_matches('=').replace('+', "-").replace('/', "_");
    BASE64_URL_SAFE_NO_PAD.decode(text).ok().map(Bytes::from)
}

/// A body to write.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Embedded<'b> {
    Json(&'b RawValue),
    Text(Cow<'b, str>),
}

impl<'b> Embedded<'b> {
    /// `body` as its type says, or as text where it is not what that says; none where it is empty.
    pub(super) fn of(content_type: Option<&str>, body: &'b [u8]) -> Option<Self> {
        if body.is_empty() {
            return None;
        }
        let text = || Self::Text(String::from_utf8_lossy(body));
        Some(match content_type.map_or(BodyKind::Json, BodyKind::of) {
            BodyKind::Json => serde_json::from_slice(body).map_or_else(|_| text(), Self::Json),
            BodyKind::Text => text(),
            BodyKind::Bytes => Self::Text(BASE64_URL_SAFE_NO_PAD.encode(body).into()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content_type: &str, json: &'static str) -> Result<Bytes, &'static str> {
        let document = Bytes::from(json);
        BodyKind::of(content_type).read(serde_json::from_slice(&document).unwrap(), &document)
    }

    fn written(content_type: Option<&str>, body: &[u8]) -> String {
        serde_json::to_string(&Embedded::of(content_type, body)).unwrap()
    }

    #[test]
    fn json_is_itself() {
        for content_type in
            ["application/json", "Application/JSON; odata.metadata=minimal", "application/merge-patch+json"]
        {
            assert_eq!(read(content_type, r#"{"a" : [1.0]}"#).unwrap(), r#"{"a" : [1.0]}"#);
            assert_eq!(read(content_type, r#""a""#).unwrap(), r#""a""#);
            assert_eq!(written(Some(content_type), br#" {"a" : [1.0]} "#), r#"{"a" : [1.0]}"#);
        }
    }

    #[test]
    fn text_is_a_string() {
        assert_eq!(read("text/plain", r#""a\n\u00e9""#).unwrap(), "a\né");
        assert_eq!(written(Some("text/plain; charset=utf-8"), "a\né".as_bytes()), r#""a\né""#);
        assert!(read("text/plain", "{}").unwrap_err().contains("must be a string"));
    }

    #[test]
    fn all_else_is_base64url() {
        assert_eq!(written(Some("image/png"), b"\xff\xef\x01"), r#""_-8B""#);
        for text in [r#""_-8B""#, r#""/+8B""#] {
            assert_eq!(read("image/png", text).unwrap(), &b"\xff\xef\x01"[..]);
        }
        assert_eq!(read("image/png", r#""AA==""#).unwrap(), &b"\0"[..]);
        assert!(read("image/png", r#""no!""#).unwrap_err().contains("must be base64url"));
    }

    #[test]
    fn a_body_that_is_not_what_it_says_is_text() {
        assert_eq!(written(Some("application/json"), b"{\"a\""), r#""{\"a\"""#);
        assert_eq!(written(None, b"oh"), r#""oh""#);
        assert_eq!(written(None, b"[1]"), "[1]");
        assert_eq!(written(Some("application/json"), b""), "null");
    }
}
