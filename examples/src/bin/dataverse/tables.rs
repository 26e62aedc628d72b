//! The tables: a struct for each, and how they refer to one another.

use etag_core::{Document, Versioned};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A company.
#[derive(Clone, Debug, Serialize, Deserialize, Versioned)]
#[versioned(collection = "accounts", validator = revision)]
pub(crate) struct Account {
    #[versioned(id)]
    accountid: Uuid,
    name: Option<String>,
    accountnumber: Option<String>,
    description: Option<String>,
    emailaddress1: Option<String>,
    telephone1: Option<String>,
    numberofemployees: Option<i64>,
    revenue: Option<f64>,
    creditonhold: Option<bool>,
    #[serde(rename = "_primarycontactid_value")]
    primarycontactid: Option<Uuid>,
    #[versioned(created)]
    createdon: Timestamp,
    #[versioned(modified)]
    modifiedon: Timestamp,
    #[versioned(revision)]
    versionnumber: u64,
}

/// A person, maybe of a company.
#[derive(Clone, Debug, Serialize, Deserialize, Versioned)]
#[versioned(collection = "contacts", validator = revision)]
pub(crate) struct Contact {
    #[versioned(id)]
    contactid: Uuid,
    firstname: Option<String>,
    lastname: Option<String>,
    fullname: Option<String>,
    emailaddress1: Option<String>,
    telephone1: Option<String>,
    #[serde(rename = "_parentcustomerid_value")]
    #[versioned(parent(Account, touch = none, on_delete = detach))]
    parentcustomerid: Option<Uuid>,
    #[versioned(created)]
    createdon: Timestamp,
    #[versioned(modified)]
    modifiedon: Timestamp,
    #[versioned(revision)]
    versionnumber: u64,
}

/// A note: the table whose rows can't be compared by their versions, unless a flag names others.
#[derive(Clone, Debug, Serialize, Deserialize, Versioned)]
#[versioned(collection = "annotations", validator = revision)]
pub(crate) struct Annotation {
    #[versioned(id)]
    annotationid: Uuid,
    subject: Option<String>,
    notetext: Option<String>,
    #[versioned(created)]
    createdon: Timestamp,
    #[versioned(modified)]
    modifiedon: Timestamp,
    #[versioned(revision)]
    versionnumber: u64,
}

/// A model whose fields are columns.
pub(crate) trait Table: Document<Id = Uuid> + Clone {
    /// Its name in metadata and messages.
    const LOGICAL_NAME: &'static str;
    /// Its id in metadata.
    const METADATA_ID: &'static str;
    /// The rows that its rows refer to, or that refer to them.
    const NAVIGATIONS: &'static [Navigation];

    /// The name of its key column.
    fn key_column() -> &'static str {
        Self::MODEL.id_field().map_or("id", |field| field.name)
    }

    /// The navigation property with this name.
    fn navigation(name: &str) -> Option<&'static Navigation> {
        Self::NAVIGATIONS.iter().find(|navigation| navigation.name == name)
    }

    /// The lookup that this column holds.
    fn lookup_in(column: &str) -> Option<&'static Navigation> {
        Self::NAVIGATIONS.iter().find(|navigation| navigation.by == By::Column(column))
    }
}

/// A navigation property.
pub(crate) struct Navigation {
    pub(crate) name: &'static str,
    /// The table that it leads to.
    pub(crate) to: Set,
    pub(crate) by: By<'static>,
}

/// How a navigation property finds its rows.
#[derive(PartialEq)]
pub(crate) enum By<'a> {
    /// By the id in this column.
    Column(&'a str),
    /// By the link with this name, by which they name the row as their parent.
    Link(&'a str),
}

/// An entity set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Set {
    Accounts,
    Contacts,
    Annotations,
}

impl Set {
    /// The set that a path names.
    pub(crate) fn named(name: &str) -> Option<Self> {
        [Self::Accounts, Self::Contacts, Self::Annotations].into_iter().find(|set| set.name() == name)
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Accounts => Account::MODEL.collection,
            Self::Contacts => Contact::MODEL.collection,
            Self::Annotations => Annotation::MODEL.collection,
        }
    }

    pub(crate) fn logical_name(self) -> &'static str {
        match self {
            Self::Accounts => Account::LOGICAL_NAME,
            Self::Contacts => Contact::LOGICAL_NAME,
            Self::Annotations => Annotation::LOGICAL_NAME,
        }
    }
}

impl Table for Account {
    const LOGICAL_NAME: &'static str = "account";
    const METADATA_ID: &'static str = "70816501-edb9-4740-a16c-6a5efbc05d84";
    const NAVIGATIONS: &'static [Navigation] = &[
        Navigation { name: "primarycontactid", to: Set::Contacts, by: By::Column("_primarycontactid_value") },
        Navigation { name: "contact_customer_accounts", to: Set::Contacts, by: By::Link("account") },
    ];
}

impl Table for Contact {
    const LOGICAL_NAME: &'static str = "contact";
    const METADATA_ID: &'static str = "608861bc-50a4-4c5f-a02c-21fe1943e2cf";
    const NAVIGATIONS: &'static [Navigation] = &[Navigation {
        name: "parentcustomerid_account",
        to: Set::Accounts,
        by: By::Column("_parentcustomerid_value"),
    }];
}

impl Table for Annotation {
    const LOGICAL_NAME: &'static str = "annotation";
    const METADATA_ID: &'static str = "c6563e3c-f0ac-4b0d-93fc-da41c6e35de4";
    const NAVIGATIONS: &'static [Navigation] = &[];
}
