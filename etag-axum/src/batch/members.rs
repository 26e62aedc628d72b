//! JSON objects as they were written: every member, also one that comes twice.

use std::{collections::HashSet, fmt};

use serde::{
    Deserialize,
    de::{Deserializer, MapAccess, Visitor},
};
use serde_json::value::RawValue;

/// The members of an object in their order, with values that have not been looked at.
pub(super) struct Members<'d>(pub(super) Vec<(String, &'d RawValue)>);

impl<'d> Members<'d> {
    /// Those of `value`, where it is an object.
    pub(super) fn of(value: &'d RawValue) -> Option<Self> {
        serde_json::from_str(value.get()).ok()
    }

    /// The names that come a second time: which of the two counts would be a matter of luck.
    pub(super) fn repeated(&self) -> impl Iterator<Item = &str> {
        let mut seen = HashSet::new();
        self.0.iter().map(|(name, _)| name.as_str()).filter(move |name| !seen.insert(*name))
    }
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(InOrder).map(Self)
    }
}

struct InOrder;

impl<'de> Visitor<'de> for InOrder {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(members)
    }
}
