//! The example `planner` over raw HTTP: what its README says of requests and answers, one test for each rule.

#[path = "planner/atomic_batches.rs"]
mod atomic_batches;
#[path = "planner/batches.rs"]
mod batches;
#[path = "planner/bodies.rs"]
mod bodies;
#[path = "planner/errors.rs"]
mod errors;
#[path = "planner/families.rs"]
mod families;
#[path = "planner/ids.rs"]
mod ids;
#[path = "planner/lists.rs"]
mod lists;
#[path = "planner/merging.rs"]
mod merging;
#[path = "planner/preconditions.rs"]
mod preconditions;
#[path = "planner/races.rs"]
mod races;
#[path = "planner/representations.rs"]
mod representations;
mod support;
#[path = "planner/switches.rs"]
mod switches;
#[path = "planner/tags.rs"]
mod tags;

use serde_json::{Value, json};
use support::{Client, Example, Request, Response, Store};

/// The text of 409, as the service has it.
const CONFLICTED: &str = "The attempted changes conflicted with already accepted changes. Read the latest state and resolve \
                          differences.";

/// A server in memory with one plan and one bucket, and a connection to it.
struct Planner {
    client: Client,
    plan: String,
    bucket: String,
    example: Example,
}

/// A task, with the tags that it and its details were created with.
struct Task {
    id: String,
    etag: String,
    details_etag: String,
}

impl Planner {
    #[track_caller]
    fn start(flags: &[&str]) -> Self {
        Self::on(Example::start("planner", Store::Memory, flags))
    }

    #[track_caller]
    fn on(example: Example) -> Self {
        let mut client = example.client();
        let plan = create(&mut client, "plans", &json!({ "owner": "group-1", "title": "Move" }));
        let bucket = create(&mut client, "buckets", &json!({ "planId": plan, "name": "To do", "orderHint": " !" }));
        Self { client, plan, bucket, example }
    }

    #[track_caller]
    fn send(&mut self, request: &Request) -> Response {
        self.client.send(request)
    }

    #[track_caller]
    fn get(&mut self, path: &str) -> Value {
        self.send(&Request::get(format!("/v1.0{path}"))).expect(200).json()
    }

    #[track_caller]
    fn task(&mut self) -> Task {
        Task::create(&mut self.client, &self.plan)
    }

    /// Changes something under a tag.
    #[track_caller]
    fn patch(&mut self, path: &str, etag: &str, body: &Value) -> Response {
        self.send(&patch(path, body).if_match(etag))
    }
}

impl Task {
    #[track_caller]
    fn create(client: &mut Client, plan: &str) -> Self {
        let body = json!({ "planId": plan, "title": "Paint the fence" });
        let task = client.send(&Request::post("/v1.0/planner/tasks", &body)).expect(201).json();
        let id = task["id"].as_str().expect("tasks have ids").to_owned();
        let details = client.send(&Request::get(format!("/v1.0/planner/tasks/{id}/details"))).expect(200).json();
        Self { etag: etag(&task), details_etag: etag(&details), id }
    }

    fn path(&self) -> String {
        format!("/planner/tasks/{}", self.id)
    }

    fn details(&self) -> String {
        format!("/planner/tasks/{}/details", self.id)
    }
}

fn patch(path: &str, body: &Value) -> Request {
    Request::new("PATCH", format!("/v1.0{path}")).json(body)
}

fn delete(path: &str) -> Request {
    Request::delete(format!("/v1.0{path}"))
}

#[track_caller]
fn create(client: &mut Client, collection: &str, body: &Value) -> String {
    let created = client.send(&Request::post(format!("/v1.0/planner/{collection}"), body)).expect(201).json();
    created["id"].as_str().expect("all have ids").to_owned()
}

/// The tag in a representation.
#[track_caller]
fn etag(representation: &Value) -> String {
    representation["@odata.etag"].as_str().unwrap_or_else(|| panic!("no tag in {representation}")).to_owned()
}

/// An item of a checklist.
fn item(title: &str) -> Value {
    json!({ "@odata.type": "#microsoft.graph.plannerChecklistItem", "title": title })
}

impl Response {
    /// Asserts that it is an error of the service, with this text.
    #[track_caller]
    fn expect_error(self, status: u16, message: &str) -> Value {
        let response = self.expect(status);
        let error = response.json()["error"].clone();
        assert_eq!(error["message"], message, "{response:?}");
        error
    }
}
