//! Reads of several contacts.

use serde_json::json;

use crate::{NOT_FOUND, contacts, create, create_ada, etag_of, name_of, refusal, support::Request};

fn list(query: &str) -> Request {
    Request::get(format!("/v1/people/me/connections?{query}"))
}

#[test]
fn a_list_comes_in_pages_with_totals_and_a_tag_for_each() {
    let (_server, mut client) = contacts(&[]);
    let made: Vec<_> = (0..5).map(|_| create_ada(&mut client)).collect();
    let (mut found, mut token) = (Vec::new(), String::new());
    for size in [2, 2, 1] {
        let page = client.send(&list(&format!("personFields=names&pageSize=2&pageToken={token}"))).expect(200).json();
        assert_eq!((&page["totalPeople"], &page["totalItems"]), (&json!(5), &json!(5)));
        let connections = page["connections"].as_array().expect("a list");
        assert_eq!(connections.len(), size);
        found.extend(connections.iter().map(|person| (name_of(person).to_owned(), etag_of(person).to_owned())));
        token = page["nextPageToken"].as_str().unwrap_or_default().to_owned();
    }
    assert_eq!(token, "");
    let made: Vec<_> = made.iter().map(|person| (name_of(person).to_owned(), etag_of(person).to_owned())).collect();
    assert_eq!(found, made);
}

#[test]
fn a_list_needs_a_mask_and_a_page_that_there_is() {
    let (_server, mut client) = contacts(&[]);
    let message = "personFields mask is required. Please specify one or more valid paths.";
    refusal(client.send(&list("")), 400, "INVALID_ARGUMENT", message);
    for size in ["1001", "-1", "many"] {
        let answer = client.send(&list(&format!("personFields=names&pageSize={size}")));
        refusal(answer, 400, "INVALID_ARGUMENT", "Page size must be between 1 and 1000.");
    }
    let answer = client.send(&list("personFields=names&pageToken=none"));
    refusal(answer, 400, "INVALID_ARGUMENT", "Invalid page token.");
}

#[test]
fn a_page_token_is_good_for_its_own_list_alone() {
    let (_server, mut client) = contacts(&[]);
    create_ada(&mut client);
    create_ada(&mut client);
    let page = client.send(&list("personFields=names&pageSize=1")).expect(200).json();
    let token = page["nextPageToken"].as_str().expect("there is another page");
    client.send(&list(&format!("personFields=names&pageToken={token}"))).expect(200);
    let answer = client.send(&Request::get(format!("/v1/contactGroups?pageToken={token}")));
    refusal(answer, 400, "INVALID_ARGUMENT", "Invalid page token.");
}

#[test]
fn sync_tokens_are_given_and_have_always_expired() {
    let (_server, mut client) = contacts(&[]);
    let full = client.send(&list("personFields=names&requestSyncToken=true")).expect(200).json();
    let token = full["nextSyncToken"].as_str().expect("it was asked for");
    let answer = client.send(&list(&format!("personFields=names&syncToken={token}"))).expect(400);
    assert_eq!(answer.json()["error"]["details"][0]["reason"], "EXPIRED_SYNC_TOKEN");
    assert!(client.send(&list("personFields=names")).expect(200).json().get("nextSyncToken").is_none());
}

#[test]
fn several_contacts_are_read_each_with_its_own_status() {
    let (_server, mut client) = contacts(&[]);
    let ada = create(&mut client, &json!({ "names": [{ "givenName": "Ada" }] }));
    let target =
        format!("/v1/people:batchGet?personFields=names&resourceNames={}&resourceNames=people/c1", name_of(&ada));
    let responses = client.send(&Request::get(target)).expect(200).json()["responses"].clone();
    let [found, missing] = &responses.as_array().expect("a list")[..] else { panic!("{responses}") };
    assert_eq!((&found["httpStatusCode"], &found["status"]), (&json!(200), &json!({})));
    assert_eq!(found["requestedResourceName"], ada["resourceName"]);
    assert_eq!(found["person"]["etag"], ada["etag"]);
    let status = json!({ "code": 5, "message": NOT_FOUND, "details": [] });
    assert_eq!(missing, &json!({ "httpStatusCode": 404, "requestedResourceName": "people/c1", "status": status }));
}

#[test]
fn of_200_names_at_most_is_asked() {
    let (_server, mut client) = contacts(&[]);
    let names = |count| "&resourceNames=people/c1".repeat(count);
    let get = |count| Request::get(format!("/v1/people:batchGet?personFields=names{}", names(count)));
    client.send(&get(200)).expect(200);
    client.send(&get(201)).expect(400);
    client.send(&get(0)).expect(400);
}
