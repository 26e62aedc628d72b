//! The Web API of Microsoft Dataverse, as far as concurrency goes: weak row versions, upserts that can be kept from creating
//! or from updating, and batches with atomic change sets. See the README beside this file.

mod address;
mod annotations;
mod call;
mod columns;
mod dialect;
mod dispatch;
mod errors;
mod metadata;
mod options;
mod properties;
mod related;
mod rows;
mod switches;
mod tables;

use std::{process::ExitCode, sync::Arc};

use axum::{Router, extract::FromRef, routing::any};
use etag_axum::{Dialogue, RequestBatch};
use examples::{App, Defaults, Flags, run};
use tower::util::MapResponseLayer;

use crate::switches::Switches;

const DEFAULTS: Defaults = Defaults {
    name: "dataverse",
    about: "The Dataverse Web API's conditional requests",
    listen: "127.0.0.1:4014",
    store: "memory",
};

/// What all handlers share.
#[derive(Clone)]
struct Service {
    dialogue: Dialogue,
    switches: Arc<Switches>,
}

impl FromRef<Service> for Dialogue {
    fn from_ref(service: &Service) -> Self {
        service.dialogue.clone()
    }
}

#[tokio::main]
async fn main() -> ExitCode {
    let (flags, switches) = Flags::parse_with::<Switches>(DEFAULTS);
    run(flags, async |store| {
        let service =
            Service { dialogue: Dialogue::new(store, switches.dialect()), switches: Arc::new(switches.clone()) };
        Ok(App { router: router(&service), hints: HINTS.map(str::to_owned).to_vec() })
    })
    .await
}

fn router(service: &Service) -> Router {
    let serve = |routes| {
        let guarded = service.switches.token.guard(routes);
        Dialogue::serve_with(guarded, service.clone()).layer(MapResponseLayer::new(dispatch::with_odata_headers))
    };
    let rows = Router::new().route("/api/data/{version}/{*path}", any(dispatch::dispatch));
    let batch = RequestBatch::new(&service.dialogue, serve(rows.clone()))
        .without_reads_together()
        .telling_unknown_references(errors::unknown_reference);
    serve(rows.route("/api/data/{version}/$batch", batch.route()))
}

const HINTS: [&str; 3] = [
    "curl -i {url}/api/data/v9.2/accounts -H 'Content-Type: application/json' -d '{\"name\":\"Contoso\"}'",
    "curl -i {url}/api/data/v9.2/accounts",
    "curl -i -X PATCH '{url}/api/data/v9.2/accounts(ID)' -H 'If-Match: W/\"ROW VERSION\"' \
     -H 'Content-Type: application/json' -d '{\"name\":\"Fabrikam\"}'",
];
