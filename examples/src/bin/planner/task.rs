//! What tasks have that other resources have not: details within them, a bucket, and a member that is their details'.

use axum::{extract::Path, response::Response};
use etag_axum::{Parameters, Refused, Representation};
use etag_core::{Expectation, IfUnchanged, Put};

use crate::{
    body::Members,
    id::PlannerId,
    model::{Bucket, Task, TaskDetails},
    rules::{Buckets, TaskChange},
    scene::Scene,
};

/// A task; with `$expand=details` its details are in it, with their own tag.
pub(crate) async fn read(scene: Scene, Path(id): Path<PlannerId>, parameters: Parameters) -> Result<Response, Refused> {
    let exchange = scene.rules.conditions.of_read(scene.exchange);
    let task = exchange.fetch::<Task>(&id).await?;
    let mut expanded = parameters.get("$expand").unwrap_or_default().split(',');
    if !expanded.any(|name| name.trim() == "details") {
        return exchange.read(&task, &task);
    }
    // A tag that does not change with the details can't say that a client has them.
    let exchange = if scene.rules.families.has_details_in_tag() { exchange } else { exchange.without_conditions() };
    let details = exchange.fetch::<TaskDetails>(&id).await?;
    let details = exchange.represent(&details, &details)?;
    exchange.read(&task, Representation::new().with_all(&task)?.with("details", details)?)
}

impl Task {
    /// Demands that the bucket that a body names is one that the task may be in.
    pub(crate) async fn demand_bucket(&self, body: &Members, scene: &Scene) -> Result<(), Refused> {
        let Some(id) = body.get("bucketId").filter(|id| !id.is_null()) else { return Ok(()) };
        let bucket = scene.named::<Bucket>("bucketId", id.clone()).await?;
        if scene.rules.families.buckets == Buckets::OfItsPlan && bucket.plan_id != self.plan_id {
            return Err(Refused::invalid("the bucket is one of another plan"));
        }
        Ok(())
    }

    /// What a change of the task does to its details: the preview is theirs, and the task only shows it.
    pub(crate) async fn details_along(&self, changes: &Members, scene: &Scene) -> Result<Option<Put>, Refused> {
        let touches = scene.rules.families.task_change == TaskChange::TouchesDetails;
        if !touches && !changes.contains_key("previewType") {
            return Ok(None);
        }
        let Some(details) = scene.exchange.find::<TaskDetails>(&self.id).await? else { return Ok(None) };
        let shown = TaskDetails { preview_type: self.preview_type, ..details.value().clone() };
        let mut put = scene.put(&shown, Expectation::At(details.revision()))?;
        if touches {
            put.if_unchanged = IfUnchanged::Rewrite;
        }
        Ok(Some(put))
    }
}
