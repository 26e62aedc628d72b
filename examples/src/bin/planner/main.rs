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
    Router,
    extract::FromRef,
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
    let planner = Planner { dialogue, rules: Arc::new(rules) };
    let serve = |routes| Dialogue::serve_with(planner.rules.token.guard(routes), planner.clone());
    let single = serve(versions());
    let router = serve(VERSIONS.into_iter().fold(versions(), |router, version| {
        let batch = RequestBatch::new(&planner.dialogue, single.clone()).below(version);
        router.route(&format!("{version}/$batch"), batch.route())
    }));
    App { router, hints: HINTS.map(str::to_owned).to_vec() }
}

/// What all handlers share.
#[derive(Clone)]
struct Planner {
    dialogue: Dialogue,
    rules: Arc<Rules>,
}

impl FromRef<Planner> for Dialogue {
    fn from_ref(planner: &Planner) -> Self {
        planner.dialogue.clone()
    }
}

fn versions() -> Router<Planner> {
    VERSIONS.into_iter().fold(Router::new(), |router, version| router.merge(routes(|path| format!("{version}{path}"))))
}

fn routes(at: impl Fn(&str) -> String) -> Router<Planner> {
    Router::new()
        .route(&at("/me/planner/tasks"), get(lists::my_tasks))
        .route(&at("/users/{user}/planner/tasks"), get(lists::tasks_of_user))
        .route(&at("/groups/{group}/planner/plans"), get(lists::plans_of_group))
        .route(&at("/planner/plans"), post(create::plan))
        .route(
            &at("/planner/plans/{id}"),
            get(resource::read::<Plan>).patch(resource::patch::<Plan>).delete(resource::delete::<Plan>),
        )
        .route(
            &at("/planner/plans/{id}/details"),
            get(resource::read::<PlanDetails>).patch(resource::patch::<PlanDetails>),
        )
        .route(&at("/planner/plans/{id}/buckets"), get(lists::children::<Plan, Bucket>))
        .route(&at("/planner/plans/{id}/tasks"), get(lists::children::<Plan, Task>))
        .route(&at("/planner/buckets"), post(create::bucket))
        .route(
            &at("/planner/buckets/{id}"),
            get(resource::read::<Bucket>).patch(resource::patch::<Bucket>).delete(resource::delete::<Bucket>),
        )
        .route(&at("/planner/buckets/{id}/tasks"), get(lists::children::<Bucket, Task>))
        .route(&at("/planner/tasks"), post(create::task))
        .route(
            &at("/planner/tasks/{id}"),
            get(task::read).patch(resource::patch::<Task>).delete(resource::delete::<Task>),
        )
        .route(
            &at("/planner/tasks/{id}/details"),
            get(resource::read::<TaskDetails>).patch(resource::patch::<TaskDetails>),
        )
}

const HINTS: [&str; 2] = [
    "curl -i {url}/v1.0/planner/plans -H 'Content-Type: application/json' -d '{\"owner\":\"my-group\",\"title\":\"Plan\"}'",
    "curl -i {url}/v1.0/groups/my-group/planner/plans",
];
