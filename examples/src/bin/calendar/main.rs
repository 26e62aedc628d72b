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
    Router,
    extract::FromRef,
    middleware,
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
    let api = routes(&dialogue, flags.switches);
    let parts = batch::as_switched(api.clone(), flags.switches.batches);
    let calendar = Calendar { dialogue, switches: flags.switches };
    let serve = |routes| Dialogue::serve_with(flags.token.guard(routes), calendar.clone());
    let batch = batch::route(&calendar.dialogue, serve(parts));
    let router = serve(api.route("/batch/calendar/v3", batch));
    Ok(App { router: router.merge(health()), hints: HINTS.map(str::to_owned).into() })
}

/// What all handlers share.
#[derive(Clone)]
struct Calendar {
    dialogue: Dialogue,
    switches: Switches,
}

impl FromRef<Calendar> for Dialogue {
    fn from_ref(calendar: &Calendar) -> Self {
        calendar.dialogue.clone()
    }
}

impl FromRef<Calendar> for Switches {
    fn from_ref(calendar: &Calendar) -> Self {
        calendar.switches
    }
}

fn routes(dialogue: &Dialogue, switches: Switches) -> Router<Calendar> {
    let routes = calendars_and_list().merge(events()).merge(rules_and_settings());
    let routes = conditions::as_switched(routes, switches.conditions);
    let Some(requests) = switches.rate.rate_limit else { return routes };
    let rate = RateLimit::new(dialogue, requests, switches.rate.rate_status);
    routes.layer(middleware::from_fn_with_state(rate, rate::limit))
}

fn calendars_and_list() -> Router<Calendar> {
    let calendar = get(read::<CalendarView>).put(edit::<CalendarView>).patch(edit::<CalendarView>);
    let entry = get(read::<EntryView>).put(edit::<EntryView>).patch(edit::<EntryView>);
    Router::new()
        .route("/calendar/v3/calendars", post(calendars::insert))
        .route("/calendar/v3/calendars/{calendar}", calendar.delete(calendars::delete))
        .route("/calendar/v3/calendars/{calendar}/clear", post(event_actions::clear))
        .route("/calendar/v3/users/me/calendarList", get(calendars::list_all).post(calendars::enlist))
        .route("/calendar/v3/users/me/calendarList/{calendar}", entry.delete(calendars::delist))
}

fn events() -> Router<Calendar> {
    let event = get(read::<EventView>).put(edit::<EventView>).patch(edit::<EventView>);
    Router::new()
        .route("/calendar/v3/calendars/{calendar}/events", get(events::list_all).post(events::insert))
        .route(
            "/calendar/v3/calendars/{calendar}/events/{event}",
            event.delete(events::delete).post(event_actions::import),
        )
        .route("/calendar/v3/calendars/{calendar}/events/quickAdd", post(event_actions::quick_add))
        .route("/calendar/v3/calendars/{calendar}/events/{event}/move", post(event_actions::move_away))
        .route("/calendar/v3/calendars/{calendar}/events/{event}/instances", get(event_actions::instances))
}

fn rules_and_settings() -> Router<Calendar> {
    let rule = get(read::<RuleView>).put(edit::<RuleView>).patch(edit::<RuleView>);
    Router::new()
        .route("/calendar/v3/calendars/{calendar}/acl", get(acl::list_all).post(acl::insert))
        .route("/calendar/v3/calendars/{calendar}/acl/{rule}", rule.delete(acl::delete))
        .route("/calendar/v3/users/me/settings", get(account::list_settings))
        .route("/calendar/v3/users/me/settings/{setting}", get(read::<SettingView>))
}
