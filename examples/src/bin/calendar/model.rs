//! What is kept: calendars, what is in them, and the settings of their owner.

use etag_core::{Content, Versioned};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A calendar, and how its owner lists it. Both are one resource with one tag.
#[derive(Clone, Debug, Serialize, Deserialize, Versioned)]
#[versioned(collection = "calendars", validator = revision)]
pub(crate) struct Calendar {
    /// An address.
    #[versioned(id)]
    pub(crate) id: String,
    /// What its owners may write.
    pub(crate) fields: Fields,
    /// What is said of it in the list of calendars, where it is in there.
    pub(crate) listed: Option<Fields>,
}

/// An event. It stays when it is deleted, as cancelled, so that its id never comes again.
#[derive(Clone, Debug, Serialize, Deserialize, Versioned)]
#[versioned(collection = "events", validator = revision)]
pub(crate) struct Event {
    /// The calendar and the event's id.
    #[versioned(id)]
    pub(crate) key: String,
    /// The calendar that it is in, whose own tag tells nothing of it.
    #[versioned(parent(Calendar, touch = none, on_delete = cascade, cascade = unseen))]
    pub(crate) calendar_id: String,
    /// Its id in that calendar.
    pub(crate) id: String,
    /// Its id for all calendars of the world (RFC 5545 §3.8.4.7).
    pub(crate) ical_uid: String,
    /// What its editors may write.
    pub(crate) fields: Fields,
}

/// Who may do what with a calendar. A rule that is withdrawn stays, with the role `none`.
#[derive(Clone, Debug, Serialize, Deserialize, Versioned)]
#[versioned(collection = "rules", validator = revision)]
pub(crate) struct Rule {
    /// The calendar and the rule's id.
    #[versioned(id)]
    pub(crate) key: String,
    /// The calendar that it is about.
    #[versioned(parent(Calendar, touch = none, on_delete = cascade, cascade = unseen))]
    pub(crate) calendar_id: String,
    /// Its id for that calendar, made of its scope.
    pub(crate) id: String,
    /// Scope and role.
    pub(crate) fields: Fields,
}

/// A setting of the owner, which no request changes.
#[derive(Clone, Debug, Serialize, Deserialize, Versioned)]
#[versioned(collection = "settings", validator = revision)]
pub(crate) struct Setting {
    /// Its name.
    #[versioned(id)]
    pub(crate) id: String,
    /// What it is set to.
    pub(crate) fields: Fields,
}

/// Members of a JSON object that clients may write.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Content)]
#[serde(transparent)]
pub(crate) struct Fields(pub(crate) Map<String, Value>);

impl Fields {
    /// The text of a member; empty where there is none.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// The same, but for one text.
    pub(crate) fn with(&self, name: &str, text: &str) -> Self {
        let mut fields = self.0.clone();
        fields.insert(name.to_owned(), text.into());
        Self(fields)
    }
}

impl Event {
    /// Whether it was deleted.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.fields.text("status") == "cancelled"
    }

    /// What is left of it when it is deleted.
    pub(crate) fn cancelled(&self) -> Self {
        Self { fields: self.fields.with("status", "cancelled"), ..self.clone() }
    }
}
