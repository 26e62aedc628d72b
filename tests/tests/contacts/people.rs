//! Single contacts: made, read and deleted.

use serde_json::json;

use crate::{
    CONTACTS, NOT_FOUND, contacts, create, create_ada, get, get_request, name_of, patch, refusal,
    support::{Example, Request, Store},
};

const MASK_MISSING: &str = "personFields mask is required. Please specify one or more valid paths.";

#[test]
fn a_contact_is_made_of_all_its_fields_and_reads_so() {
    let (_server, mut client) = contacts(&[]);
    let person = json!({
        "names": [{ "givenName": "Ada" }],
        "phoneNumbers": [{ "value": "1", "type": "home" }, { "value": "2" }],
        "birthdays": [{ "date": { "year": 1815, "month": 12, "day": 10 } }],
        "shoeSizes": [{ "value": 7 }],
    });
    let made = create(&mut client, &person);
    assert_eq!(made["phoneNumbers"][1]["value"], "2");
    assert_eq!(made["phoneNumbers"][0]["metadata"]["primary"], true);
    assert_eq!(made["phoneNumbers"][1]["metadata"]["primary"], false);
    assert_eq!(made["birthdays"][0]["date"]["year"], 1815);
    assert!(made.get("shoeSizes").is_none());
    let read = client.send(&get_request(name_of(&made), "phoneNumbers")).expect(200).json();
    assert_eq!((&read["phoneNumbers"], &read["etag"]), (&made["phoneNumbers"], &made["etag"]));
    assert!(read.get("names").is_none());
}

#[test]
fn a_creation_answers_with_the_fields_that_it_asks_for_or_with_all() {
    let (_server, mut client) = contacts(&[]);
    let creation = Request::post("/v1/people:createContact?personFields=metadata", &json!({ "names": [{}] }));
    let made = client.send(&creation).expect(200).json();
    assert!(made.get("names").is_none() && made.get("metadata").is_some());
    let all = create(&mut client, &json!({ "names": [{}] }));
    assert!(all.get("names").is_some() && all.get("metadata").is_some());
}

#[test]
fn a_read_needs_a_mask_of_known_paths() {
    let (_server, mut client) = contacts(&[]);
    let ada = create_ada(&mut client);
    let name = name_of(&ada);
    for target in [format!("/v1/{name}"), format!("/v1/{name}?personFields=")] {
        refusal(client.send(&Request::get(target)), 400, "INVALID_ARGUMENT", MASK_MISSING);
    }
    let message = "Invalid personFields mask path: etag";
    refusal(client.send(&get_request(name, "names,etag")), 400, "INVALID_ARGUMENT", message);
    client.send(&get_request(name, "names,%20metadata&prettyPrint=false&sources=READ_SOURCE_TYPE_CONTACT")).expect(200);
}

#[test]
fn a_delete_needs_no_tag_and_the_contact_is_gone_then() {
    let (_server, mut client) = contacts(&[]);
    let ada = create_ada(&mut client);
    let name = name_of(&ada);
    let delete = Request::delete(format!("/v1/{name}:deleteContact"));
    assert_eq!(client.send(&delete).expect(200).json(), json!({}));
    refusal(client.send(&delete), 404, "NOT_FOUND", NOT_FOUND);
    refusal(client.send(&get_request(name, "names")), 404, "NOT_FOUND", NOT_FOUND);
    refusal(client.send(&patch(name, "names", &ada)), 404, "NOT_FOUND", NOT_FOUND);
}

#[test]
fn other_verbs_and_methods_are_refused() {
    let (_server, mut client) = contacts(&[]);
    let ada = create_ada(&mut client);
    let name = name_of(&ada);
    for (method, target) in [("PATCH", ""), ("PATCH", ":deleteContact"), ("DELETE", ""), ("DELETE", ":updateContact")] {
        let request = Request::new(method, format!("/v1/{name}{target}?updatePersonFields=names")).json(&ada);
        refusal(client.send(&request), 404, "NOT_FOUND", NOT_FOUND);
    }
    client.send(&Request::put(format!("/v1/{name}"), &ada)).expect(405);
    client.send(&Request::get("/v2/people")).expect(404);
    assert_eq!(get(&mut client, name)["etag"], ada["etag"]);
}

/// What no database likes: NUL, what is no character, deep and long texts, numbers beyond all types.
fn send_odd_texts(server: &Example) {
    let mut client = server.client();
    let deep = format!("{}{}", "[".repeat(100), "]".repeat(100));
    let long = format!("\"{}\"", "x".repeat(300_000));
    for odd in ["\"\\u0000\"", "\"\\ud800\"", "1e400", "18446744073709551616", "-0.0", &deep, &long] {
        for target in ["/v1/people:createContact", "/v1/contactGroups"] {
            let body = format!("{{\"names\":[{{\"givenName\":{odd}}}],\"contactGroup\":{{\"name\":{odd}}}}}");
            let answer = client.send(&Request::new("POST", target).body("application/json", body));
            assert!(answer.status < 500, "{target} {} {answer:?}", &odd[..odd.len().min(40)]);
        }
    }
    for id in ["%00", "c%00", "c1%00:updateContact", "%FF", "c18446744073709551616", "c-1", "c9223372036854775808"] {
        for target in [format!("/v1/people/{id}?personFields=names"), format!("/v1/contactGroups/{id}")] {
            let answer = client.send(&Request::get(&*target));
            assert!((400..500).contains(&answer.status), "{target} {answer:?}");
            assert_eq!(answer.json()["error"]["code"], answer.status);
        }
    }
}

#[test]
fn odd_texts_are_no_fault_of_the_server() {
    for store in Store::ALL {
        send_odd_texts(&Example::start(CONTACTS, store, &[]));
    }
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn odd_texts_are_no_fault_of_the_server_on_postgresql() {
    send_odd_texts(&Example::start(CONTACTS, Store::postgres(), &[]));
}

#[test]
fn a_body_that_is_no_json_is_refused() {
    let (_server, mut client) = contacts(&[]);
    let creation = Request::new("POST", "/v1/people:createContact");
    client.send(&creation.clone().body("application/json", "{")).expect(400);
    client.send(&creation.clone().body("text/plain", "Ada")).expect(415);
    client.send(&creation.body("application/json; charset=utf-8", "{\"names\":[]}")).expect(200);
}
