//! What is refused before any condition is looked at.

use serde_json::json;

use crate::support::Request;
use crate::{OFFER, at, below, create, expect_error, get, portal, put};

#[test]
fn a_request_must_name_the_version_of_the_api() {
    let portal = portal(&[]);
    let mut client = portal.client();
    for target in [OFFER.to_owned(), format!("{OFFER}?api-version=2016-08-01"), "/api/publishers".to_owned()] {
        let message = expect_error(client.send(&Request::get(target)), 400, "InvalidAPIVersion");
        assert_eq!(message, "Invalid api version. Allowed values are [2017-10-31]");
    }
}

#[test]
fn other_parameters_are_ignored() {
    let portal = portal(&[]);
    let mut client = portal.client();
    create(&mut client);
    client.send(&Request::get(format!("{}&alt=json", at(OFFER)))).expect(200);
}

#[test]
fn a_token_is_demanded_where_that_is_chosen() {
    let portal = portal(&["--require-token"]);
    let mut client = portal.client();
    let read = Request::get(at("/api/publishers"));
    expect_error(client.send(&read), 401, "Unauthorized");
    client.send(&read.header("authorization", "Bearer local")).expect(200);
}

#[test]
fn any_token_will_do() {
    let portal = portal(&[]);
    portal.client().send(&Request::get(at("/api/publishers")).header("Authorization", "Bearer local")).expect(200);
}

#[test]
fn the_namespace_of_another_publisher_is_403() {
    let portal = portal(&["--publisher", "fabrikam", "--publisher", "litware"]);
    let mut client = portal.client();
    expect_error(get(&mut client, "/api/publishers/contoso/offers"), 403, "Forbidden");
    expect_error(client.send(&put("first").if_match("*")), 403, "Forbidden");
    get(&mut client, "/api/publishers/fabrikam/offers").expect(200);
    let publishers = get(&mut client, "/api/publishers").json();
    assert_eq!(publishers, json!([{ "id": "fabrikam" }, { "id": "litware" }]));
}

#[test]
fn what_is_not_there_is_404() {
    let portal = portal(&[]);
    let mut client = portal.client();
    for path in ["", "/status", "/submissions/", "/slot/draft", "/slot/preview", "/versions/1", "/operations/1"] {
        expect_error(get(&mut client, &format!("{OFFER}{path}")), 404, "ResourceNotFound");
    }
    for action in ["publish", "golive", "cancel"] {
        expect_error(client.send(&crate::post(action)), 404, "ResourceNotFound");
    }
    expect_error(get(&mut client, "/nowhere"), 404, "ResourceNotFound");
}

#[test]
fn a_method_that_a_path_does_not_have_is_405() {
    let portal = portal(&[]);
    let mut client = portal.client();
    let response = client.send(&Request::delete(at(OFFER)));
    assert!(response.header("allow").is_some_and(|allow| allow.contains("PUT")), "{response:?}");
    expect_error(response, 405, "MethodNotAllowed");
    expect_error(client.send(&Request::get(below("publish"))), 405, "MethodNotAllowed");
}

#[test]
fn a_body_of_the_wrong_shape_is_400() {
    let portal = portal(&[]);
    let mut client = portal.client();
    let put = |body: &str| Request::new("PUT", at(OFFER)).if_match("*").body("application/json", body);
    for body in ["", "{", "[]", "7", r#"{"definition":7}"#, r#"{"offerTypeId":{}}"#] {
        expect_error(client.send(&put(body)), 400, "BadRequest");
    }
    create(&mut client);
    expect_error(client.send(&Request::post(below("publish"), &json!({ "metadata": 7 }))), 400, "BadRequest");
    let xml = Request::new("PUT", at(OFFER)).if_match("*").body("text/xml", "<offer/>");
    expect_error(client.send(&xml), 415, "UnsupportedMediaType");
}

#[test]
fn a_name_that_no_publisher_can_have_is_400() {
    let portal = portal(&[]);
    let mut client = portal.client();
    for name in ["a%2Fb", "%C3%A4", &"x".repeat(51)] {
        expect_error(get(&mut client, &format!("/api/publishers/contoso/offers/{name}")), 400, "BadRequest");
    }
    expect_error(get(&mut client, &format!("{OFFER}/slot/attic")), 400, "BadRequest");
    expect_error(get(&mut client, &format!("{OFFER}/versions/first")), 400, "BadRequest");
}
