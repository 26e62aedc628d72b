//! Requests that write several contacts: all, or none.

use serde_json::{Value, json};

use crate::{
    NOT_FOUND, STALE_PERSON, biography_of, contacts, create_ada, etag_of, get, name_of, refusal,
    support::{Client, Request, Response, race},
    with_biography, write,
};

fn update(contacts: &[(&str, Value)], read_mask: &str) -> Request {
    let contacts: serde_json::Map<_, _> =
        contacts.iter().map(|(name, body)| ((*name).to_owned(), body.clone())).collect();
    let body = json!({ "contacts": contacts, "updateMask": "biographies", "readMask": read_mask });
    Request::post("/v1/people:batchUpdateContacts", &body)
}

pub(crate) fn batch_update(client: &mut Client, contacts: &[(&str, Value)], read_mask: &str) -> Response {
    client.send(&update(contacts, read_mask))
}

pub(crate) fn three(client: &mut Client) -> [Value; 3] {
    [create_ada(client), create_ada(client), create_ada(client)]
}

#[test]
fn all_contacts_of_a_batch_are_updated_and_answered_by_name() {
    let (_server, mut client) = contacts(&[]);
    let made = three(&mut client);
    let bodies = made.each_ref().map(|person| (name_of(person), with_biography(etag_of(person), "second")));
    let done = batch_update(&mut client, &bodies, "biographies").expect(200).json();
    for person in &made {
        let result = &done["updateResult"][name_of(person)];
        assert_eq!((&result["httpStatusCode"], &result["status"]), (&json!(200), &json!({})));
        assert_eq!(biography_of(&result["person"]), Some("second"));
        assert_ne!(etag_of(&result["person"]), etag_of(person));
        assert_eq!(etag_of(&get(&mut client, name_of(person))), etag_of(&result["person"]));
    }
}

#[test]
fn an_empty_read_mask_answers_nothing() {
    let (_server, mut client) = contacts(&[]);
    let [ada, ..] = three(&mut client);
    let body = [(name_of(&ada), with_biography(etag_of(&ada), "second"))];
    assert_eq!(batch_update(&mut client, &body, "").expect(200).json(), json!({}));
    assert_eq!(biography_of(&get(&mut client, name_of(&ada))), Some("second"));
}

#[test]
fn a_stale_contact_of_a_batch_is_named_alone_and_nothing_is_written() {
    let (_server, mut client) = contacts(&[]);
    let made = three(&mut client);
    write(&mut client, name_of(&made[1]), etag_of(&made[1]), "moved on").expect(200);
    let bodies = made.each_ref().map(|person| (name_of(person), with_biography(etag_of(person), "lost")));
    let error = refusal(batch_update(&mut client, &bodies, "names"), 400, "FAILED_PRECONDITION", STALE_PERSON);
    let details = &error["details"][0];
    assert_eq!(details["@type"], "type.googleapis.com/google.people.v1.BatchUpdateContactsErrorDetails");
    let culprit = json!({ "code": 9, "message": STALE_PERSON, "details": [] });
    assert_eq!(details["contactErrors"], json!({ (name_of(&made[1])): culprit }));
    let texts = made.each_ref().map(|person| biography_of(&get(&mut client, name_of(person))).map(str::to_owned));
    assert_eq!(texts.each_ref().map(Option::as_deref), [Some("first"), Some("moved on"), Some("first")]);
}

#[test]
fn all_culprits_are_named_each_with_its_own_code() {
    let (_server, mut client) = contacts(&[]);
    let [ada, ..] = three(&mut client);
    let bodies = [
        ("people/c1", with_biography("x", "lost")),
        (name_of(&ada), with_biography("%stale", "lost")),
        ("people/c2", json!({})),
    ];
    let answer = batch_update(&mut client, &bodies, "names");
    let error = refusal(answer, 400, "FAILED_PRECONDITION", STALE_PERSON);
    let errors = &error["details"][0]["contactErrors"];
    let codes = ["people/c1", "people/c2", name_of(&ada)].map(|name| errors[name]["code"].as_u64());
    assert_eq!(codes, [Some(5), Some(5), Some(9)]);
    assert_eq!(errors.as_object().map(serde_json::Map::len), Some(3));
}

#[test]
fn of_32_batches_over_the_same_contacts_one_wins() {
    let (server, mut client) = contacts(&[]);
    let made = three(&mut client);
    let mut clients: Vec<_> = (0..32).map(|_| server.client()).collect();
    let answers = race(&mut clients, |number| {
        let text = number.to_string();
        let bodies = made.each_ref().map(|person| (name_of(person), with_biography(etag_of(person), &text)));
        update(&bodies, "biographies")
    });
    let winner = crate::races::one_winner(&answers);
    let texts = made.each_ref().map(|person| biography_of(&get(&mut client, name_of(person))).map(str::to_owned));
    assert_eq!(texts, [Some(winner.to_string()), Some(winner.to_string()), Some(winner.to_string())]);
}

#[test]
fn a_batch_has_a_mask_and_at_most_200_contacts() {
    let (_server, mut client) = contacts(&[]);
    let update = |body: &Value| Request::post("/v1/people:batchUpdateContacts", body);
    let message = "updateMask mask is required. Please specify one or more valid paths.";
    let answer = client.send(&update(&json!({ "contacts": { "people/c1": {} } })));
    refusal(answer, 400, "INVALID_ARGUMENT", message);
    let many = |count: usize| (1..=count).map(|number| (format!("people/c{number}"), json!({})));
    let body = |count| json!({ "updateMask": "names", "contacts": many(count).collect::<serde_json::Map<_, _>>() });
    client.send(&update(&body(0))).expect(400);
    client.send(&update(&body(200))).expect(404);
    client.send(&update(&body(201))).expect(400);
}

#[test]
fn several_contacts_are_made_or_none() {
    let (_server, mut client) = contacts(&[]);
    let ada = json!({ "contactPerson": { "names": [{ "givenName": "Ada" }] } });
    let create = |contacts: &Value| {
        Request::post("/v1/people:batchCreateContacts", &json!({ "contacts": contacts, "readMask": "names" }))
    };
    let made = client.send(&create(&json!([ada, ada]))).expect(200).json()["createdPeople"].clone();
    assert_eq!(made.as_array().map(Vec::len), Some(2));
    assert_eq!(made[1]["person"]["names"][0]["displayName"], "Ada");
    let wrong = json!({ "contactPerson": { "names": [{}, {}] } });
    client.send(&create(&json!([ada, wrong]))).expect(400);
    client.send(&create(&json!([]))).expect(400);
    let list = client.send(&Request::get("/v1/people/me/connections?personFields=names")).expect(200);
    assert_eq!(list.json()["totalItems"], 2);
}

#[test]
fn several_contacts_are_deleted_or_none() {
    let (_server, mut client) = contacts(&[]);
    let made = three(&mut client);
    let delete = |names: &[&str]| Request::post("/v1/people:batchDeleteContacts", &json!({ "resourceNames": names }));
    let answer = client.send(&delete(&[name_of(&made[0]), "people/c1"]));
    refusal(answer, 404, "NOT_FOUND", NOT_FOUND);
    get(&mut client, name_of(&made[0]));
    let names = made.each_ref().map(name_of);
    assert_eq!(client.send(&delete(&names)).expect(200).json(), json!({}));
    client.send(&crate::get_request(names[2], "names")).expect(404);
    client.send(&delete(&["people/c1"; 501])).expect(400);
}
