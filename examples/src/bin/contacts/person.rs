//! Persons as clients send them and as they are sent to clients.

use std::collections::BTreeMap;

use axum::response::Response;
use etag_axum::{Exchange, Refused, Representation, Stored};
use etag_core::{ETag, Head, Refusal, RefusalKind};
use http::StatusCode;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json, value::RawValue};

use crate::{
    dialect::{named_by_person, named_by_source, source_tag},
    error_format::STALE_SOURCE,
    masks::{Mask, SINGLETONS, is_member},
    model::{Contact, ContactId, FieldValue},
    switches::{Bodies, Tags, UnknownMembers},
};

/// A person as a client sends it. What the service does not know is not looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PersonBody {
    etag: Option<String>,
    metadata: Option<MetadataBody>,
    #[serde(flatten)]
    members: Map<String, Value>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct MetadataBody {
    sources: Vec<SourceBody>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SourceBody {
    r#type: String,
    etag: Option<String>,
}

impl PersonBody {
    /// The state that it was made from, as its author says: by the tag of the person, or else by that of the source.
    pub(crate) fn named(&self, tags: Tags) -> Option<ETag> {
        let of_source = self.source_tag().map(named_by_source);
        if tags.require_source_etag && of_source.is_none() {
            return None;
        }
        self.person_tag().map(named_by_person).or(of_source)
    }

    /// Refuses a tag of the source that is not the current one, where the tag of the person is.
    pub(crate) fn demand_current_source(&self, current: &Head) -> Result<(), Refused> {
        match self.source_tag() {
            Some(tag) if tag != source_tag(current) => {
                Err(Refusal::new(RefusalKind::Stale).saying(STALE_SOURCE).into())
            }
            _ => Ok(()),
        }
    }

    /// What a refusal says to whoever named the state by the tag of the source.
    pub(crate) fn explain(&self, mut refused: Refused) -> Refused {
        if refused.0.kind == RefusalKind::Stale && self.person_tag().is_none() {
            refused.0 = Box::new(refused.0.saying(STALE_SOURCE));
        }
        refused
    }

    /// Refuses a member that a person does not have, where that matters.
    pub(crate) fn demand_known(&self, bodies: Bodies) -> Result<(), Refused> {
        let unknown = self.members.keys().find(|name| !is_member(name));
        match unknown.filter(|_| bodies.unknown_members == UnknownMembers::Refused) {
            None => Ok(()),
            Some(name) => {
                let message = "Invalid JSON payload received. Unknown name";
                Err(Refused::invalid(format!("{message} \"{name}\" at 'person': Cannot find field.")))
            }
        }
    }

    /// The contact, with the fields of the mask as they are here.
    ///
    /// # Errors
    /// A field that is not of the right shape, or has more values than it may, or fewer.
    pub(crate) fn applied_to(&self, contact: &Contact, mask: &Mask) -> Result<Contact, Refused> {
        let mut contact = contact.clone();
        for path in mask.paths() {
            contact.fields.remove(path);
            let values = self.values(path)?;
            if !values.is_empty() {
                contact.fields.insert(path.to_owned(), values);
            }
        }
        Ok(contact)
    }

    /// Refuses a person that would be in no group.
    pub(crate) fn demand_group(&self, mask: &Mask) -> Result<(), Refused> {
        if !mask.has("memberships") || self.values("memberships")?.iter().any(|value| group_of(value).is_some()) {
            return Ok(());
        }
        Err(Refused::invalid("Request must have at least one contact group membership."))
    }

    fn values(&self, path: &str) -> Result<Vec<FieldValue>, Refused> {
        let values = self.members.get(path).filter(|values| !values.is_null());
        let values = values.map_or_else(|| Ok(Vec::new()), Vec::<FieldValue>::deserialize);
        let values = values
            .map_err(|_| Refused::invalid(format!("Invalid value at 'person.{path}': send a list of objects")))?;
        if values.len() > 1 && SINGLETONS.contains(&path) {
            return Err(Refused::invalid(format!("Cannot have more than one person.{path} per source.")));
        }
        Ok(values.into_iter().map(|value| without_what_is_derived(path, value)).collect())
    }

    fn person_tag(&self) -> Option<&str> {
        self.etag.as_deref().filter(|tag| !tag.is_empty())
    }

    fn source_tag(&self) -> Option<&str> {
        let mut sources = self.metadata.iter().flat_map(|metadata| &metadata.sources);
        let contact = sources.find(|source| source.r#type == "CONTACT")?;
        contact.etag.as_deref().filter(|tag| !tag.is_empty())
    }
}

/// The group that a membership is of.
pub(crate) fn group_of(membership: &FieldValue) -> Option<&str> {
    membership.get("contactGroupMembership")?.get("contactGroupResourceName")?.as_str()
}

fn without_what_is_derived(path: &str, mut value: FieldValue) -> FieldValue {
    value.remove("metadata");
    if path == "names" {
        value.remove("displayName");
        value.remove("displayNameLastFirst");
    }
    value
}

/// The answer that is a contact.
pub(crate) fn answer(exchange: Exchange, state: &Stored<Contact>, mask: &Mask) -> Result<Response, Refused> {
    exchange.selecting(mask.selection()).answer(StatusCode::OK, state, members(state, mask)?)
}

/// A contact as it is sent, with the tag of what the exchange selects.
pub(crate) fn person(exchange: &Exchange, state: &Stored<Contact>, mask: &Mask) -> Result<Representation, Refused> {
    exchange.represent(state, members(state, mask)?)
}

/// What is sent of a contact: values as they are stored.
#[derive(Deserialize)]
struct Sent<'a> {
    id: ContactId,
    #[serde(borrow)]
    fields: BTreeMap<&'a str, Vec<&'a RawValue>>,
}

/// The fields of the mask, each value with where it is from.
fn members(state: &Stored<Contact>, mask: &Mask) -> Result<Representation, Refused> {
    let contact = state.view::<Sent<'_>>()?;
    let source_id = contact.id.source_id();
    let mut person = Representation::new().with("resourceName", &contact.id.to_string())?;
    if mask.has("metadata") {
        let source = json!({
            "type": "CONTACT",
            "id": source_id,
            "etag": source_tag(state.head()),
            "updateTime": update_time(state.head()),
        });
        person = person.with("metadata", &json!({ "sources": [source], "objectType": "PERSON" }))?;
    }
    for (path, values) in contact.fields.iter().filter(|(path, _)| mask.has(path)) {
        let values = values.iter().enumerate().map(|(place, value)| sent_value(&source_id, path, place, value));
        person = person.with_list(path, values.collect::<Result<Vec<_>, _>>()?)?;
    }
    Ok(person)
}

fn sent_value(source_id: &str, path: &str, place: usize, value: &RawValue) -> Result<Representation, Refused> {
    let metadata = json!({ "primary": place == 0, "source": { "type": "CONTACT", "id": source_id } });
    let mut sent = Representation::new().with("metadata", &metadata)?.with_all(value)?;
    if path == "names" {
        for (member, text) in display_names(&FieldValue::deserialize(value).unwrap_or_default()) {
            sent = sent.with(member, &text)?;
        }
    }
    Ok(sent)
}

/// What the service makes of the parts of a name.
fn display_names(name: &FieldValue) -> impl Iterator<Item = (&'static str, String)> {
    let part = |member: &str| name.get(member).and_then(Value::as_str).unwrap_or_default();
    let joined =
        |parts: &[&str], by| parts.iter().copied().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(by);
    let (given, family) = (joined(&[part("givenName"), part("middleName")], " "), part("familyName"));
    let in_order = joined(&[part("honorificPrefix"), &given, family, part("honorificSuffix")], " ");
    let last_first = joined(&[family, &given], ", ");
    let or_unstructured = |text: String| if text.is_empty() { part("unstructuredName").to_owned() } else { text };
    let names = [("displayName", or_unstructured(in_order)), ("displayNameLastFirst", or_unstructured(last_first))];
    names.into_iter().filter(|(_, text)| !text.is_empty())
}

/// When a state was written, as text.
pub(crate) fn update_time(head: &Head) -> String {
    Timestamp::try_from(head.modified_at).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
}
