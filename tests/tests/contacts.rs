//! The example `contacts` as the documents and clients of the Google People API know the service.

mod support;

#[path = "contacts/batches.rs"]
mod batches;
#[path = "contacts/groups.rs"]
mod groups;
#[path = "contacts/http_batch.rs"]
mod http_batch;
#[path = "contacts/lists.rs"]
mod lists;
#[path = "contacts/people.rs"]
mod people;
#[path = "contacts/propagation.rs"]
mod propagation;
#[path = "contacts/races.rs"]
mod races;
#[path = "contacts/switched_batches.rs"]
mod switched_batches;
#[path = "contacts/switches.rs"]
mod switches;
#[path = "contacts/tags.rs"]
mod tags;
#[path = "contacts/updates.rs"]
mod updates;

use serde_json::{Value, json};
use support::{Client, Example, Request, Response, Store};

const CONTACTS: &str = "contacts";

const STALE_PERSON: &str =
    "Request person.etag is different than the current person.etag. Clear local cache and get the latest person.";

const STALE_SOURCE: &str = "Request person.metadata.sources.etag is different than the current \
     person.metadata.sources.etag. Clear local cache and get the latest person.";

const NOT_FOUND: &str = "Requested entity was not found.";

/// A server with these flags. Whoever drops it stops it.
fn contacts(flags: &[&str]) -> (Example, Client) {
    let server = Example::start(CONTACTS, Store::Memory, flags);
    let client = server.client();
    (server, client)
}

#[track_caller]
fn create(client: &mut Client, person: &Value) -> Value {
    client.send(&Request::post("/v1/people:createContact", person)).expect(200).json()
}

#[track_caller]
fn create_ada(client: &mut Client) -> Value {
    create(client, &json!({ "names": [{ "givenName": "Ada" }], "biographies": [{ "value": "first" }] }))
}

fn name_of(resource: &Value) -> &str {
    resource["resourceName"].as_str().expect("it has a name")
}

fn etag_of(resource: &Value) -> &str {
    resource["etag"].as_str().expect("it has a tag")
}

fn source_etag_of(person: &Value) -> &str {
    person["metadata"]["sources"][0]["etag"].as_str().expect("it has a source with a tag")
}

fn biography_of(person: &Value) -> Option<&str> {
    person["biographies"][0]["value"].as_str()
}

fn get_request(name: &str, fields: &str) -> Request {
    Request::get(format!("/v1/{name}?personFields={fields}"))
}

#[track_caller]
fn get(client: &mut Client, name: &str) -> Value {
    client.send(&get_request(name, "names,biographies,emailAddresses,memberships,metadata")).expect(200).json()
}

fn patch(name: &str, mask: &str, person: &Value) -> Request {
    Request::new("PATCH", format!("/v1/{name}:updateContact?updatePersonFields={mask}&alt=json")).json(person)
}

/// A person with another biography.
fn with_biography(etag: &str, text: &str) -> Value {
    json!({ "etag": etag, "biographies": [{ "value": text }] })
}

/// Writes a biography under a tag.
fn write(client: &mut Client, name: &str, etag: &str, text: &str) -> Response {
    client.send(&patch(name, "biographies", &with_biography(etag, text)))
}

/// Asserts that an answer is a refusal with this canonical code and message; gives its `error`.
#[track_caller]
fn refusal(answer: Response, status: u16, canonical: &str, message: &str) -> Value {
    let answer = answer.expect(status);
    assert!(answer.header("content-type").is_some_and(|media| media.starts_with("application/json")), "{answer:?}");
    let error = answer.json()["error"].clone();
    assert_eq!(error["code"], status, "{error}");
    assert_eq!((error["status"].as_str(), error["message"].as_str()), (Some(canonical), Some(message)), "{error}");
    assert_eq!(error["errors"][0]["message"], error["message"]);
    assert_eq!(error["errors"][0]["domain"], "global");
    error
}

#[track_caller]
fn is_stale(answer: Response) {
    let error = refusal(answer, 400, "FAILED_PRECONDITION", STALE_PERSON);
    assert_eq!(error["errors"][0]["reason"], "failedPrecondition");
    assert_eq!(error["details"][0]["@type"], "type.googleapis.com/google.rpc.DebugInfo");
    assert_eq!(error["details"][0]["detail"], format!("[ORIGINAL ERROR] generic::failed_precondition: {STALE_PERSON}"));
}
