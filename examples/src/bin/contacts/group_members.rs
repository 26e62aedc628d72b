//! Who is in a group: contacts know it, and change with it.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use etag_axum::{Change, DialectJson, Exchange, Refused};
use etag_core::{Error, RefusalKind, Scan, Snapshot, Store, StoreExt as _, Versioned as _, WriteKind};
use serde::Deserialize;
use serde_json::json;

use crate::{
    groups::{self, legal_id},
    model::{Contact, ContactGroup, ContactId, FieldValue},
    people,
    person::group_of,
    switches::{GroupNames, Groups, SecondJoin, Switches},
};

/// The field that says what groups a contact is in.
const MEMBERSHIPS: &str = "memberships";

/// How many contacts are looked at in one go.
const PAGE: usize = 1000;

/// The most members that one request may add and remove.
const MOST: usize = 1000;

#[derive(Deserialize)]
#[serde(default, rename_all = "camelCase")]
#[derive(Default)]
pub(crate) struct Modification {
    resource_names_to_add: Vec<String>,
    resource_names_to_remove: Vec<String>,
}

/// What becomes of a contact's membership.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Membership {
    Joins,
    Leaves,
    GoesWithTheGroup,
}

/// `POST /v1/contactGroups/{id}/members:modify`
pub(crate) async fn modify(
    exchange: Exchange,
    State(switches): State<Arc<Switches>>,
    Path(id): Path<String>,
    DialectJson(wanted): DialectJson<Modification>,
) -> Result<Response, Refused> {
    let group = exchange.get::<ContactGroup>(&legal_id(&id)?).await?;
    let joining = wanted.resource_names_to_add.iter().map(|name| (name, Membership::Joins));
    let leaving = wanted.resource_names_to_remove.iter().map(|name| (name, Membership::Leaves));
    let (mut found, mut not_found) = (Vec::new(), Vec::new());
    for (name, membership) in joining.chain(leaving) {
        match find(&exchange, name).await? {
            Some(contact) if is_changed(&contact, &group, membership, switches.groups) => {
                found.push((contact.id, membership));
            }
            Some(_) => {}
            None => not_found.push(name),
        }
    }
    if found.len() > MOST {
        return Err(Refused::invalid(format!("At most {MOST} members can be changed at once.")));
    }
    let change = |at: usize, exchange: Exchange| change_one(exchange, &group, found[at]);
    exchange.together(found.len(), change).await?;
    Ok(Json(json!({ "notFoundResourceNames": not_found })).into_response())
}

/// Deletes a group, and all its members leave it or go with it.
pub(crate) async fn remove_all(
    exchange: &Exchange,
    group: &ContactGroup,
    members: &[ContactId],
    membership: Membership,
    names: GroupNames,
) -> Result<(), Refused> {
    let remove = |at: usize, exchange: Exchange| async move {
        match members.get(at) {
            Some(member) => change_one(exchange, group, (*member, membership)).await,
            None => groups::delete_one(&exchange, &group.id, names).await,
        }
    };
    exchange.together(members.len() + 1, remove).await?;
    Ok(())
}

/// The members of each group, by its resource name.
pub(crate) async fn members(store: &dyn Store) -> Result<BTreeMap<String, Vec<ContactId>>, Error> {
    let mut members = BTreeMap::<_, Vec<_>>::new();
    for contact in store.list_all::<Contact>(&Scan::new(Contact::MODEL.collection, PAGE)).await? {
        for group in memberships(&contact).filter_map(group_of) {
            members.entry(group.to_owned()).or_default().push(contact.id);
        }
    }
    Ok(members)
}

async fn find(exchange: &Exchange, name: &str) -> Result<Option<Snapshot<Contact>>, Refused> {
    match ContactId::of_resource_name(name) {
        Some(id) => exchange.find(&id).await,
        None => Ok(None),
    }
}

async fn change_one(
    exchange: Exchange,
    group: &ContactGroup,
    (id, membership): (ContactId, Membership),
) -> Result<(), Refused> {
    if membership == Membership::GoesWithTheGroup {
        return people::delete_one(&exchange, Some(id)).await;
    }
    let change = |state: Option<&Snapshot<Contact>>| {
        let contact = state.ok_or(RefusalKind::NotFound)?.value().clone();
        Ok(Change::put(if membership == Membership::Joins { with(contact, group) } else { without(contact, group) }))
    };
    exchange.write::<Contact>(WriteKind::Action, &id).run(change).await?;
    Ok(())
}

/// Whether there is something to write.
fn is_changed(contact: &Contact, group: &ContactGroup, membership: Membership, groups: Groups) -> bool {
    match membership {
        Membership::Joins => groups.second_join == SecondJoin::Written || !is_in(contact, group),
        Membership::Leaves | Membership::GoesWithTheGroup => is_in(contact, group),
    }
}

fn memberships(contact: &Contact) -> impl Iterator<Item = &FieldValue> {
    contact.fields.get(MEMBERSHIPS).into_iter().flatten()
}

fn is_in(contact: &Contact, group: &ContactGroup) -> bool {
    let name = group.resource_name();
    memberships(contact).any(|membership| group_of(membership) == Some(&name))
}

fn with(contact: Contact, group: &ContactGroup) -> Contact {
    let mut contact = without(contact, group);
    let of_group = json!({ "contactGroupId": group.id, "contactGroupResourceName": group.resource_name() });
    let membership = FieldValue::from_iter([("contactGroupMembership".to_owned(), of_group)]);
    contact.fields.entry(MEMBERSHIPS.to_owned()).or_default().push(membership);
    contact
}

fn without(mut contact: Contact, group: &ContactGroup) -> Contact {
    let name = group.resource_name();
    if let Some(memberships) = contact.fields.get_mut(MEMBERSHIPS) {
        memberships.retain(|membership| group_of(membership) != Some(&name));
    }
    contact.fields.retain(|_, values| !values.is_empty());
    contact
}
