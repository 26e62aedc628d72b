//! Requests that are about several contacts. Those that write do all, or nothing, or each by itself.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json,
    extract::State,
    response::{IntoResponse as _, Response},
};
use etag_axum::{DialectJson, Exchange, NoneDone, Parameters, Refused, Representation, Stored};
use etag_core::{Refusal, RefusalKind};
use serde::Deserialize;
use serde_json::{Map, json};

use crate::{
    error_format::status_of,
    lagging::Lagging,
    masks::Mask,
    model::{Contact, ContactId},
    people::{create_one, delete_one, nothing, update_one},
    person::{PersonBody, person},
    switches::{BatchStatus, Fate, Reader, Switches},
};

/// The most contacts that one request may read, create or change.
const MOST: usize = 200;

/// The most that one may delete.
const MOST_DELETED: usize = 500;

/// `GET /v1/people:batchGet`
pub(crate) async fn get(
    exchange: Exchange,
    State(seen): State<Lagging>,
    parameters: Parameters,
) -> Result<Response, Refused> {
    let fields = Mask::demanded("personFields", parameters.get("personFields"))?;
    let names: Vec<_> = parameters.all("resourceNames").collect();
    demand_some(names.len(), MOST, "resourceNames")?;
    let (exchange, mut responses) = (exchange.selecting(fields.selection()), Vec::new());
    for name in names {
        let contact = match ContactId::of_resource_name(name) {
            Some(id) => seen.find(Reader::BatchGet, id).await?,
            None => None,
        };
        let contact = contact.ok_or_else(|| RefusalKind::NotFound.into());
        responses.push(response_about(&exchange, Some(name), &contact, &fields)?);
    }
    Ok(Json(Representation::new().with_list("responses", responses)?).into_response())
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
    State(switches): State<Arc<Switches>>,
    DialectJson(creation): DialectJson<Creation>,
) -> Result<Response, Refused> {
    let (persons, bodies) = (&creation.contacts, switches.bodies);
    demand_some(persons.len(), MOST, "contacts")?;
    let ids: Vec<_> = persons.iter().map(|_| ContactId::draw(&exchange)).collect();
    let fields = Mask::or_nothing("readMask", creation.read_mask.as_deref())?;
    let create = |at: usize, exchange: Exchange| {
        let (id, person) = (ids[at], &persons[at].contact_person);
        async move { create_one(&exchange, id, bodies, person).await }
    };
    let created = write_all(&exchange, switches.several.create, persons.len(), create).await?;
    let (told, fields) = (told(&created, fields.as_ref()), fields.unwrap_or_default());
    let exchange = exchange.selecting(fields.selection());
    let respond = |(at, contact): (usize, &Outcome)| {
        let name = contact.is_ok().then(|| ids[at].to_string());
        response_about(&exchange, name.as_deref(), contact, &fields)
    };
    let created = told.into_iter().map(respond).collect::<Result<Vec<_>, _>>()?;
    if created.is_empty() {
        return Ok(nothing());
    }
    Ok(Json(Representation::new().with_list("createdPeople", created)?).into_response())
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
    State(switches): State<Arc<Switches>>,
    DialectJson(edit): DialectJson<Edit>,
) -> Result<Response, Refused> {
    let contacts: Vec<_> = edit.contacts.iter().collect();
    demand_some(contacts.len(), MOST, "contacts")?;
    let changes = &Mask::of_changes("updateMask", edit.update_mask.as_deref())?;
    let fields = Mask::or_nothing("readMask", edit.read_mask.as_deref())?;
    let (contacts, switches) = (&contacts, &switches);
    let change = |at: usize, exchange: Exchange| async move {
        let (name, person) = contacts[at];
        update_one(&exchange, switches, ContactId::of_resource_name(name), person, changes).await
    };
    let updated = write_all(&exchange, switches.several.update, contacts.len(), change).await;
    let updated = updated.map_err(|none| with_culprits(none, contacts, switches.several.status))?;
    answer_by_name(exchange, contacts, &updated, fields)
}

