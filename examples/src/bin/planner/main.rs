//! Microsoft Graph Planner: plans, buckets, tasks and their details, each with a tag of its own, and a service that merges
//! what does not conflict.

mod body;
mod create;
mod dialect;
mod entity;
mod graph_batch;
mod id;
mod lists;
mod model;
mod order_hint;
mod resource;
mod rules;
mod scene;
mod tag;
mod task;

use std::{process::ExitCode, sync::Arc};

use axum::{
    Extension, Router,
    routing::{get, post},
};
use etag_axum::{Dialogue, RequestBatch};
use etag_core::{Error, Store};
use examples::{App, Defaults, Flags, run};

use crate::{
    model::{Bucket, Plan, PlanDetails, Task, TaskDetails},
    rules::Rules,
};

const DEFAULTS: Defaults = Defaults {
    name: "planner",
    about: "Microsoft Graph Planner, as far as its concurrency control goes",
    listen: "127.0.0.1:4011",
    store: "memory",
};

/// The versions of the API, which are the same here.
const VERSIONS: [&str; 2] = ["/v1.0", "/beta"];

#[tokio::main]
async fn main() -> ExitCode {
    let (flags, rules) = Flags::parse_with::<Rules>(DEFAULTS);
    run(flags, async |store| Ok::<_, Error>(planner(store, rules))).await
}

fn planner(store: Arc<dyn Store>, rules: Rules) -> App {
    // A delete takes details along that nobody may have written since the start.
    let dialogue = Dialogue::new(store, rules.dialect()).knowing::<TaskDetails>();
    let rules = Arc::new(rules);
    let served =
        |routes: Router<Dialogue>| dialogue.serve(rules.token.guard(routes.layer(Extension(Arc::clone(&rules)))));
    let single = served(versions());
    let router = served(VERSIONS.into_iter().fold(versions(), |router, version| {
        let batch = RequestBatch::new(&dialogue, single.clone()).below(version);
        router.route(&format!("{version}/$batch"), batch.route())
    }));
    App { router, hints: HINTS.map(str::to_owned).to_vec() }
}

fn versions() -> Router<Dialogue> {
    VERSIONS.into_iter().fold(Router::new(), |router, version| router.nest(version, routes()))
}

fn routes() -> Router<Dialogue> {
    Router::new()
        .route("/me/planner/tasks", get(lists::my_tasks))
        .route("/users/{user}/planner/tasks", get(lists::tasks_of_user))
        .route("/groups/{group}/planner/plans", get(lists::plans_of_group))
        .route("/planner/plans", post(create::plan))
        .route(
            "/planner/plans/{id}",
            get(resource::read::<Plan>).patch(resource::patch::<Plan>).delete(resource::delete::<Plan>),
        )
        .route("/planner/plans/{id}/details", get(resource::read::<PlanDetails>).patch(resource::patch::<PlanDetails>))
        .route("/planner/plans/{id}/buckets", get(lists::children::<Plan, Bucket>))
        .route("/planner/plans/{id}/tasks", get(lists::children::<Plan, Task>))
        .route("/planner/buckets", post(create::bucket))
        .route(
            "/planner/buckets/{id}",
            get(resource::read::<Bucket>).patch(resource::patch::<Bucket>).delete(resource::delete::<Bucket>),
        )
        .route("/planner/buckets/{id}/tasks", get(lists::children::<Bucket, Task>))
        .route("/planner/tasks", post(create::task))
        .route("/planner/tasks/{id}", get(task::read).patch(resource::patch::<Task>).delete(resource::delete::<Task>))
        .route("/planner/tasks/{id}/details", get(resource::read::<TaskDetails>).patch(resource::patch::<TaskDetails>))
}

const HINTS: [&str; 2] = [
    "curl -i {url}/v1.0/planner/plans -H 'Content-Type: application/json' -d '{\"owner\":\"my-group\",\"title\":\"Plan\"}'",
    "curl -i {url}/v1.0/groups/my-group/planner/plans",
];
