//! Requests that are about several contacts. Those that write do all, or nothing.

use std::collections::BTreeMap;

use axum::{
    Extension, Json,
    extract::Query,
    response::{IntoResponse as _, Response},
};
use etag_axum::{DialectJson, Exchange, NoneDone, Refused};
use etag_core::{RefusalKind, Snapshot};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{
    error_format::{body, message, number},
    masks::{Mask, invalid},
    model::{Contact, ContactId},
    people::{create_one, delete_one, nothing, update_one},
    person::{PersonBody, person},
    query::Params,
    service::Service,
};

/// The most contacts that one request may read, create or change.
const MOST: usize = 200;

/// The most that one may delete.
const MOST_DELETED: usize = 500;

/// `GET /v1/people:batchGet`
pub(crate) async fn get(
    exchange: Exchange,
    Extension(service): Extension<Service>,
    Query(params): Query<Params>,
) -> Result<Response, Refused> {
    let fields = Mask::demanded("personFields", params.get("personFields"))?;
    let names: Vec<_> = params.all("resourceNames").collect();
    demand_some(names.len(), MOST, "resourceNames")?;
    let mut responses = Vec::new();
    for name in names {
        let contact = match ContactId::of_resource_name(name) {
            Some(id) => service.seen.find::<Contact>(&id).await?,
            None => None,
        };
        responses.push(response_about(&exchange, name, contact.as_ref(), &fields)?);
    }
    Ok(Json(json!({ "responses": responses })).into_response())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Creation {
    #[serde(default)]
    contacts: Vec<ContactToCreate>,
    read_mask: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ContactToCreate {
    #[serde(default)]
    contact_person: PersonBody,
}

/// `POST /v1/people:batchCreateContacts`
pub(crate) async fn create(
    exchange: Exchange,
    DialectJson(creation): DialectJson<Creation>,
) -> Result<Response, Refused> {
    let persons = &creation.contacts;
    demand_some(persons.len(), MOST, "contacts")?;
    let fields = Mask::or_nothing("readMask", creation.read_mask.as_deref())?;
    let create =
        |at: usize, exchange: Exchange| async move { create_one(&exchange, &persons[at].contact_person).await };
    let created = exchange.together(persons.len(), create).await?;
    let Some(fields) = fields else { return Ok(nothing()) };
    let respond =
        |contact: &Snapshot<Contact>| response_about(&exchange, &contact.id.to_string(), Some(contact), &fields);
    let created = created.iter().map(respond).collect::<Result<Vec<_>, _>>()?;
    Ok(Json(json!({ "createdPeople": created })).into_response())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Edit {
    #[serde(default)]
    contacts: BTreeMap<String, PersonBody>,
    update_mask: Option<String>,
    read_mask: Option<String>,
}

/// `POST /v1/people:batchUpdateContacts`
pub(crate) async fn update(
    exchange: Exchange,
    Extension(service): Extension<Service>,
    DialectJson(edit): DialectJson<Edit>,
) -> Result<Response, Refused> {
    let contacts: Vec<_> = edit.contacts.iter().collect();
    demand_some(contacts.len(), MOST, "contacts")?;
    let changes = &Mask::of_changes("updateMask", edit.update_mask.as_deref())?;
    let fields = Mask::or_nothing("readMask", edit.read_mask.as_deref())?;
    let (contacts, service) = (&contacts, &service);
    let change = |at: usize, exchange: Exchange| async move {
        let (name, person) = contacts[at];
        update_one(&exchange, service, ContactId::of_resource_name(name), person, changes).await
    };
    let updated = match exchange.together(contacts.len(), change).await {
        Ok(updated) => updated,
        Err(NoneDone::Fault(refused)) => return Err(refused),
        Err(NoneDone::Culprits(culprits)) => return Ok(culprits_named(&exchange, contacts, &culprits)),
    };
    let Some(fields) = fields else { return Ok(nothing()) };
    let mut result = Map::new();
    for ((name, _), contact) in contacts.iter().zip(&updated) {
        result.insert((*name).clone(), response_about(&exchange, name, Some(contact), &fields)?);
    }
    Ok(Json(json!({ "updateResult": result })).into_response())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Deletion {
    #[serde(default)]
    resource_names: Vec<String>,
}

/// `POST /v1/people:batchDeleteContacts`
pub(crate) async fn delete(
    exchange: Exchange,
    DialectJson(deletion): DialectJson<Deletion>,
) -> Result<Response, Refused> {
    let names = &deletion.resource_names;
    demand_some(names.len(), MOST_DELETED, "resourceNames")?;
    let delete = |at: usize, exchange: Exchange| async move {
        delete_one(&exchange, ContactId::of_resource_name(&names[at])).await
    };
    exchange.together(names.len(), delete).await?;
    Ok(nothing())
}

fn demand_some(count: usize, most: usize, member: &str) -> Result<(), Refused> {
    if (1..=most).contains(&count) { Ok(()) } else { Err(invalid(format!("{member} must have 1 to {most} entries."))) }
}

/// What there is to say of one of several contacts.
fn response_about(
    exchange: &Exchange,
    name: &str,
    contact: Option<&Snapshot<Contact>>,
    fields: &Mask,
) -> Result<Value, Refused> {
    let Some(contact) = contact else {
        let not_found = RefusalKind::NotFound.into();
        let status = status_of(&not_found);
        return Ok(json!({ "httpStatusCode": 404, "requestedResourceName": name, "status": status }));
    };
    let person = person(exchange, contact, fields)?;
    Ok(json!({ "httpStatusCode": 200, "person": person, "requestedResourceName": name, "status": {} }))
}

fn status_of(refused: &Refused) -> Value {
    json!({ "code": number(refused.0.kind), "message": message(&refused.0), "details": [] })
}

/// The refusal of a batch, which says of what contacts it is because. The others would have been updated.
fn culprits_named(exchange: &Exchange, contacts: &[(&String, &PersonBody)], culprits: &[(usize, Refused)]) -> Response {
    let errors = culprits.iter().map(|(at, refused)| (contacts[*at].0.clone(), status_of(refused)));
    let details = json!({
        "@type": "type.googleapis.com/google.people.v1.BatchUpdateContactsErrorDetails",
        "contactErrors": errors.collect::<Map<_, _>>(),
    });
    // A stale tag is what most clients look for, so it speaks for all.
    let refusals = || culprits.iter().map(|(_, refused)| &*refused.0);
    let stale = refusals().find(|refusal| refusal.kind == RefusalKind::Stale);
    let Some(spokesman) = stale.or_else(|| refusals().next()) else {
        return Refused::from(RefusalKind::Internal).into_response();
    };
    let status = exchange.dialect().status_of(spokesman);
    let code = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    (code, Json(body(spokesman, status, Some(details)))).into_response()
}
