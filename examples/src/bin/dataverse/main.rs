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

use std::process::ExitCode;

use axum::{Extension, Router, middleware::map_response, routing::any};
use clap::Args;
use etag_axum::{Dialogue, RequestBatch};
use examples::{App, Defaults, Flags, TokenFlags, run};

use crate::switches::Switches;

const DEFAULTS: Defaults = Defaults {
    name: "dataverse",
    about: "The Dataverse Web API's conditional requests",
    listen: "127.0.0.1:4014",
    store: "memory",
};

#[derive(Args)]
struct OwnFlags {
    #[command(flatten)]
    token: TokenFlags,
    #[command(flatten)]
    switches: Switches,
}

#[tokio::main]
async fn main() -> ExitCode {
    let (flags, own) = Flags::parse_with::<OwnFlags>(DEFAULTS);
    run(flags, async |store| {
        let dialogue = Dialogue::new(store, own.switches.dialect());
        Ok(App { router: router(&dialogue, &own), hints: HINTS.map(str::to_owned).to_vec() })
    })
    .await
}

fn router(dialogue: &Dialogue, own: &OwnFlags) -> Router {
    let serve = |routes: Router<Dialogue>| {
        let guarded = own.token.guard(routes).layer(Extension(own.switches.clone()));
        dialogue.serve(guarded).layer(map_response(dispatch::with_odata_headers))
    };
    let rows = Router::new().route("/api/data/{version}/{*path}", any(dispatch::dispatch));
    let batch = RequestBatch::new(dialogue, serve(rows.clone()))
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
