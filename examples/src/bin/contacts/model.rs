//! Contacts, groups of them, and the names of groups.

use std::{collections::BTreeMap, fmt};

use etag_axum::Exchange;
use etag_core::{ModelId, Versioned};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::switches::GroupNames;

/// One value of a field: an object whose members are the client's.
pub(crate) type FieldValue = Map<String, Value>;

/// A contact: all that there is of a person here.
#[derive(Clone, Debug, Serialize, Deserialize, Versioned)]
#[versioned(collection = "people", validator = revision)]
pub(crate) struct Contact {
    #[versioned(id)]
    pub(crate) id: ContactId,
    /// The values of each field that has some, by the names that masks give them.
    pub(crate) fields: BTreeMap<String, Vec<FieldValue>>,
}

impl Contact {
    /// One of which nothing is known.
    pub(crate) fn new(id: ContactId) -> Self {
        Self { id, fields: BTreeMap::new() }
    }
}

/// The number of a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ModelId)]
#[serde(transparent)]
pub(crate) struct ContactId(u64);

impl From<u64> for ContactId {
    fn from(number: u64) -> Self {
        Self(number)
    }
}

impl ContactId {
    /// A number that no contact has.
    pub(crate) fn draw(exchange: &Exchange) -> Self {
        Self(u64::from_be_bytes(exchange.environment().random_bytes()) >> 1)
    }

    /// The contact with this resource name.
    pub(crate) fn of_resource_name(name: &str) -> Option<Self> {
        Self::of_name(name.strip_prefix("people/")?)
    }

    /// The contact that is the last segment of its resource name.
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        Self::parse(name.strip_prefix('c')?).ok()
    }

    /// The id of its source.
    pub(crate) fn source_id(self) -> String {
        format!("{:x}", self.0)
    }
}

impl fmt::Display for ContactId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "people/c{}", self.0)
    }
}

/// A named group of contacts, whose members know of it, not it of them.
#[derive(Clone, Debug, Serialize, Deserialize, Versioned)]
#[versioned(collection = "contact-groups", validator = revision)]
pub(crate) struct ContactGroup {
    #[versioned(id)]
    pub(crate) id: String,
    pub(crate) name: String,
}

impl ContactGroup {
    /// Its resource name.
    pub(crate) fn resource_name(&self) -> String {
        format!("contactGroups/{}", self.id)
    }
}

/// A name that a group has: written and deleted with it, so that no two groups have one name.
#[derive(Clone, Debug, Serialize, Deserialize, Versioned)]
#[versioned(collection = "contact-group-names", validator = revision)]
pub(crate) struct GroupName {
    #[versioned(id)]
    pub(crate) id: String,
    pub(crate) group: String,
}

impl GroupName {
    /// What two names that are one have in common.
    pub(crate) fn id_of(name: &str, names: GroupNames) -> String {
        match names {
            GroupNames::IgnoringCase => name.trim().to_lowercase(),
            GroupNames::Exact => name.to_owned(),
        }
    }
}
