//! The example `partner-portal` as the portal's documents and clients know the service.

mod support;

#[path = "partner_portal/conditions.rs"]
mod conditions;
#[path = "partner_portal/errors.rs"]
mod errors;
#[path = "partner_portal/lifecycle.rs"]
mod lifecycle;
#[path = "partner_portal/paths.rs"]
mod paths;
#[path = "partner_portal/races.rs"]
mod races;
#[path = "partner_portal/switches.rs"]
mod switches;

use serde_json::{Value, json};
use support::{Client, Example, Request, Response, Store};

const PORTAL: &str = "partner-portal";
const OFFER: &str = "/api/publishers/contoso/offers/vm";

fn portal(flags: &[&str]) -> Example {
    Example::start(PORTAL, Store::Memory, flags)
}

/// With the version of the API.
fn at(path: &str) -> String {
    format!("{path}?api-version=2017-10-31")
}

fn below(path: &str) -> String {
    at(&format!("{OFFER}/{path}"))
}

fn get(client: &mut Client, path: &str) -> Response {
    client.send(&Request::get(at(path)))
}

fn document(text: &str) -> Value {
    json!({
        "offerTypeId": "microsoft-azure-virtualmachines",
        "offerTypeVersions": { "microsoft-azure-virtualmachines": 87 },
        "definition": { "displayText": text, "offer": {}, "plans": [{ "planId": "small" }] },
    })
}

fn put(text: &str) -> Request {
    Request::put(at(OFFER), &document(text))
}

fn post(action: &str) -> Request {
    Request::post(below(action), &json!({ "metadata": { "notification-emails": "ada@contoso.test" } }))
}

/// Creates the offer, and gives its tag.
#[track_caller]
fn create(client: &mut Client) -> String {
    client.send(&put("first").if_match("*")).expect(201).etag()
}

/// Asserts an error in the portal's form.
#[track_caller]
fn expect_error(response: Response, status: u16, code: &str) -> String {
    let response = response.expect(status);
    assert_eq!(response.header("content-type"), Some("application/json; charset=utf-8"), "{response:?}");
    let body = response.json();
    assert_eq!(body["error"]["code"], code, "{response:?}");
    assert_eq!(body.as_object().map(serde_json::Map::len), Some(1), "{response:?}");
    body["error"]["message"].as_str().expect("a message").to_owned()
}
