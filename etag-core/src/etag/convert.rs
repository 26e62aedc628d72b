//! `ETag` to and from text, serde and `http`.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Visitor};
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{ETag, InvalidETag};

/// Reads the wire form, quotes included.
impl FromStr for ETag {
    type Err = InvalidETag;

    fn from_str(wire: &str) -> Result<Self, InvalidETag> {
        Self::parse(wire.as_bytes())
    }
}

impl TryFrom<&str> for ETag {
    type Error = InvalidETag;

    fn try_from(wire: &str) -> Result<Self, InvalidETag> {
        wire.parse()
    }
}

impl AsRef<[u8]> for ETag {
    fn as_ref(&self) -> &[u8] {
        self.as_bytes()
    }
}

/// As a string in wire form. A tag that is not UTF-8 cannot be serialised.
impl Serialize for ETag {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.to_str() {
            Some(wire) => serializer.serialize_str(wire),
            None => Err(S::Error::custom(format_args!(
                "the entity tag {self} is not UTF-8 and has no form as a string; store its bytes"
            ))),
        }
    }
}

/// From a string in wire form.
impl<'de> Deserialize<'de> for ETag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(WireVisitor)
    }
}

struct WireVisitor;

impl Visitor<'_> for WireVisitor {
    type Value = ETag;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an entity tag with its quotes, as in \"1\" or W/\"1\"")
    }

    fn visit_str<E: de::Error>(self, wire: &str) -> Result<ETag, E> {
        wire.parse().map_err(|invalid| E::custom(format_args!("not an entity tag: {invalid}")))
    }
}

#[cfg(feature = "http")]
impl From<&ETag> for http::HeaderValue {
    fn from(tag: &ETag) -> Self {
        let value = match &tag.0 {
            super::wire::Wire::Inline { .. } => Self::from_bytes(tag.as_bytes()),
            super::wire::Wire::Shared(wire) => Self::from_maybe_shared(wire.clone()),
        };
        value.expect("every etagc is a field-vchar or obs-text")
    }
}

#[cfg(feature = "http")]
impl From<ETag> for http::HeaderValue {
    fn from(tag: ETag) -> Self {
        Self::from(&tag)
    }
}
