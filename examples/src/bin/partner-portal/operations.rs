//! Publish, go live, cancel, and how far they are.

use std::collections::HashMap;

use axum::{
    Extension, Json,
    extract::{Path, State},
    response::Response,
};
use etag_axum::{Change, DialectJson, Exchange, Parameters, Refused};
use etag_core::{Expectation, ModelId as _, Refusal, RefusalKind, Snapshot, WriteKind, put_document};
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde_json::{Value, json};
use uuid::Builder;

use crate::{
    dialect::INVALID_OFFER,
    model::{Name, Offer, OfferId, Release},
    rules::{Call, Rules, VERSION},
    switches::Chosen,
    workflow::{Kind, Operation, Status},
};

const OPERATION_LOCATION: HeaderName = HeaderName::from_static("operation-location");

/// `{"metadata":{"notification-emails":…}}`
type Submission = HashMap<String, HashMap<String, String>>;

/// Begins the operation that the route is for.
pub(crate) async fn begin(
    Call(exchange): Call,
    State(portal): Chosen,
    Extension(kind): Extension<Kind>,
    Path(id): Path<OfferId>,
    body: Result<DialectJson<Submission>, Refused>,
) -> Result<Response, Refused> {
    if kind != Kind::GoLive {
        body?;
    }
    let operation = Builder::from_random_bytes(exchange.environment().random_bytes()).into_uuid().to_string();
    let begun = exchange.write::<Offer>(WriteKind::Action, &id).run(|offer| {
        let mut offer = offer.ok_or(RefusalKind::NotFound)?.value().clone();
        demand_possible(&offer, kind, portal.answers.busy_status)?;
        if kind != Kind::Cancel || offer.is_under_way() {
            offer.begin(kind, &operation, &portal.rules);
        }
        if kind == Kind::Publish { release(&exchange, offer) } else { Ok(Change::put(offer)) }
    });
    let begun = begun.await?;
    let offer = begun.state()?;
    match offer.value().operations.last().filter(|last| last.id == operation) {
        Some(operation) => accepted(&exchange, offer, &portal.rules.location_of(&offer.value().id, operation)),
        None => Ok(exchange.bare(StatusCode::OK, offer)),
    }
}

fn demand_possible(offer: &Offer, kind: Kind, busy_status: u16) -> Result<(), Refused> {
    let conflicting = |message| Refusal::new(RefusalKind::Conflicting).with_status(busy_status).saying(message);
    let invalid = || Refusal::new(RefusalKind::Invalid).with_status(422).with_code(INVALID_OFFER).saying(NO_PLANS);
    match kind {
        Kind::Publish | Kind::GoLive if offer.status == Status::Running => Err(conflicting(BUSY).into()),
        Kind::Publish if !offer.draft.has_plans() => Err(invalid().into()),
        Kind::GoLive if offer.status != Status::WaitingForPublisherReview => Err(conflicting(NO_PREVIEW).into()),
        _ => Ok(()),
    }
}

const BUSY: &str = "Another operation is running for this offer. Wait for its end, or cancel it.";
const NO_PLANS: &str = "The offer has no plans. Add one to its definition.";
const NO_PREVIEW: &str = "Nothing waits for the publisher's review. Publish the offer first.";

/// The offer, and beside it its draft under the number that the publish gave it.
fn release(exchange: &Exchange, offer: Offer) -> Result<Change<Offer>, Refused> {
    let release = Release { id: Release::id_of(&offer.id.to_text(), offer.version), draft: offer.draft.clone() };
    let put = put_document(exchange.store(), &release, Expectation::Absent)?;
    Ok(Change::put(offer).with(put))
}

fn accepted(exchange: &Exchange, offer: &Snapshot<Offer>, location: &str) -> Result<Response, Refused> {
    let location = HeaderValue::try_from(location).map_err(|_| RefusalKind::Internal)?;
    let mut response = exchange.bare(StatusCode::ACCEPTED, offer);
    response.headers_mut().insert(header::LOCATION, location.clone());
    response.headers_mut().insert(OPERATION_LOCATION, location);
    Ok(response)
}

impl Rules {
    fn location_of(&self, id: &OfferId, operation: &Operation) -> String {
        if self.unmigrated {
            return format!("/api/operations/{}?api-version={VERSION}", old_name(id, operation));
        }
        let OfferId { publisher: Name(publisher), offer: Name(offer) } = id;
        format!("/api/publishers/{publisher}/offers/{offer}/operations/{}?api-version={VERSION}", operation.id)
    }
}

/// The name of an operation on an offer that has not been migrated.
fn old_name(id: &OfferId, operation: &Operation) -> String {
    let slot = if operation.submission_type == Kind::GoLive { "production" } else { "preview" };
    format!("{}${}${}${slot}", id.publisher.0, id.offer.0, operation.version)
}

pub(crate) async fn status(Call(exchange): Call, Path(id): Path<OfferId>) -> Result<Json<Value>, Refused> {
    let offer = looked_at(&exchange, &id).await?;
    let steps = offer.value().steps().map(|(name, status)| json!({ "stepName": name, "status": status }));
    // All is running until it is live; that the publisher has to act is said by the step.
    let status = if offer.value().is_under_way() { Status::Running } else { offer.value().status };
    Ok(Json(json!({ "status": status, "messages": [], "steps": steps })))
}

pub(crate) async fn submissions(
    Call(exchange): Call,
    Path(id): Path<OfferId>,
    parameters: Parameters,
) -> Result<Json<Vec<Operation>>, Refused> {
    let mut operations = exchange.get::<Offer>(&id).await?.value().operations.clone();
    let asked = parameters.get("status").or(parameters.get("submissionState")).filter(|asked| !asked.is_empty());
    operations.retain(|operation| asked.is_none_or(|asked| json!(operation.status) == *asked));
    Ok(Json(operations))
}

pub(crate) async fn operation(
    Call(exchange): Call,
    Path((publisher, offer, operation)): Path<(Name, Name, String)>,
) -> Result<Json<Operation>, Refused> {
    found(&exchange, &OfferId { publisher, offer }, |known| known.id == operation).await
}

/// An operation by its old name.
pub(crate) async fn old_operation(Call(exchange): Call, Path(name): Path<String>) -> Result<Json<Operation>, Refused> {
    let place: Vec<_> = name.splitn(3, '$').take(2).collect();
    let id = OfferId::parse(&place.join("/")).map_err(|_| RefusalKind::NotFound)?;
    found(&exchange, &id, |known| old_name(&id, known) == name).await
}

async fn found(
    exchange: &Exchange,
    id: &OfferId,
    is_meant: impl Fn(&Operation) -> bool,
) -> Result<Json<Operation>, Refused> {
    let offer = looked_at(exchange, id).await?;
    let operation = offer.value().operations.iter().rfind(|operation| is_meant(operation));
    Ok(Json(operation.ok_or(RefusalKind::NotFound)?.clone()))
}

/// The offer after one more look, which brings a running operation nearer to its end.
async fn looked_at(exchange: &Exchange, id: &OfferId) -> Result<Snapshot<Offer>, Refused> {
    let offer = exchange.get::<Offer>(id).await?;
    if offer.value().status != Status::Running {
        return Ok(offer);
    }
    let look = exchange.write::<Offer>(WriteKind::Action, id).naming(exchange.etag(&offer));
    match look.run(|_| Ok(Change::put(offer.value().clone().after_a_look()))).await {
        Ok(done) => Ok(done.state()?.clone()),
        // Another look came first and has done it.
        Err(refused) if refused.0.kind == RefusalKind::Stale => exchange.get(id).await,
        Err(refused) => Err(refused),
    }
}
