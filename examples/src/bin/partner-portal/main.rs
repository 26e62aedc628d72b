//! An emulation of the publishing API of the Microsoft Cloud Partner Portal: offers that are written under `If-Match` only.

mod dialect;
mod model;
mod offers;
mod operations;
mod rules;
mod switches;
mod workflow;

use std::{process::ExitCode, sync::Arc};

use axum::{
    Extension, Router, middleware,
    routing::{get, post},
};
use etag_axum::Dialogue;
use etag_core::Store;
use examples::{App, Defaults, Flags, ignore_headers, is_read, run};

use crate::{
    rules::{demand_own_publisher, demand_version},
    switches::Portal,
    workflow::Kind,
};

const DEFAULTS: Defaults = Defaults {
    name: "partner-portal",
    about: "An emulation of the Cloud Partner Portal's publishing API, whose writes say whether they compare or overwrite",
    listen: "127.0.0.1:4015",
    store: "memory",
};

#[tokio::main]
async fn main() -> ExitCode {
    let (flags, portal) = Flags::parse_with::<Portal>(DEFAULTS);
    run(flags, async |store| Ok(App { router: router(store, portal), hints: hints() })).await
}

fn router(store: Arc<dyn Store>, portal: Portal) -> Router {
    let begin = |kind| post(operations::begin).layer(Extension::<Kind>(kind));
    let offer = Router::new()
        .route("/", get(offers::read).put(offers::put))
        .route("/slot/{slot}", get(offers::in_slot))
        .route("/versions/{version}", get(offers::version))
        .route("/publish", begin(Kind::Publish))
        .route("/golive", begin(Kind::GoLive))
        .route("/cancel", begin(Kind::Cancel))
        .route("/status", get(operations::status))
        .route("/submissions", get(operations::submissions))
        .route("/submissions/", get(operations::submissions))
        .route("/operations/{operation}", get(operations::operation));
    let api = Router::new()
        .route("/api/publishers", get(offers::publishers))
        .route("/api/publishers/{publisher}/offers", get(offers::list))
        .nest("/api/publishers/{publisher}/offers/{offer}", offer)
        .route("/api/operations/{operation}", get(operations::old_operation));
    let api = demand_own_publisher(api, &portal.rules).route_layer(middleware::from_fn(demand_version));
    let [in_reads, in_writes] = portal.conditions.ignored();
    let api = ignore_headers(api, in_reads, is_read);
    let api = ignore_headers(api, in_writes, |request| !is_read(request));
    let dialogue = Dialogue::new(store, portal.conditions.dialect(&portal.answers));
    dialogue.serve(portal.token.guard(api).layer(Extension(Arc::new(portal))))
}

fn hints() -> Vec<String> {
    let offer = "'{url}/api/publishers/contoso/offers/vm?api-version=2017-10-31'";
    let body = r#"-H 'Content-Type: application/json' -d '{"definition":{"plans":[{"planId":"small"}]}}'"#;
    vec![
        format!("curl -i -X PUT {offer} -H 'If-Match: *' {body}"),
        format!("curl -i {offer}"),
        format!("curl -i -X PUT {offer} {body}"),
    ]
}
