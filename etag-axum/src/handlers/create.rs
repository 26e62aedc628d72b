//! POST to a collection: create under an id that the server makes up.

use axum::response::Response;
use etag_core::{Expectation, Key};
use serde_json::Value;

use super::replace::{Committed, commit};
use crate::{
    body,
    call::{Call, Parent},
    idempotency::Once,
    model::Candidate,
    problem::Problem,
    request_batch::UnitStore,
    retry::Tries,
};

pub(crate) async fn create(call: &Call<'_>, body: &[u8], once: Option<&Once<'_>>) -> Result<Response, Problem> {
    let document = document(call, body)?;
    let mut tries = Tries::new(call.environment());
    loop {
        let key = call.endpoint.model.new_key(call.environment()).ok_or_else(Problem::not_found)?;
        if let Committed::Done(response) = create_as(call, document.clone(), &key, once).await? {
            return Ok(response);
        }
        tries.pause(&key).await?;
    }
}

async fn create_as(call: &Call<'_>, document: Value, key: &Key, once: Option<&Once<'_>>) -> Result<Committed, Problem> {
    let candidate = candidate(call, document, key)?;
    if let Some(unit) = call.parts.extensions.get::<UnitStore>() {
        unit.announce(call.path_of(key));
    }
    commit(call, candidate.put(call.store(), Expectation::Absent)?, once).await
}

/// What the body says of the resource, and the path of its parent.
pub(crate) fn document(call: &Call<'_>, body: &[u8]) -> Result<Value, Problem> {
    demand_readable_conditions(call)?;
    let mut document: Value = body::json(body)?;
    demand_no_id(call, &document)?;
    if let Some(parent) = &call.parent {
        name_parent(parent, &mut document)?;
    }
    Ok(document)
}

/// The resource that a document describes, under an id that was made up.
pub(crate) fn candidate(call: &Call<'_>, document: Value, key: &Key) -> Result<Box<dyn Candidate>, Problem> {
    let candidate = call.endpoint.model.candidate(document, key)?;
    if let Some(parent) = &call.parent {
        demand_child_of(parent, &*candidate)?;
    }
    call.judge_write(None, &*candidate)?;
    Ok(candidate)
}

/// There is no state that they could be about, so they are not looked at; what can't be read is refused all the same
/// (rule P4).
fn demand_readable_conditions(call: &Call<'_>) -> Result<(), Problem> {
    let dialect = call.endpoint.dialect();
    call.conditions.malformed().map_or(Ok(()), |malformed| Err(Problem::malformed_condition(malformed, dialect)))
}

fn demand_no_id(call: &Call<'_>, document: &Value) -> Result<(), Problem> {
    let Some(field) = call.endpoint.description().id_field() else { return Ok(()) };
    if document.get(field.name).is_none() {
        return Ok(());
    }
    let message = "must be left out, since POST lets the server choose the id; to choose it yourself use PUT";
    Err(Problem::invalid_member(format!("/{}", field.name), message.to_owned()))
}

/// A body may leave out what the path says.
fn name_parent(parent: &Parent<'_>, document: &mut Value) -> Result<(), Problem> {
    let id = parent.endpoint.model.id_value(parent.key)?;
    if let Some(members) = document.as_object_mut() {
        members.entry(parent.link.field).or_insert(id);
    }
    Ok(())
}

fn demand_child_of(parent: &Parent<'_>, candidate: &dyn Candidate) -> Result<(), Problem> {
    if candidate.parents().of_link(parent.link.name) == Some(parent.key) {
        return Ok(());
    }
    let message = format!("must be {:?}, the id in the path, or be left out", parent.key.id());
    Err(Problem::invalid_member(format!("/{}", parent.link.field), message))
}
