//! Contacts as the Google People API has them: the tag travels in the body, a stale one is 400, and reads lag behind writes
//! where that is asked for.

mod batches;
mod connections;
mod dialect;
mod error_format;
mod group_members;
mod groups;
mod lagging;
mod masks;
mod model;
mod pages;
mod people;
mod person;
mod switches;

use std::{process::ExitCode, sync::Arc};

use axum::{
    Router,
    extract::FromRef,
    routing::{get, post},
};
use etag_axum::{Dialogue, RequestBatch};
use etag_core::{Error, Layered, Store};
use examples::{App, Defaults, Flags, TokenFlags, health, run};

use crate::{lagging::Lagging, switches::Switches};

const DEFAULTS: Defaults = Defaults {
    name: "contacts",
    about: "Contacts as the Google People API has them",
    listen: "127.0.0.1:4012",
    store: "memory",
};

#[derive(clap::Args)]
struct MoreFlags {
    #[command(flatten)]
    token: TokenFlags,
    #[command(flatten)]
    switches: Switches,
}

#[tokio::main]
async fn main() -> ExitCode {
    let (flags, more) = Flags::parse_with::<MoreFlags>(DEFAULTS);
    run(flags, async |store| Ok::<_, Error>(contacts(store, more))).await
}

fn contacts(store: Arc<dyn Store>, flags: MoreFlags) -> App {
    let (seen, switches) = (Lagging::new(store, flags.switches.pace.clone()), Arc::new(flags.switches));
    let dialogue = Dialogue::new(Layered::new(seen.clone()), switches.dialect());
    let people = People { dialogue: dialogue.clone(), seen, switches };
    let api = Dialogue::serve_with(flags.token.guard(routes()), people);
    let batch = RequestBatch::new(&dialogue, api.clone()).route();
    App { router: api.route("/batch", batch).merge(health()), hints: hints() }
}

/// What all handlers share.
#[derive(Clone)]
struct People {
    dialogue: Dialogue,
    seen: Lagging,
    switches: Arc<Switches>,
}

impl FromRef<People> for Dialogue {
    fn from_ref(people: &People) -> Self {
        people.dialogue.clone()
    }
}

impl FromRef<People> for Lagging {
    fn from_ref(people: &People) -> Self {
        people.seen.clone()
    }
}

impl FromRef<People> for Arc<Switches> {
    fn from_ref(people: &People) -> Self {
        Self::clone(&people.switches)
    }
}

fn routes() -> Router<People> {
    Router::new()
        .route("/v1/people:createContact", post(people::create))
        .route("/v1/people:batchGet", get(batches::get))
        .route("/v1/people:batchCreateContacts", post(batches::create))
        .route("/v1/people:batchUpdateContacts", post(batches::update))
        .route("/v1/people:batchDeleteContacts", post(batches::delete))
        .route("/v1/people/{name}", get(people::read).patch(people::update).delete(people::delete))
        .route("/v1/people/me/connections", get(connections::list))
        .route("/v1/contactGroups", get(groups::list).post(groups::create))
        .route("/v1/contactGroups:batchGet", get(groups::batch_get))
        .route("/v1/contactGroups/{name}", get(groups::read).put(groups::update).delete(groups::delete))
        .route("/v1/contactGroups/{name}/members:modify", post(group_members::modify))
}

fn hints() -> Vec<String> {
    let json = "-H 'Content-Type: application/json'";
    vec![
        format!(
            "curl {{url}}/v1/people:createContact {json} -d '{{\"names\":[{{\"givenName\":\"Ada\",\"familyName\":\"Byron\"}}]}}'"
        ),
        "curl '{url}/v1/people/me/connections?personFields=names,metadata'".to_owned(),
        format!(
            "curl -X PATCH '{{url}}/v1/people/ID:updateContact?updatePersonFields=biographies' {json} \
             -d '{{\"etag\":\"ETAG\",\"biographies\":[{{\"value\":\"met in May\"}}]}}'"
        ),
    ]
}
