//! What tasks have that other resources have not: details within them, a bucket, and a member that is their details'.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Path, RawQuery},
    response::Response,
};
use etag_axum::{Change, DialectJson, Exchange, Refused, Representation};
use etag_core::{Expectation, RefusalKind, Snapshot, WriteKind, put_document};

use crate::{
    body::{Members, invalid},
    entity::{self, Scene},
    id::PlannerId,
    model::{Bucket, PreviewType, Task, TaskDetails},
    resource,
    rules::Rules,
};

/// A task; with `$expand=details` its details are in it, with their own tag.
pub(crate) async fn read(
    exchange: Exchange,
    Path(id): Path<PlannerId>,
    RawQuery(query): RawQuery,
) -> Result<Response, Refused> {
    let task = exchange.fetch::<Task>(&id).await?;
    let wants_details = query.is_some_and(|query| query.replace("%24", "$").contains("$expand=details"));
    if !wants_details {
        return exchange.read(&task, &task);
    }
    let details = exchange.fetch::<TaskDetails>(&id).await?;
    let details = exchange.represent(&details, &details)?;
    exchange.read(&task, Representation::new().with_all(&task)?.with("details", details)?)
}

pub(crate) async fn patch(
    exchange: Exchange,
    Extension(rules): Extension<Arc<Rules>>,
    Path(id): Path<PlannerId>,
    DialectJson(body): DialectJson<Members>,
) -> Result<Response, Refused> {
    let (changes, scene) = (entity::changes::<Task>(body), Scene::of(&exchange, &rules));
    let bucket = match changes.get("bucketId") {
        Some(id) if !id.is_null() => Some(bucket(&exchange, id.clone()).await?),
        _ => None,
    };
    let write = exchange.write::<Task>(WriteKind::Update, &id).changing(entity::paths::<Task>(&changes));
    let done = write
        .run_async(async |before| {
            let before = before.ok_or(RefusalKind::NotFound)?;
            let task = entity::changed(before.value(), &changes, &scene)?;
            demand_same_plan(&task, bucket.as_ref())?;
            match details_to_change(&exchange, &id, &changes).await? {
                Some(details) => with_details(&exchange, task, &details),
                None => Ok(Change::put(task)),
            }
        })
        .await?;
    resource::changed(&exchange, &done)
}

/// The details with the preview that a change of their task gives them: it is theirs, and the task only shows it.
async fn details_to_change(
    exchange: &Exchange,
    id: &PlannerId,
    changes: &Members,
) -> Result<Option<(Snapshot<TaskDetails>, PreviewType)>, Refused> {
    let Some(preview) = changes.get("previewType") else { return Ok(None) };
    let preview = serde_json::from_value(preview.clone()).map_err(|error| invalid(error.to_string()))?;
    Ok(exchange.find(id).await?.map(|details| (details, preview)))
}

fn with_details(
    exchange: &Exchange,
    task: Task,
    (details, preview_type): &(Snapshot<TaskDetails>, PreviewType),
) -> Result<Change<Task>, Refused> {
    let changed = TaskDetails { preview_type: *preview_type, ..details.value().clone() };
    let put = put_document(exchange.store(), &changed, Expectation::At(details.revision()))?;
    Ok(Change::put(task).with(put))
}

/// The bucket that a body names.
pub(crate) async fn bucket(exchange: &Exchange, id: serde_json::Value) -> Result<Snapshot<Bucket>, Refused> {
    let id: PlannerId = serde_json::from_value(id).map_err(|error| invalid(format!("bucketId: {error}")))?;
    exchange.get(&id).await
}

pub(crate) fn demand_same_plan(task: &Task, bucket: Option<&Snapshot<Bucket>>) -> Result<(), Refused> {
    if bucket.is_some_and(|bucket| bucket.plan_id != task.plan_id) {
        return Err(invalid("the bucket is one of another plan"));
    }
    Ok(())
}
