//! Publishers and their offers.

use std::collections::BTreeSet;

use axum::{
    Extension, Json,
    extract::Path,
    response::{IntoResponse as _, Response},
};
use etag_axum::{Change, DialectJson, Exchange, Refused};
use etag_core::{Head, RefusalKind, Scan, Snapshot, StoreExt as _, Versioned as _, WriteKind};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    dialect::changed_time,
    model::{Draft, Name, Offer, OfferId, Release},
    rules::Rules,
    switches::{Answers, BodyTag, Conditions},
    workflow::Status,
};

/// How many offers are read at once.
const PAGE: usize = 200;

pub(crate) async fn publishers(
    exchange: Exchange,
    Extension(rules): Extension<Rules>,
) -> Result<Json<Vec<Value>>, Refused> {
    let mut names: BTreeSet<String> = rules.publishers.into_iter().collect();
    names.extend(all(&exchange).await?.into_iter().map(|offer| offer.value().id.publisher.0.clone()));
    Ok(Json(names.into_iter().map(|name| json!({ "id": name })).collect()))
}

pub(crate) async fn list(exchange: Exchange, Path(publisher): Path<Name>) -> Result<Json<Vec<Value>>, Refused> {
    let offers = all(&exchange).await?;
    let own = offers.iter().filter(|offer| offer.value().id.publisher == publisher);
    Ok(Json(own.map(summary).collect()))
}

pub(crate) async fn read(exchange: Exchange, Path(id): Path<OfferId>) -> Result<Response, Refused> {
    let offer = exchange.get::<Offer>(&id).await?;
    exchange.read(&offer, &whole(&offer))
}

/// The body of a PUT: of what the server says, clients send the tag back.
#[derive(Deserialize)]
pub(crate) struct Body {
    #[serde(rename = "eTag")]
    etag: Option<Value>,
    #[serde(flatten)]
    draft: Draft,
}

pub(crate) async fn put(
    exchange: Exchange,
    Extension(conditions): Extension<Conditions>,
    Extension(answers): Extension<Answers>,
    Path(id): Path<OfferId>,
    DialectJson(Body { etag, draft }): DialectJson<Body>,
) -> Result<Response, Refused> {
    let is_condition = conditions.body_tag == BodyTag::Compared && exchange.conditions().if_match.is_absent();
    let mut write = exchange.write::<Offer>(WriteKind::Replace, &id);
    if let Some(etag) = etag.filter(|_| is_condition) {
        write = write.naming(etag.as_str().and_then(|etag| etag.parse().ok()).ok_or(RefusalKind::ConditionMalformed)?);
    }
    let done = write.run(|before| Ok(Change::put(drafted(before, &id, &draft)))).await?;
    let created = StatusCode::from_u16(answers.created_status).unwrap_or(StatusCode::CREATED);
    let status = if done.before.is_some() { StatusCode::OK } else { created };
    let offer = done.state()?;
    exchange.answer(status, offer, &whole(offer))
}

/// The places of an offer: its draft, what its publisher reviews, and what all see.
#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Slot {
    Draft,
    Preview,
    Production,
}

pub(crate) async fn in_slot(
    exchange: Exchange,
    Path((publisher, offer, slot)): Path<(Name, Name, Slot)>,
) -> Result<Response, Refused> {
    let offer = exchange.get::<Offer>(&OfferId { publisher, offer }).await?;
    match slot {
        Slot::Draft => exchange.read(&offer, &whole(&offer)),
        Slot::Preview => released(&exchange, &offer, offer.value().preview).await,
        Slot::Production => released(&exchange, &offer, offer.value().production).await,
    }
}

pub(crate) async fn version(
    exchange: Exchange,
    Path((publisher, offer, version)): Path<(Name, Name, u32)>,
) -> Result<Response, Refused> {
    let offer = exchange.get::<Offer>(&OfferId { publisher, offer }).await?;
    released(&exchange, &offer, Some(version)).await
}

/// What was published can't be written, and has no tag.
async fn released(exchange: &Exchange, offer: &Snapshot<Offer>, version: Option<u32>) -> Result<Response, Refused> {
    let version = version.ok_or(RefusalKind::NotFound)?;
    let release = exchange.get::<Release>(&Release::id_of(&offer.value().id, version)).await?;
    let view = representation(offer.value(), &release.value().draft, version, release.head());
    Ok(Json(view).into_response())
}

async fn all(exchange: &Exchange) -> Result<Vec<Snapshot<Offer>>, Refused> {
    Ok(exchange.store().list_all(&Scan::new(Offer::MODEL.collection, PAGE)).await?)
}

fn drafted(before: Option<&Snapshot<Offer>>, id: &OfferId, draft: &Draft) -> Offer {
    let draft = draft.clone();
    match before {
        Some(offer) => Offer { draft, ..offer.value().clone() },
        None => Offer {
            id: id.clone(),
            draft,
            status: Status::NeverPublished,
            version: 1,
            preview: None,
            production: None,
            operations: Vec::new(),
            looks_left: 0,
        },
    }
}

fn whole(offer: &Snapshot<Offer>) -> Value {
    representation(offer.value(), &offer.value().draft, offer.value().version, offer.head())
}

fn representation(offer: &Offer, draft: &Draft, version: u32, head: &Head) -> Value {
    json!({
        "offerTypeId": draft.offer_type_id,
        "publisherId": offer.id.publisher,
        "status": offer.status,
        "id": offer.id.offer,
        "version": version,
        "offerTypeVersions": draft.offer_type_versions,
        "definition": draft.definition,
        "changedTime": changed_time(head),
    })
}

fn summary(offer: &Snapshot<Offer>) -> Value {
    let mut summary = whole(offer);
    let text = summary["definition"]["displayText"].take();
    summary["definition"] = json!({ "displayText": text });
    summary
}
