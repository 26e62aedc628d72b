//! New plans, buckets and tasks. A plan and a task come with their details.

use std::sync::Arc;

use axum::{Extension, response::Response};
use etag_axum::{Change, DialectJson, Exchange, Refused};
use etag_core::{Expectation, Key, RefusalKind, Scan, Store as _, Versioned as _, WriteKind, put_document};
use http::StatusCode;
use serde_json::{Value, json};

use crate::{
    body::{Members, invalid},
    entity::{self, Entity, Scene, limit},
    id::PlannerId,
    model::{Bucket, Plan, PlanDetails, Task, TaskDetails},
    rules::Rules,
    task::{bucket as bucket_of, demand_same_plan},
};

pub(crate) async fn plan(
    exchange: Exchange,
    Extension(rules): Extension<Arc<Rules>>,
    DialectJson(body): DialectJson<Members>,
) -> Result<Response, Refused> {
    let (id, scene) = (PlannerId::new(exchange.environment()), Scene::of(&exchange, &rules));
    let owner = owner(&body).ok_or_else(|| invalid("a plan needs an owner, or a container"))?;
    let container = json!({ "containerId": owner, "type": "group", "url": format!("https://graph.microsoft.com/v1.0/groups/{owner}") });
    let given = json!({ "id": id, "owner": owner, "container": container, "createdBy": scene.me() });
    let plan: Plan = entity::new(given, body, &scene)?;
    let details = entity::new::<PlanDetails>(json!({ "id": id }), Members::new(), &scene)?;
    let change = Change::put(plan).with(put_document(exchange.store(), &details, Expectation::Absent)?);
    created(exchange, change, &id).await
}

/// The group that a new plan is of: its owner, the container's id, or the end of the container's URL.
fn owner(body: &Members) -> Option<String> {
    let container = body.get("container");
    let member = |name: &str| container.and_then(|container| container.get(name)).and_then(Value::as_str);
    let owner = body.get("owner").and_then(Value::as_str).or_else(|| member("containerId"));
    let owner = owner.or_else(|| member("url").and_then(|url| url.rsplit('/').next()))?;
    (!owner.is_empty()).then(|| owner.to_owned())
}

pub(crate) async fn bucket(
    exchange: Exchange,
    Extension(rules): Extension<Arc<Rules>>,
    DialectJson(body): DialectJson<Members>,
) -> Result<Response, Refused> {
    let (id, scene) = (PlannerId::new(exchange.environment()), Scene::of(&exchange, &rules));
    let plan_id = plan_of(&exchange, &body).await?;
    let bucket: Bucket = entity::new(json!({ "id": id, "planId": plan_id }), body, &scene)?;
    created(exchange, Change::put(bucket), &id).await
}

pub(crate) async fn task(
    exchange: Exchange,
    Extension(rules): Extension<Arc<Rules>>,
    DialectJson(body): DialectJson<Members>,
) -> Result<Response, Refused> {
    let (id, scene) = (PlannerId::new(exchange.environment()), Scene::of(&exchange, &rules));
    let plan_id = plan_of(&exchange, &body).await?;
    let bucket = match body.get("bucketId") {
        Some(id) if !id.is_null() => Some(bucket_of(&exchange, id.clone()).await?),
        _ => None,
    };
    demand_room(&exchange, &rules, &plan_id).await?;
    let task: Task = entity::new(json!({ "id": id, "planId": plan_id }), body, &scene)?;
    demand_same_plan(&task, bucket.as_ref())?;
    let mut details = entity::new::<TaskDetails>(json!({ "id": id }), Members::new(), &scene)?;
    details.preview_type = task.preview_type;
    let change = Change::put(task).with(put_document(exchange.store(), &details, Expectation::Absent)?);
    created(exchange, change, &id).await
}

/// The plan that a body names, which there must be.
async fn plan_of(exchange: &Exchange, body: &Members) -> Result<PlannerId, Refused> {
    let id = body.get("planId").cloned().ok_or_else(|| invalid("planId is missing"))?;
    let id: PlannerId = serde_json::from_value(id).map_err(|error| invalid(format!("planId: {error}")))?;
    exchange.fetch::<Plan>(&id).await?;
    Ok(id)
}

/// Counts, where there is a limit. Tasks that come at the same time are not seen.
async fn demand_room(exchange: &Exchange, rules: &Rules, plan: &PlannerId) -> Result<(), Refused> {
    let Some(most) = rules.max_tasks_in_plan else { return Ok(()) };
    let parent: Key = Plan::key_of(plan);
    let scan = Scan::new(Task::MODEL.collection, most + 1).under("plan", parent);
    limit("MaximumTasksInProject", exchange.store().scan_tags(&scan).await?.items.len() + 1, most)
}

async fn created<T: Entity>(exchange: Exchange, change: Change<T>, id: &PlannerId) -> Result<Response, Refused> {
    let mut change = Some(change);
    let exchange = exchange.without_conditions();
    let write = exchange.write::<T>(WriteKind::Create, id);
    let done = write.run(|_| change.take().ok_or_else(|| RefusalKind::Internal.into())).await?;
    let state = done.stored()?;
    exchange.answer(StatusCode::CREATED, state, state)
}
