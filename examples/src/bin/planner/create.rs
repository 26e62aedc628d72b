//! New plans, buckets and tasks. A plan and a task come with their details.

use axum::response::Response;
use etag_axum::{Change, DialectJson, Refused};
use etag_core::{Expectation, Put, RefusalKind, Scan, StoreExt as _, Versioned as _, WriteKind};
use http::StatusCode;
use serde_json::{Value, json};

use crate::{
    body::Members,
    entity::{self, Entity, limit},
    id::PlannerId,
    model::{Bucket, Plan, PlanDetails, Task, TaskDetails},
    scene::Scene,
};

pub(crate) async fn plan(scene: Scene, DialectJson(body): DialectJson<Members>) -> Result<Response, Refused> {
    let id = scene.new_id();
    let owner = owner(&body).ok_or_else(|| Refused::invalid("a plan needs an owner, or a container"))?;
    let container = json!({ "containerId": owner, "type": "group", "url": format!("https://graph.microsoft.com/v1.0/groups/{owner}") });
    let given = json!({ "id": id, "owner": owner, "container": container, "createdBy": scene.me() });
    let plan: Plan = entity::new(given, body, &scene)?;
    let details = entity::new::<PlanDetails>(json!({ "id": id }), Members::new(), &scene)?;
    let details = scene.put(&details, Expectation::Absent)?;
    created(scene, plan, Some(details)).await
}

/// The group that a new plan is of: its owner, the container's id, or the end of the container's URL.
fn owner(body: &Members) -> Option<String> {
    let container = body.get("container");
    let member = |name: &str| container.and_then(|container| container.get(name)).and_then(Value::as_str);
    let owner = body.get("owner").and_then(Value::as_str).or_else(|| member("containerId"));
    let owner = owner.or_else(|| member("url").and_then(|url| url.rsplit('/').next()))?;
    (!owner.is_empty()).then(|| owner.to_owned())
}

pub(crate) async fn bucket(scene: Scene, DialectJson(body): DialectJson<Members>) -> Result<Response, Refused> {
    let plan_id = plan_of(&body, &scene).await?;
    let bucket: Bucket = entity::new(json!({ "id": scene.new_id(), "planId": plan_id }), body, &scene)?;
    created(scene, bucket, None).await
}

pub(crate) async fn task(scene: Scene, DialectJson(body): DialectJson<Members>) -> Result<Response, Refused> {
    let (id, plan_id) = (scene.new_id(), plan_of(&body, &scene).await?);
    demand_room(&scene, &plan_id).await?;
    let task: Task = entity::new(json!({ "id": id, "planId": plan_id }), body.clone(), &scene)?;
    task.demand_bucket(&body, &scene).await?;
    let mut details = entity::new::<TaskDetails>(json!({ "id": id }), Members::new(), &scene)?;
    details.preview_type = task.preview_type;
    let details = scene.put(&details, Expectation::Absent)?;
    created(scene, task, Some(details)).await
}

/// The plan that a body names, which there must be.
async fn plan_of(body: &Members, scene: &Scene) -> Result<PlannerId, Refused> {
    let id = body.get("planId").cloned().ok_or_else(|| Refused::invalid("planId is missing"))?;
    Ok(scene.named::<Plan>("planId", id).await?.id.clone())
}

/// Counts, where there is a limit. Tasks that come at the same time are not seen.
async fn demand_room(scene: &Scene, plan: &PlannerId) -> Result<(), Refused> {
    let Some(most) = scene.rules.limits.max_tasks_in_plan else { return Ok(()) };
    let tasks = Scan::new(Task::MODEL.collection, most + 1).under("plan", Plan::key_of(plan));
    limit("MaximumTasksInProject", scene.exchange.store().count(&tasks).await? + 1, most)
}

/// Creates a value, and its details with it. No tag can be one of what has just got its id, so none is looked at.
async fn created<T: Entity>(mut scene: Scene, value: T, details: Option<Put>) -> Result<Response, Refused> {
    scene.exchange = scene.exchange.without_conditions();
    let id = value.id().clone();
    let mut change = Some(details.into_iter().fold(Change::put(value), Change::with));
    let write = scene.write::<T>(WriteKind::Create, &id);
    let done = write.run(|_| change.take().ok_or_else(|| RefusalKind::Internal.into())).await?;
    let state = done.stored()?;
    scene.exchange.answer(StatusCode::CREATED, state, state)
}
