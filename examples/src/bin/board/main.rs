//! A task board in which no update is lost: boards with tasks, each with its details and a checklist.

mod hints;
mod model;
mod seed;

use std::{process::ExitCode, sync::Arc};

use etag_axum::{Api, Resource};
use etag_core::{Error, Store};
use examples::{App, Defaults, Flags, docs_page, health, run};
use tower_http::cors::Any;

use crate::model::{Board, Details, Item, Task};

const DEFAULTS: Defaults = Defaults {
    name: "board",
    about: "A task board whose updates are conditional",
    listen: "127.0.0.1:4010",
    store: "sqlite:board.db",
};

#[tokio::main]
async fn main() -> ExitCode {
    run(Flags::parse_or(DEFAULTS), board).await
}

async fn board(store: Arc<dyn Store>) -> Result<App, Error> {
    seed::fill_if_empty(&*store).await?;
    let hints = hints::commands(&*store).await?;
    let api = Api::new(store)
        .title("Task board")
        .cors(Any)
        .resource(Resource::<Board>::new())
        .resource(Resource::<Task>::new())
        .resource(Resource::<Details>::new().starts_with_parent(Details::of))
        .resource(Resource::<Item>::new());
    Ok(App { router: api.router().merge(docs_page()).merge(health()), hints })
}
