//! Requests that write several contacts, each by itself, and what a refused one says.

use serde_json::{Value, json};

use crate::{
    NOT_FOUND, STALE_PERSON,
    batches::{batch_update, three},
    biography_of, contacts, etag_of, get, get_request, name_of, refusal,
    support::{Client, Request},
    with_biography, write,
};

fn texts(client: &mut Client, people: &[Value; 3]) -> [Option<String>; 3] {
    people.each_ref().map(|person| biography_of(&get(client, name_of(person))).map(str::to_owned))
}

#[test]
fn a_batch_can_update_each_contact_by_itself_and_name_the_culprits() {
    let (_server, mut client) = contacts(&["--batch-update", "each"]);
    let made = three(&mut client);
    write(&mut client, name_of(&made[1]), etag_of(&made[1]), "moved on").expect(200);
    let bodies = made.each_ref().map(|person| (name_of(person), with_biography(etag_of(person), "second")));
    let done = batch_update(&mut client, &bodies, "biographies").expect(200).json();
    let result = |place: usize| &done["updateResult"][name_of(&made[place])];
    for place in [0, 2] {
        assert_eq!((&result(place)["httpStatusCode"], &result(place)["status"]), (&json!(200), &json!({})));
        assert_eq!(biography_of(&result(place)["person"]), Some("second"));
    }
    let culprit = json!({
        "httpStatusCode": 400,
        "requestedResourceName": made[1]["resourceName"],
        "status": { "code": 9, "message": STALE_PERSON, "details": [] },
    });
    assert_eq!(result(1), &culprit);
    let expected = ["second", "moved on", "second"].map(|text| Some(text.to_owned()));
    assert_eq!(texts(&mut client, &made), expected);

    // Where nothing was asked for, culprits are told of all the same.
    let done = batch_update(&mut client, &bodies[1..2], "").expect(200).json();
    assert_eq!(done, json!({ "updateResult": { (name_of(&made[1])): culprit } }));
    let current = get(&mut client, name_of(&made[1]));
    let body = [(name_of(&made[1]), with_biography(etag_of(&current), "third"))];
    assert_eq!(batch_update(&mut client, &body, "").expect(200).json(), json!({}));
}

#[test]
fn a_batch_can_create_what_it_can() {
    let (_server, mut client) = contacts(&["--batch-create", "each"]);
    let ada = json!({ "contactPerson": { "names": [{ "givenName": "Ada" }] } });
    let wrong = json!({ "contactPerson": { "names": [{}, {}] } });
    let body = json!({ "contacts": [wrong, ada], "readMask": "names" });
    let made = client.send(&Request::post("/v1/people:batchCreateContacts", &body)).expect(200).json();
    let [wrong, made] = &made["createdPeople"].as_array().expect("a list")[..] else { panic!("{made}") };
    let message = "Cannot have more than one person.names per source.";
    let status = json!({ "code": 3, "message": message, "details": [] });
    assert_eq!(wrong, &json!({ "httpStatusCode": 400, "status": status }));
    assert_eq!(made["person"]["names"][0]["displayName"], "Ada");
    client.send(&get_request(name_of(&made["person"]), "names")).expect(200);
}

#[test]
fn a_batch_can_delete_those_that_there_are() {
    let (_server, mut client) = contacts(&["--batch-delete", "each"]);
    let made = three(&mut client);
    let body = json!({ "resourceNames": [name_of(&made[0]), "people/c1", name_of(&made[2])] });
    let deletion = Request::post("/v1/people:batchDeleteContacts", &body);
    assert_eq!(client.send(&deletion).expect(200).json(), json!({}));
    let statuses = made.each_ref().map(|person| client.send(&get_request(name_of(person), "names")).status);
    assert_eq!(statuses, [404, 200, 404]);
}

#[test]
fn a_refused_batch_can_have_the_status_of_its_first_culprit_or_always_that_of_a_stale_tag() {
    let refused = |flag: &str, etags: [&str; 2]| {
        let (_server, mut client) = contacts(&["--batch-status", flag]);
        let [ada, ..] = three(&mut client);
        // By their names, the one that is missing comes first.
        let bodies =
            [("people/c1", with_biography(etags[0], "lost")), (name_of(&ada), with_biography(etags[1], "lost"))];
        let answer = batch_update(&mut client, &bodies, "names");
        (answer.status, answer.json()["error"]["message"].clone())
    };
    let stale = (400, json!(STALE_PERSON));
    let (not_found, no_tag) = ((404, json!(NOT_FOUND)), ["x", ""]);
    assert_eq!(refused("stale-first", ["x", "stale"]), stale);
    assert_eq!(refused("stale-first", no_tag), not_found);
    assert_eq!(refused("first", ["x", "stale"]), not_found);
    assert_eq!(refused("stale", no_tag), stale);
}

#[test]
fn the_status_of_a_stale_tag_is_that_of_a_batch_too() {
    let (_server, mut client) = contacts(&["--stale-status", "412"]);
    let [ada, ..] = three(&mut client);
    let answer = batch_update(&mut client, &[(name_of(&ada), with_biography("stale", "lost"))], "names");
    refusal(answer, 412, "FAILED_PRECONDITION", STALE_PERSON);
}
