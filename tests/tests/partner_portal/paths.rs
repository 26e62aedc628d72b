//! What can be read.

use serde_json::json;

use crate::support::Request;
use crate::{OFFER, at, create, document, get, portal, put};

#[test]
fn an_offer_reads_as_it_was_written_with_what_the_server_adds() {
    let portal = portal(&[]);
    let mut client = portal.client();
    create(&mut client);
    let mut offer = get(&mut client, OFFER).expect(200).json();
    let changed = offer["changedTime"].take();
    assert_eq!(changed.as_str().map(|time| (time.len(), time.ends_with('Z'))), Some((28, true)));
    let mut expected = document("first");
    expected["publisherId"] = json!("contoso");
    expected["id"] = json!("vm");
    expected["status"] = json!("neverPublished");
    expected["version"] = json!(1);
    expected["changedTime"] = json!(null);
    assert_eq!(offer, expected);
}

#[test]
fn what_is_read_can_be_written_again() {
    let portal = portal(&[]);
    let mut client = portal.client();
    let etag = create(&mut client);
    let offer = get(&mut client, OFFER).json();
    let again = client.send(&Request::put(at(OFFER), &offer).if_match(etag)).expect(200).json();
    assert_eq!(again["definition"], offer["definition"]);
}

#[test]
fn the_offers_of_a_publisher_are_listed_in_short() {
    let portal = portal(&[]);
    let mut client = portal.client();
    assert_eq!(get(&mut client, "/api/publishers/contoso/offers").expect(200).json(), json!([]));
    create(&mut client);
    client.send(&Request::put(at("/api/publishers/litware/offers/db"), &document("other")).if_match("*")).expect(201);
    let list = get(&mut client, "/api/publishers/contoso/offers").json();
    assert_eq!(list.as_array().map(Vec::len), Some(1));
    assert_eq!((&list[0]["id"], &list[0]["definition"]), (&json!("vm"), &json!({ "displayText": "first" })));
    let publishers = get(&mut client, "/api/publishers").expect(200).json();
    assert_eq!(publishers, json!([{ "id": "contoso" }, { "id": "litware" }]));
}

#[test]
fn the_list_is_longer_than_a_page() {
    let portal = portal(&[]);
    let mut client = portal.client();
    for number in 0..450 {
        let path = at(&format!("/api/publishers/contoso/offers/vm{number}"));
        client.send(&Request::put(path, &document("many")).if_match("*")).expect(201);
    }
    assert_eq!(get(&mut client, "/api/publishers/contoso/offers").json().as_array().map(Vec::len), Some(450));
}

#[test]
fn header_names_may_have_any_case() {
    let portal = portal(&[]);
    let mut client = portal.client();
    create(&mut client);
    client.send(&put("second").header("if-match", "*")).expect(200);
    client.send(&put("second").header("IF-MATCH", "\"1\"")).expect(412);
}

#[test]
fn a_read_may_say_that_its_body_is_empty() {
    let portal = portal(&[]);
    let mut client = portal.client();
    create(&mut client);
    client.send(&Request::get(at(OFFER)).header("content-length", "0")).expect(200);
}
