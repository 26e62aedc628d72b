//! A server that speaks as Google Calendar does: updates may be conditional, and reads too.

mod account;
mod acl;
mod batch;
mod calendars;
mod conditions;
mod dialect;
mod errors;
mod event_actions;
mod events;
mod ids;
mod members;
mod model;
mod rate;
mod resources;
mod switches;
mod view;

use std::{process::ExitCode, sync::Arc};

use axum::{
    Extension, Router, middleware,
    routing::{get, post},
};
use etag_axum::Dialogue;
use etag_core::{Error, Store};
use examples::{App, Defaults, Flags, health, run};

use crate::{
    account::SettingView,
    acl::RuleView,
    calendars::{CalendarView, EntryView},
    events::EventView,
    rate::RateLimit,
    resources::{edit, read},
    switches::{CalendarFlags, Switches},
};

const DEFAULTS: Defaults = Defaults {
    name: "calendar",
    about: "Google Calendar's API, with its tags and conditions",
    listen: "127.0.0.1:4013",
    store: "memory",
};

const HINTS: [&str; 3] = [
    r#"curl -i {url}/calendar/v3/calendars/primary/events -H 'Content-Type: application/json' -d '{"id":"lunch","summary":"Lunch","start":{"date":"2026-12-01"},"end":{"date":"2026-12-02"}}'"#,
    r#"curl -i -X PATCH {url}/calendar/v3/calendars/primary/events/lunch -H 'If-Match: "1"' -H 'Content-Type: application/json' -d '{"summary":"Dinner"}'"#,
    "curl -i {url}/calendar/v3/calendars/primary/events",
];

#[tokio::main]
async fn main() -> ExitCode {
    let (flags, own) = Flags::parse_with::<CalendarFlags>(DEFAULTS);
    run(flags, async move |store| calendar(store, own).await).await
}

async fn calendar(store: Arc<dyn Store>, flags: CalendarFlags) -> Result<App, Error> {
    account::open(&*store).await?;
    let dialogue = Dialogue::new(store, flags.switches.dialect()).with_limits(flags.switches.limits());
    let api = Router::new().nest("/calendar/v3", routes(&dialogue, flags.switches));
    let parts = batch::as_switched(api.clone(), flags.switches.batches);
    let batch = batch::route(&dialogue, dialogue.serve(flags.token.guard(parts)));
    let router = dialogue.serve(flags.token.guard(api.route("/batch/calendar/v3", batch)));
    Ok(App { router: router.merge(health()), hints: HINTS.map(str::to_owned).into() })
}

fn routes(dialogue: &Dialogue, switches: Switches) -> Router<Dialogue> {
    let mut routes = calendars_and_list().merge(events()).merge(rules_and_settings()).layer(Extension(switches));
    routes = conditions::as_switched(routes, switches.conditions);
    if let Some(requests) = switches.rate.rate_limit {
        let rate = RateLimit::new(dialogue, requests, switches.rate.rate_status);
        routes = routes.layer(middleware::from_fn_with_state(rate, rate::limit));
    }
    routes
}

fn calendars_and_list() -> Router<Dialogue> {
    let calendar = get(read::<CalendarView>).put(edit::<CalendarView>).patch(edit::<CalendarView>);
    let entry = get(read::<EntryView>).put(edit::<EntryView>).patch(edit::<EntryView>);
    Router::new()
        .route("/calendars", post(calendars::insert))
        .route("/calendars/{calendar}", calendar.delete(calendars::delete))
        .route("/calendars/{calendar}/clear", post(event_actions::clear))
        .route("/users/me/calendarList", get(calendars::list_all).post(calendars::enlist))
        .route("/users/me/calendarList/{calendar}", entry.delete(calendars::delist))
}

fn events() -> Router<Dialogue> {
    let event = get(read::<EventView>).put(edit::<EventView>).patch(edit::<EventView>);
    Router::new()
        .route("/calendars/{calendar}/events", get(events::list_all).post(events::insert))
        .route("/calendars/{calendar}/events/{event}", event.delete(events::delete).post(event_actions::import))
        .route("/calendars/{calendar}/events/quickAdd", post(event_actions::quick_add))
        .route("/calendars/{calendar}/events/{event}/move", post(event_actions::move_away))
        .route("/calendars/{calendar}/events/{event}/instances", get(event_actions::instances))
}

fn rules_and_settings() -> Router<Dialogue> {
    let rule = get(read::<RuleView>).put(edit::<RuleView>).patch(edit::<RuleView>);
    Router::new()
        .route("/calendars/{calendar}/acl", get(acl::list_all).post(acl::insert))
        .route("/calendars/{calendar}/acl/{rule}", rule.delete(acl::delete))
        .route("/users/me/settings", get(account::list_settings))
        .route("/users/me/settings/{setting}", get(read::<SettingView>))
}
