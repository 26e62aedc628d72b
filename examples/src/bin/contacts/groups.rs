//! Groups of contacts, no two of which have one name.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use etag_axum::{Change, DialectJson, Exchange, Parameters, Refused, Representation};
use etag_core::{
    Delete, Expectation, MAX_ID_BYTES, ModelId as _, Put, Refusal, RefusalKind, Snapshot, Versioned as _, WriteKind,
    put_document,
};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    dialect::named_by_person,
    error_format::STALE_GROUP,
    group_members::{Membership, members, remove_all},
    model::{ContactGroup, ContactId, GroupName},
    pages::{scan, total},
    people::nothing,
    person::update_time,
    switches::{GroupNames, GroupTag, Switches},
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GroupRequest {
    contact_group: GroupBody,
}

#[derive(Deserialize)]
struct GroupBody {
    #[serde(default)]
    name: String,
    #[serde(default)]
    etag: String,
}

/// `POST /v1/contactGroups`
pub(crate) async fn create(
    exchange: Exchange,
    State(switches): State<Arc<Switches>>,
    DialectJson(request): DialectJson<GroupRequest>,
) -> Result<Response, Refused> {
    let names = switches.groups.group_names;
    let name = legal_name(&request.contact_group.name, names)?;
    let id = BASE64_URL_SAFE_NO_PAD.encode(exchange.environment().random_bytes::<9>());
    let group = ContactGroup { id, name: name.to_owned() };
    let claim = claim(&exchange, &group, names)?;
    let write = exchange.write(WriteKind::Create, &group.id);
    let done = write.run(|_| Ok(Change::put(group.clone()).with(claim.clone()))).await.map_err(in_their_words)?;
    answer(&exchange, done.state()?).await
}

/// `GET /v1/contactGroups/{id}`
pub(crate) async fn read(
    exchange: Exchange,
    Path(id): Path<String>,
    parameters: Parameters,
) -> Result<Response, Refused> {
    let group = exchange.get::<ContactGroup>(&legal_id(&id)?).await?;
    let members = members(&**exchange.store()).await?;
    let value = value(&group, &members, parameters.get("maxMembers"));
    exchange.answer(StatusCode::OK, &group, &value)
}

/// `GET /v1/contactGroups:batchGet`
pub(crate) async fn batch_get(exchange: Exchange, parameters: Parameters) -> Result<Response, Refused> {
    let members = members(&**exchange.store()).await?;
    let mut responses = Vec::new();
    for name in parameters.all("resourceNames") {
        let id = legal_id(name.strip_prefix("contactGroups/").unwrap_or_default())?;
        let group = exchange.get::<ContactGroup>(&id).await?;
        let group = exchange.represent(&group, &value(&group, &members, parameters.get("maxMembers")))?;
        let response = Representation::new().with("requestedResourceName", name)?.with("contactGroup", group)?;
        responses.push(response.with("status", &json!({}))?);
    }
    Ok(Json(Representation::new().with_list("responses", responses)?).into_response())
}

/// `GET /v1/contactGroups`
pub(crate) async fn list(exchange: Exchange, parameters: Parameters) -> Result<Response, Refused> {
    let store = exchange.store();
    let page = store.scan(&scan::<ContactGroup>(&exchange, &parameters)?).await?;
    let members = members(&**store).await?;
    let represent = |row| -> Result<Representation, Refused> {
        let group = Snapshot::<ContactGroup>::from_row(row)?;
        exchange.represent(&group, &value(&group, &members, None))
    };
    let groups = page.items.into_iter().map(represent).collect::<Result<Vec<_>, _>>()?;
    let total = total::<ContactGroup>(&exchange).await?;
    let mut list = Representation::new().with_list("contactGroups", groups)?.with("totalItems", &total)?;
    if let Some(next) = page.next {
        list = list.with("nextPageToken", &exchange.place::<ContactGroup>(next))?;
    }
    Ok(Json(list).into_response())
}

