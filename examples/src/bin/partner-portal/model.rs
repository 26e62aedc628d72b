//! What a publisher offers.

use std::sync::Arc;

use etag_core::{Content, InvalidId, ModelId, Versioned};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::workflow::{Operation, Status};

/// The longest name.
const MOST_LETTERS: usize = 50;

/// An offer's place: `/publishers/{publisher}/offers/{offer}`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Content)]
pub(crate) struct OfferId {
    pub(crate) publisher: Name,
    pub(crate) offer: Name,
}

/// The name of a publisher or an offer: letters, digits, hyphens and underscores.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Content)]
#[serde(try_from = "String")]
pub(crate) struct Name(pub(crate) String);

impl TryFrom<String> for Name {
    type Error = InvalidId;

    fn try_from(text: String) -> Result<Self, InvalidId> {
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        let fits = (1..=MOST_LETTERS).contains(&text.len());
        if fits && text.bytes().all(is_name) { Ok(Self(text)) } else { Err(InvalidId::new(OfferId::EXPECTED, &text)) }
    }
}

impl ModelId for OfferId {
    const EXPECTED: &'static str = "a name of letters, digits, hyphens and underscores";

    fn to_text(&self) -> Arc<str> {
        format!("{}/{}", self.publisher.0, self.offer.0).into()
    }

    fn parse(text: &str) -> Result<Self, InvalidId> {
        let (publisher, offer) = text.split_once('/').ok_or_else(|| InvalidId::new(Self::EXPECTED, text))?;
        Ok(Self { publisher: publisher.to_owned().try_into()?, offer: offer.to_owned().try_into()? })
    }
}

/// An offer: its draft, which PUT writes, and what became of it.
#[derive(Clone, Debug, Serialize, Deserialize, Versioned)]
#[versioned(collection = "offers", validator = revision)]
pub(crate) struct Offer {
    #[versioned(id)]
    pub(crate) id: OfferId,
    /// What the publisher says of it.
    pub(crate) draft: Draft,
    pub(crate) status: Status,
    /// 1 at first, and 1 more with each publish.
    pub(crate) version: u32,
    /// The version in the slot `preview`.
    pub(crate) preview: Option<u32>,
    /// The version in the slot `production`.
    pub(crate) production: Option<u32>,
    /// The last operations, the newest last.
    pub(crate) operations: Vec<Operation>,
    /// How many looks are still to see the last operation running.
    pub(crate) looks_left: u32,
}

/// What a publisher says of an offer. Other members of a body are the server's, or nobody's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Content)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Draft {
    #[serde(default)]
    pub(crate) offer_type_id: String,
    #[serde(default)]
    pub(crate) offer_type_versions: Map<String, Value>,
    pub(crate) definition: Map<String, Value>,
}

impl Draft {
    pub(crate) fn has_plans(&self) -> bool {
        self.definition.get("plans").and_then(Value::as_array).is_some_and(|plans| !plans.is_empty())
    }
}

/// The draft that a publish took.
#[derive(Clone, Debug, Serialize, Deserialize, Versioned)]
#[versioned(collection = "releases", validator = revision)]
pub(crate) struct Release {
    #[versioned(id)]
    pub(crate) id: String,
    pub(crate) draft: Draft,
}

impl Release {
    pub(crate) fn id_of(offer: &str, version: u32) -> String {
        format!("{offer}/{version}")
    }
}