fn answer_by_name(
    exchange: Exchange,
    contacts: &[(&String, &PersonBody)],
    updated: &[Outcome],
    fields: Option<Mask>,
) -> Result<Response, Refused> {
    let (told, fields) = (told(updated, fields.as_ref()), fields.unwrap_or_default());
    let exchange = exchange.selecting(fields.selection());
    if told.is_empty() {
        return Ok(nothing());
    }
    let mut result = Representation::new();
    for (at, contact) in told {
        let name = contacts[at].0;
        result = result.with(name, response_about(&exchange, Some(name), contact, &fields)?)?;
    }
    Ok(Json(Representation::new().with("updateResult", result)?).into_response())
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
    State(switches): State<Arc<Switches>>,
    DialectJson(deletion): DialectJson<Deletion>,
) -> Result<Response, Refused> {
    let names = &deletion.resource_names;
    demand_some(names.len(), MOST_DELETED, "resourceNames")?;
    let delete = |at: usize, exchange: Exchange| async move {
        delete_one(&exchange, ContactId::of_resource_name(&names[at])).await
    };
    write_all(&exchange, switches.several.delete, names.len(), delete).await?;
    Ok(nothing())
}

fn demand_some(count: usize, most: usize, member: &str) -> Result<(), Refused> {
    if (1..=most).contains(&count) {
        Ok(())
    } else {
        Err(Refused::invalid(format!("{member} must have 1 to {most} entries.")))
    }
}

/// What became of one of several contacts.
type Outcome<T = Stored<Contact>> = Result<T, Refused>;

/// Does all of several writes or none, or each by itself.
async fn write_all<T, F>(
    exchange: &Exchange,
    fate: Fate,
    count: usize,
    write: impl Fn(usize, Exchange) -> F,
) -> Result<Vec<Outcome<T>>, NoneDone>
where
    F: Future<Output = Outcome<T>> + Send,
{
    if fate == Fate::AllOrNothing {
        return Ok(exchange.together(count, write).await?.into_iter().map(Ok).collect());
    }
    let mut outcomes = Vec::new();
    for number in 0..count {
        outcomes.push(write(number, exchange.clone()).await);
    }
    Ok(outcomes)
}

/// Of which contacts the answer tells: of all where it has fields of them, and else of those that were refused.
fn told<'o>(outcomes: &'o [Outcome], fields: Option<&Mask>) -> Vec<(usize, &'o Outcome)> {
    outcomes.iter().enumerate().filter(|(_, outcome)| fields.is_some() || outcome.is_err()).collect()
}

/// What there is to say of one of several contacts.
fn response_about(
    exchange: &Exchange,
    name: Option<&str>,
    contact: &Outcome,
    fields: &Mask,
) -> Result<Representation, Refused> {
    let response = Representation::new();
    let response = match contact {
        Ok(contact) => {
            let person = person(exchange, contact, fields)?;
            response.with("httpStatusCode", &200)?.with("person", person)?.with("status", &json!({}))?
        }
        Err(refused) => {
            let code = exchange.dialect().status_of(&refused.0);
            response.with("httpStatusCode", &code)?.with("status", &status_of(&refused.0))?
        }
    };
    match name {
        Some(name) => response.with("requestedResourceName", name),
        None => Ok(response),
    }
}

/// The refusal of a batch, which says of what contacts it is because. The others would have been updated.
fn with_culprits(none: NoneDone, contacts: &[(&String, &PersonBody)], status: BatchStatus) -> Refused {
    let NoneDone::Culprits(culprits) = none else { return none.into() };
    let errors = culprits.iter().map(|(at, refused)| (contacts[*at].0.clone(), status_of(&refused.0)));
    let details = json!({
        "@type": "type.googleapis.com/google.people.v1.BatchUpdateContactsErrorDetails",
        "contactErrors": errors.collect::<Map<_, _>>(),
    });
    let mut refusals = culprits.iter().map(|(_, refused)| &*refused.0);
    let stale = refusals.clone().find(|refusal| refusal.kind == RefusalKind::Stale);
    let first = refusals.next().cloned();
    let refusal = match status {
        BatchStatus::StaleFirst => stale.cloned().or(first),
        BatchStatus::First => first,
        BatchStatus::Stale => stale.cloned().or_else(|| Some(Refusal::new(RefusalKind::Stale))),
    };
    refusal.map_or_else(|| RefusalKind::Internal.into(), |refusal| refusal.with_details(details).into())
}
