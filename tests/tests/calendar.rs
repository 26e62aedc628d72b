//! The example `calendar` over raw HTTP: what its README says of requests and answers, one test for each rule.

#[path = "calendar/batches.rs"]
mod batches;
#[path = "calendar/bodies.rs"]
mod bodies;
#[path = "calendar/calendars.rs"]
mod calendars;
#[path = "calendar/events.rs"]
mod events;
#[path = "calendar/lists.rs"]
mod lists;
#[path = "calendar/moves.rs"]
mod moves;
#[path = "calendar/races.rs"]
mod races;
#[path = "calendar/robustness.rs"]
mod robustness;
mod support;
#[path = "calendar/switches.rs"]
mod switches;

use serde_json::{Value, json};
use support::{Client, Example, Request, Response, Store};

const BASE: &str = "/calendar/v3";
const EVENTS: &str = "/calendar/v3/calendars/primary/events";

/// A server, a client of it, and an event.
struct Story {
    _server: Example,
    client: Client,
    path: String,
    event: Value,
}

impl Story {
    fn begin() -> Self {
        Self::with(&[])
    }

    fn with(flags: &[&str]) -> Self {
        let server = Example::start("calendar", Store::Memory, flags);
        let mut client = server.client();
        let event = client.send(&Request::post(EVENTS, &event("Lunch"))).expect(200).json();
        let path = format!("{EVENTS}/{}", event["id"].as_str().expect("events have ids"));
        Self { _server: server, client, path, event }
    }

    fn etag(&self) -> String {
        tag(&self.event)
    }

    #[track_caller]
    fn send(&mut self, request: &Request) -> Response {
        self.client.send(request)
    }

    #[track_caller]
    fn get(&mut self, path: &str) -> Value {
        self.send(&Request::get(path)).expect(200).json()
    }

    /// Somebody else changes the event.
    #[track_caller]
    fn meanwhile(&mut self) -> Value {
        let change = patch(&self.path, &json!({ "location": "Elsewhere" }));
        self.send(&change).expect(200).json()
    }
}

fn event(summary: &str) -> Value {
    json!({ "summary": summary, "start": { "date": "2026-12-01" }, "end": { "date": "2026-12-02" } })
}

fn patch(path: &str, change: &Value) -> Request {
    Request::new("PATCH", path).json(change)
}

#[track_caller]
fn tag(resource: &Value) -> String {
    resource["etag"].as_str().unwrap_or_else(|| panic!("no tag in {resource}")).to_owned()
}

/// Asserts that it is this error, in the service's envelope.
#[track_caller]
fn expect_error(answer: Response, status: u16, reason: &str, message: &str) {
    let body = answer.expect(status).json();
    let (error, item) = (&body["error"], &body["error"]["errors"][0]);
    let told = json!([error["code"], error["message"], item["domain"], item["reason"], item["message"]]);
    assert_eq!(told, json!([status, message, "global", reason, message]), "{body}");
}
