//! From a draft to an offer that all see.

use serde_json::{Value, json};

use crate::support::{Client, Request, Response};
use crate::{OFFER, at, create, expect_error, get, portal, post, put};

/// Where the operation is that an answer is about.
#[track_caller]
fn location(response: &Response) -> String {
    let location = response.header("location").expect("a place").to_owned();
    assert_eq!(response.header("operation-location"), Some(&*location));
    location
}

fn operation(client: &mut Client, location: &str) -> Value {
    client.send(&Request::get(location)).expect(200).json()
}

#[track_caller]
fn expect_status(client: &mut Client, overall: &str, steps: [&str; 3]) {
    let status = get(client, &format!("{OFFER}/status")).expect(200).json();
    assert_eq!(status["status"], overall);
    let names = ["preview", "publisher-signoff", "live"];
    for (step, (name, expected)) in names.into_iter().zip(steps).enumerate() {
        assert_eq!(
            (&status["steps"][step]["stepName"], &status["steps"][step]["status"]),
            (&json!(name), &json!(expected))
        );
    }
}

#[test]
fn an_offer_is_published_and_then_goes_live() {
    let portal = portal(&[]);
    let mut client = portal.client();
    create(&mut client);
    expect_status(&mut client, "neverPublished", ["notStarted"; 3]);
    let published = location(&client.send(&post("publish")).expect(202));
    let guid = published.strip_prefix("/api/publishers/contoso/offers/vm/operations/").expect("the offer's");
    let guid = guid.strip_suffix("?api-version=2017-10-31").expect("the version");
    assert_eq!((guid.len(), guid.matches('-').count()), (36, 4));
    let expected = json!({ "id": guid, "submissionType": "publish", "version": 2, "status": "succeeded" });
    assert_eq!(operation(&mut client, &published), expected);
    expect_status(&mut client, "running", ["succeeded", "waitingForPublisherReview", "notStarted"]);
    assert_eq!(get(&mut client, OFFER).json()["status"], "waitingForPublisherReview");
    let live = location(&client.send(&post("golive")).expect(202));
    assert_eq!(operation(&mut client, &live)["submissionType"], "goLive");
    expect_status(&mut client, "succeeded", ["succeeded"; 3]);
    assert_eq!(get(&mut client, OFFER).json()["status"], "succeeded");
}

#[test]
fn each_publish_is_a_version_and_a_new_tag() {
    let portal = portal(&[]);
    let mut client = portal.client();
    let created = create(&mut client);
    assert_eq!(get(&mut client, OFFER).json()["version"], 1);
    for version in [2, 3] {
        client.send(&post("publish")).expect(202);
        assert_eq!(get(&mut client, OFFER).json()["version"], version);
    }
    assert_ne!(get(&mut client, OFFER).etag(), created);
}

#[test]
fn slots_and_versions_are_404_until_there_is_something_in_them() {
    let portal = portal(&[]);
    let mut client = portal.client();
    create(&mut client);
    let mut read = |path: &str| get(&mut client, &format!("{OFFER}/{path}"));
    assert_eq!(read("slot/draft").expect(200).json()["version"], 1);
    for empty in ["slot/preview", "slot/production", "versions/2"] {
        expect_error(read(empty), 404, "ResourceNotFound");
    }
    client.send(&post("publish")).expect(202);
    client.send(&put("second").if_match("*")).expect(200);
    let mut read = |path: &str| get(&mut client, &format!("{OFFER}/{path}"));
    assert_eq!(read("slot/preview").expect(200).json()["definition"]["displayText"], "first");
    assert_eq!(read("versions/2").expect(200).json()["definition"]["displayText"], "first");
    assert_eq!(read("slot/draft").json()["definition"]["displayText"], "second");
    expect_error(read("slot/production"), 404, "ResourceNotFound");
    client.send(&post("golive")).expect(202);
    let live = get(&mut client, &format!("{OFFER}/slot/production")).expect(200).json();
    assert_eq!((&live["definition"]["displayText"], &live["version"]), (&json!("first"), &json!(2)));
}

#[test]
fn an_operation_is_seen_running_as_often_as_is_chosen() {
    let portal = portal(&["--operation-reads", "2"]);
    let mut client = portal.client();
    create(&mut client);
    let published = location(&client.send(&post("publish")).expect(202));
    assert_eq!(operation(&mut client, &published)["status"], "running");
    expect_status(&mut client, "running", ["running", "notStarted", "notStarted"]);
    assert_eq!(operation(&mut client, &published)["status"], "succeeded");
    client.send(&post("golive")).expect(202);
    for _ in 0..2 {
        expect_status(&mut client, "running", ["succeeded", "succeeded", "running"]);
    }
    expect_status(&mut client, "succeeded", ["succeeded"; 3]);
}