/// `PUT /v1/contactGroups/{id}`
pub(crate) async fn update(
    exchange: Exchange,
    State(switches): State<Arc<Switches>>,
    Path(id): Path<String>,
    DialectJson(request): DialectJson<GroupRequest>,
) -> Result<Response, Refused> {
    let (id, body, names) = (legal_id(&id)?, request.contact_group, switches.groups.group_names);
    let name = legal_name(&body.name, names)?;
    let mut write = exchange.write::<ContactGroup>(WriteKind::Update, &id);
    if !body.etag.is_empty() && switches.groups.group_tag != GroupTag::Ignored {
        write = write.naming(named_by_person(&body.etag));
    }
    let rename = |state: Option<&Snapshot<ContactGroup>>| {
        let state = state.ok_or(RefusalKind::NotFound)?;
        if body.etag.is_empty() && switches.groups.group_tag == GroupTag::Required {
            return Err(Refused::invalid("Request must set contactGroup.etag."));
        }
        let group = ContactGroup { name: name.to_owned(), ..state.value().clone() };
        if GroupName::id_of(&group.name, names) == GroupName::id_of(&state.name, names) {
            return Ok(Change::put(group));
        }
        let claim = claim(&exchange, &group, names)?;
        Ok(Change::put(group).with(claim).with(release(state, names)))
    };
    let done = write.run(rename).await.map_err(in_their_words)?;
    answer(&exchange, done.state()?).await
}

/// `DELETE /v1/contactGroups/{id}`
///
/// The group goes, and its members leave it, in one commit; with `deleteContacts` they go with it.
pub(crate) async fn delete(
    exchange: Exchange,
    State(switches): State<Arc<Switches>>,
    Path(id): Path<String>,
    parameters: Parameters,
) -> Result<Response, Refused> {
    let id = legal_id(&id)?;
    let group = exchange.get::<ContactGroup>(&id).await?;
    let members = members(&**exchange.store()).await?.remove(&group.resource_name()).unwrap_or_default();
    let membership = if parameters.get("deleteContacts") == Some("true") {
        Membership::GoesWithTheGroup
    } else {
        Membership::Leaves
    };
    remove_all(&exchange, &group, &members, membership, switches.groups.group_names).await?;
    Ok(nothing())
}

/// Deletes a group and gives its name back.
pub(crate) async fn delete_one(exchange: &Exchange, id: &String, names: GroupNames) -> Result<(), Refused> {
    let delete = |state: Option<&Snapshot<ContactGroup>>| {
        let state = state.ok_or(RefusalKind::NotFound)?;
        Ok(Change::delete().with(release(state, names)))
    };
    exchange.write::<ContactGroup>(WriteKind::Delete, id).run(delete).await?;
    Ok(())
}

fn claim(exchange: &Exchange, group: &ContactGroup, names: GroupNames) -> Result<Put, Refused> {
    let claim = GroupName { id: GroupName::id_of(&group.name, names), group: group.id.clone() };
    Ok(put_document(exchange.store(), &claim, Expectation::Absent)?)
}

fn release(group: &ContactGroup, names: GroupNames) -> Delete {
    Delete::new(GroupName::key_of(&GroupName::id_of(&group.name, names)), Expectation::Exists)
}

/// The id of a group, as far as its text can be one.
pub(crate) fn legal_id(text: &str) -> Result<String, Refused> {
    String::parse(text).map_err(|_| RefusalKind::NotFound.into())
}

fn legal_name(name: &str, names: GroupNames) -> Result<&str, Refused> {
    let name = if names == GroupNames::Exact { name } else { name.trim() };
    if (1..=MAX_ID_BYTES).contains(&GroupName::id_of(name, names).len()) {
        return Ok(name);
    }
    Err(Refused::invalid(format!("Contact group name must have 1 to {MAX_ID_BYTES} bytes.")))
}

fn in_their_words(refused: Refused) -> Refused {
    match refused.0.kind {
        RefusalKind::AlreadyExists => RefusalKind::AlreadyExists.into(),
        RefusalKind::Stale => Refusal::new(RefusalKind::Stale).saying(STALE_GROUP).into(),
        _ => refused,
    }
}

async fn answer(exchange: &Exchange, group: &Snapshot<ContactGroup>) -> Result<Response, Refused> {
    let members = members(&**exchange.store()).await?;
    exchange.answer(StatusCode::OK, group, &value(group, &members, None))
}

fn value(group: &Snapshot<ContactGroup>, members: &BTreeMap<String, Vec<ContactId>>, listed: Option<&str>) -> Value {
    let name = group.resource_name();
    let members = members.get(&name).map_or(&[][..], Vec::as_slice);
    let mut value = json!({
        "resourceName": name,
        "metadata": { "updateTime": update_time(group.head()) },
        "groupType": "USER_CONTACT_GROUP",
        "name": group.name,
        "formattedName": group.name,
        "memberCount": members.len(),
    });
    let listed = listed.and_then(|count| count.parse().ok()).unwrap_or(0);
    let names: Vec<_> = members.iter().take(listed).map(ContactId::to_string).collect();
    if !names.is_empty() {
        value["memberResourceNames"] = names.into();
    }
    value
}
