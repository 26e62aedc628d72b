//! Publishers and their offers.

use std::collections::BTreeSet;

use axum::{
    Json,
    extract::{Path, State},
    response::{IntoResponse as _, Response},
};
use etag_axum::{Change, DialectJson, Exchange, Refused, Representation, Stored};
use etag_core::{Head, RefusalKind, Scan, Snapshot, StoreExt as _, Versioned as _, WriteKind};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json, value::RawValue};

use crate::{
    dialect::changed_time,
    model::{Draft, Name, Offer, OfferId, Release},
    rules::Call,
    switches::{BodyTag, Chosen},
    workflow::Status,
};

/// How many offers are read at once.
const PAGE: usize = 200;

pub(crate) async fn publishers(Call(exchange): Call, State(portal): Chosen) -> Result<Json<Vec<Value>>, Refused> {
    let mut names: BTreeSet<String> = portal.rules.publishers.iter().cloned().collect();
    names.extend(all(&exchange).await?.into_iter().map(|offer| offer.value().id.publisher.0.clone()));
    Ok(Json(names.into_iter().map(|name| json!({ "id": name })).collect()))
}

pub(crate) async fn list(Call(exchange): Call, Path(publisher): Path<Name>) -> Result<Json<Vec<Value>>, Refused> {
    let offers = all(&exchange).await?;
    let own = offers.iter().filter(|offer| offer.value().id.publisher == publisher);
    Ok(Json(own.map(summary).collect()))
}

pub(crate) async fn read(Call(exchange): Call, Path(id): Path<OfferId>) -> Result<Response, Refused> {
    read_whole(&exchange, &exchange.fetch(&id).await?)
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
    Call(exchange): Call,
    State(portal): Chosen,
    Path(id): Path<OfferId>,
    DialectJson(Body { etag, draft }): DialectJson<Body>,
) -> Result<Response, Refused> {
    let is_condition = portal.conditions.body_tag == BodyTag::Compared && exchange.conditions().if_match.is_absent();
    let mut write = exchange.write::<Offer>(WriteKind::Replace, &id);
    if let Some(etag) = etag.filter(|_| is_condition) {
        write = write.naming(etag.as_str().and_then(|etag| etag.parse().ok()).ok_or(RefusalKind::ConditionMalformed)?);
    }
    let done = write.run(|before| Ok(Change::put(drafted(before, &id, &draft)))).await?;
    let created = StatusCode::from_u16(portal.answers.created_status).unwrap_or(StatusCode::CREATED);
    let status = if done.before.is_some() { StatusCode::OK } else { created };
    let offer = done.stored()?;
    exchange.answer(status, offer, whole(offer)?)
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
    Call(exchange): Call,
    Path((publisher, offer, slot)): Path<(Name, Name, Slot)>,
) -> Result<Response, Refused> {
    let offer = exchange.fetch::<Offer>(&OfferId { publisher, offer }).await?;
    match slot {
        Slot::Draft => read_whole(&exchange, &offer),
        Slot::Preview => released(&exchange, &offer, |offer| offer.preview).await,
        Slot::Production => released(&exchange, &offer, |offer| offer.production).await,
    }
}

pub(crate) async fn version(
    Call(exchange): Call,
    Path((publisher, offer, version)): Path<(Name, Name, u32)>,
) -> Result<Response, Refused> {
    let offer = exchange.fetch::<Offer>(&OfferId { publisher, offer }).await?;
    released(&exchange, &offer, |_| Some(version)).await
}

/// What was published can't be written, and has no tag.
async fn released(
    exchange: &Exchange,
    offer: &Stored<Offer>,
    version: impl Fn(&Kept<'_>) -> Option<u32>,
) -> Result<Response, Refused> {
    let (id, kept) = (offer.head().key.id(), offer.view::<Kept<'_>>()?);
    let version = version(&kept).ok_or(RefusalKind::NotFound)?;
    let release = exchange.fetch::<Release>(&Release::id_of(id, version)).await?;
    let shown = kept.shown(release.view::<KeptRelease<'_>>()?.draft, version, release.head())?;
    Ok(Json(shown).into_response())
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

fn read_whole(exchange: &Exchange, offer: &Stored<Offer>) -> Result<Response, Refused> {
    match exchange.not_modified(offer)? {
        Some(not_modified) => Ok(not_modified),
        None => exchange.answer(StatusCode::OK, offer, whole(offer)?),
    }
}

fn whole(offer: &Stored<Offer>) -> Result<Representation, Refused> {
    let kept: Kept<'_> = offer.view()?;
    kept.shown(kept.draft, kept.version, offer.head())
}

/// What is kept of an offer and shown, mostly as text.
#[derive(Deserialize)]
struct Kept<'s> {
    #[serde(borrow)]
    id: KeptId<'s>,
    draft: &'s RawValue,
    status: &'s RawValue,
    version: u32,
    preview: Option<u32>,
    production: Option<u32>,
}

#[derive(Deserialize)]
struct KeptId<'s> {
    #[serde(borrow)]
    publisher: &'s RawValue,
    offer: &'s RawValue,
}

#[derive(Deserialize)]
struct KeptRelease<'s> {
    #[serde(borrow)]
    draft: &'s RawValue,
}

impl Kept<'_> {
    fn shown(&self, draft: &RawValue, version: u32, head: &Head) -> Result<Representation, Refused> {
        let offer = Representation::new().with_all(draft)?.with("publisherId", self.id.publisher)?;
        let offer = offer.with("id", self.id.offer)?.with("status", self.status)?.with("version", &version)?;
        offer.with("changedTime", &*changed_time(head))
    }
}

fn summary(offer: &Snapshot<Offer>) -> Value {
    let draft = &offer.draft;
    json!({
        "offerTypeId": draft.offer_type_id,
        "offerTypeVersions": draft.offer_type_versions,
        "definition": { "displayText": draft.definition.get("displayText") },
        "publisherId": offer.id.publisher,
        "id": offer.id.offer,
        "status": offer.status,
        "version": offer.version,
        "changedTime": changed_time(offer.head()),
    })
}