#[test]
fn one_operation_runs_at_a_time() {
    let portal = portal(&["--operation-reads", "1"]);
    let mut client = portal.client();
    create(&mut client);
    client.send(&post("publish")).expect(202);
    for action in ["publish", "golive"] {
        expect_error(client.send(&post(action)), 409, "OperationNotAllowed");
    }
}

#[test]
fn a_second_operation_is_422_where_that_is_chosen() {
    let portal = portal(&["--operation-reads", "1", "--busy-status", "422"]);
    let mut client = portal.client();
    create(&mut client);
    client.send(&post("publish")).expect(202);
    expect_error(client.send(&post("publish")), 422, "OperationNotAllowed");
}

#[test]
fn an_offer_without_plans_can_not_be_published() {
    let portal = portal(&[]);
    let mut client = portal.client();
    client.send(&Request::put(at(OFFER), &json!({ "definition": {} })).if_match("*")).expect(201);
    expect_error(client.send(&post("publish")), 422, "InvalidOffer");
    assert_eq!(get(&mut client, OFFER).json()["version"], 1);
}

#[test]
fn what_was_not_published_can_not_go_live() {
    let portal = portal(&[]);
    let mut client = portal.client();
    create(&mut client);
    expect_error(client.send(&post("golive")), 409, "OperationNotAllowed");
}

#[test]
fn a_running_operation_can_be_canceled_and_fills_no_slot() {
    let portal = portal(&["--operation-reads", "9"]);
    let mut client = portal.client();
    create(&mut client);
    let published = location(&client.send(&post("publish")).expect(202));
    let canceled = location(&client.send(&post("cancel")).expect(202));
    assert_eq!(operation(&mut client, &published)["status"], "canceled");
    assert_eq!(operation(&mut client, &canceled)["status"], "succeeded");
    expect_status(&mut client, "canceled", ["notStarted"; 3]);
    expect_error(get(&mut client, &format!("{OFFER}/slot/preview")), 404, "ResourceNotFound");
    client.send(&post("publish")).expect(202);
}

#[test]
fn a_cancel_of_nothing_is_200() {
    let portal = portal(&[]);
    let mut client = portal.client();
    create(&mut client);
    let idle = client.send(&post("cancel")).expect(200);
    assert_eq!(idle.header("location"), None);
    assert_eq!(get(&mut client, OFFER).json()["status"], "neverPublished");
}

#[test]
fn submissions_are_listed_by_their_status() {
    let portal = portal(&["--operation-reads", "9"]);
    let mut client = portal.client();
    create(&mut client);
    client.send(&post("publish")).expect(202);
    client.send(&post("cancel")).expect(202);
    client.send(&post("publish")).expect(202);
    let mut statuses = |query: &str| {
        let list = client.send(&Request::get(format!("{}{query}", at(&format!("{OFFER}/submissions/"))))).expect(200);
        let list = list.json();
        list.as_array().expect("a list").iter().map(|one| one["status"].as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    let (canceled, succeeded, running) = ("canceled".to_owned(), "succeeded".to_owned(), "running".to_owned());
    assert_eq!(statuses("&status=running"), [Some(running.clone())]);
    assert_eq!(statuses("&submissionState=canceled"), [Some(canceled.clone())]);
    assert_eq!(statuses("&status="), [Some(canceled), Some(succeeded), Some(running)]);
    assert!(statuses("&status=lost").is_empty());
}

#[test]
fn operations_of_an_offer_that_was_not_migrated_have_names_of_their_own() {
    let portal = portal(&["--unmigrated"]);
    let mut client = portal.client();
    create(&mut client);
    let published = location(&client.send(&post("publish")).expect(202));
    assert_eq!(published, "/api/operations/contoso$vm$2$preview?api-version=2017-10-31");
    assert_eq!(operation(&mut client, &published)["status"], "succeeded");
    expect_error(get(&mut client, "/api/operations/contoso$vm$3$preview"), 404, "ResourceNotFound");
    expect_error(get(&mut client, "/api/operations/contoso"), 404, "ResourceNotFound");
}
