//! Single contacts.

use std::sync::Arc;

use axum::{
    extract::{Path, State},
    response::Response,
};
use etag_axum::{Change, DialectJson, Exchange, Parameters, Refused, Stored};
use etag_core::{RefusalKind, Snapshot, WriteKind};
use serde_json::json;

use crate::{
    lagging::Lagging,
    masks::Mask,
    model::{Contact, ContactId},
    person::{PersonBody, answer},
    switches::{Bodies, Reader, Switches},
};

/// `POST /v1/people:createContact`
pub(crate) async fn create(
    exchange: Exchange,
    State(switches): State<Arc<Switches>>,
    parameters: Parameters,
    DialectJson(person): DialectJson<PersonBody>,
) -> Result<Response, Refused> {
    let fields = Mask::or_all("personFields", parameters.get("personFields"))?;
    let contact = create_one(&exchange, ContactId::draw(&exchange), switches.bodies, &person).await?;
    answer(exchange, &contact, &fields)
}

/// `GET /v1/people/{id}`
pub(crate) async fn read(
    exchange: Exchange,
    State(seen): State<Lagging>,
    Path(name): Path<String>,
    parameters: Parameters,
) -> Result<Response, Refused> {
    let fields = Mask::demanded("personFields", parameters.get("personFields"))?;
    let id = ContactId::of_name(&name).ok_or(RefusalKind::NotFound)?;
    let contact = seen.find(Reader::Get, id).await?.ok_or(RefusalKind::NotFound)?;
    answer(exchange, &contact, &fields)
}

/// `PATCH /v1/people/{id}:updateContact`
pub(crate) async fn update(
    exchange: Exchange,
    State(switches): State<Arc<Switches>>,
    Path(name): Path<String>,
    parameters: Parameters,
    DialectJson(person): DialectJson<PersonBody>,
) -> Result<Response, Refused> {
    let name = name.strip_suffix(":updateContact").ok_or(RefusalKind::NotFound)?;
    let changes = Mask::of_changes("updatePersonFields", parameters.get("updatePersonFields"))?;
    let fields = Mask::or_all("personFields", parameters.get("personFields"))?;
    let contact = update_one(&exchange, &switches, ContactId::of_name(name), &person, &changes).await?;
    answer(exchange, &contact, &fields)
}

/// `DELETE /v1/people/{id}:deleteContact`
pub(crate) async fn delete(exchange: Exchange, Path(name): Path<String>) -> Result<Response, Refused> {
    let name = name.strip_suffix(":deleteContact").ok_or(RefusalKind::NotFound)?;
    delete_one(&exchange, ContactId::of_name(name)).await?;
    Ok(nothing())
}

/// The answer that says no more than that it was done.
pub(crate) fn nothing() -> Response {
    axum::response::IntoResponse::into_response(axum::Json(json!({})))
}

/// Makes a contact of all that a person has.
pub(crate) async fn create_one(
    exchange: &Exchange,
    id: ContactId,
    bodies: Bodies,
    person: &PersonBody,
) -> Result<Stored<Contact>, Refused> {
    person.demand_known(bodies)?;
    let contact = person.applied_to(&Contact::new(id), &Mask::of_all_changes())?;
    let done = exchange.write(WriteKind::Create, &id).run(|_| Ok(Change::put(contact.clone()))).await?;
    done.stored().cloned()
}

/// Changes these fields of a contact, under the tag that the person has.
pub(crate) async fn update_one(
    exchange: &Exchange,
    switches: &Switches,
    id: Option<ContactId>,
    person: &PersonBody,
    changes: &Mask,
) -> Result<Stored<Contact>, Refused> {
    person.demand_known(switches.bodies)?;
    let id = id.ok_or(RefusalKind::NotFound)?;
    let mut write = exchange.write::<Contact>(WriteKind::Update, &id);
    if let Some(etag) = person.named(switches.tags) {
        write = write.naming(etag);
    }
    let change = |state: Option<&Snapshot<Contact>>| {
        let state = state.ok_or(RefusalKind::NotFound)?;
        person.demand_current_source(state.head())?;
        switches.pace.demand_pause(state, exchange.environment().now())?;
        let contact = person.applied_to(state, changes)?;
        person.demand_group(changes)?;
        Ok(Change::put(contact))
    };
    let done = write.run(change).await.map_err(|refused| person.explain(refused))?;
    done.stored().cloned()
}

/// Deletes a contact, in whatever state it is.
pub(crate) async fn delete_one(exchange: &Exchange, id: Option<ContactId>) -> Result<(), Refused> {
    let id = id.ok_or(RefusalKind::NotFound)?;
    exchange.write::<Contact>(WriteKind::Delete, &id).run(|_| Ok(Change::delete())).await?;
    Ok(())
}
