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
    Extension, Router,
    extract::FromRef,
    routing::{get, post},
};
use etag_axum::Dialogue;
use etag_core::Store;
use examples::{App, Defaults, Flags, ignore_headers, is_read, run};

use crate::{rules::demand_own_publisher, switches::Portal, workflow::Kind};

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

/// What all handlers share.
#[derive(Clone)]
struct Service {
    dialogue: Dialogue,
    portal: Arc<Portal>,
}

impl FromRef<Service> for Dialogue {
    fn from_ref(service: &Service) -> Self {
        service.dialogue.clone()
    }
}

impl FromRef<Service> for Arc<Portal> {
    fn from_ref(service: &Service) -> Self {
        Self::clone(&service.portal)
    }
}

fn router(store: Arc<dyn Store>, portal: Portal) -> Router {
    let [in_reads, in_writes] = portal.conditions.ignored();
    let api = demand_own_publisher(routes(), &portal.rules);
    let api = ignore_headers(api, in_reads, is_read);
    let api = ignore_headers(api, in_writes, |request| !is_read(request));
    let dialogue = Dialogue::new(store, portal.conditions.dialect(&portal.answers));
    Dialogue::serve_with(portal.token.guard(api), Service { dialogue, portal: Arc::new(portal) })
}

fn routes() -> Router<Service> {
    let offer = |path| format!("/api/publishers/{{publisher}}/offers/{{offer}}{path}");
    let begin = |kind| post(operations::begin).layer(Extension::<Kind>(kind));
    Router::new()
        .route("/api/publishers", get(offers::publishers))
        .route("/api/publishers/{publisher}/offers", get(offers::list))
        .route(&offer(""), get(offers::read).put(offers::put))
        .route(&offer("/slot/{slot}"), get(offers::in_slot))
        .route(&offer("/versions/{version}"), get(offers::version))
        .route(&offer("/publish"), begin(Kind::Publish))
        .route(&offer("/golive"), begin(Kind::GoLive))
        .route(&offer("/cancel"), begin(Kind::Cancel))
        .route(&offer("/status"), get(operations::status))
        .route(&offer("/submissions"), get(operations::submissions))
        .route(&offer("/submissions/"), get(operations::submissions))
        .route(&offer("/operations/{operation}"), get(operations::operation))
        .route("/api/operations/{operation}", get(operations::old_operation))
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
