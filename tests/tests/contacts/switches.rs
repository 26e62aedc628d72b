//! What flags change.

use serde_json::{Value, json};

use crate::{
    NOT_FOUND, STALE_PERSON, biography_of, contacts, create, create_ada, etag_of, get, get_request, groups, is_stale,
    name_of, patch, refusal, source_etag_of,
    support::{Client, Request},
    tags::decoded,
    with_biography, write,
};

const FIELDS: &[&str] = &["--person-tags", "state-and-fields"];

/// A contact as a read of these fields has it.
fn read(client: &mut Client, person: &Value, fields: &str) -> Value {
    client.send(&get_request(name_of(person), fields)).expect(200).json()
}

#[test]
fn tags_can_tell_what_fields_were_asked_for() {
    let (_server, mut client) = contacts(FIELDS);
    let ada = create_ada(&mut client);
    let names = read(&mut client, &ada, "names");
    let message = decoded(etag_of(&names).strip_prefix('%').expect("it begins with %"));
    let version = source_etag_of(&ada).strip_prefix('#').expect("it begins with #");
    let fields = [0x12, 5, 1, 2, 46, 55, 61];
    assert_eq!(message, [&fields[..], &[0x1A, 4, 1, 2, 5, 7, 0x22, 12], version.as_bytes()].concat());

    let several = read(&mut client, &ada, "memberships,names");
    assert_eq!(decoded(&etag_of(&several)[1..])[..8], [0x12, 6, 1, 2, 22, 46, 55, 61]);
    let again = read(&mut client, &ada, "names,%20memberships");
    assert_eq!(etag_of(&again), etag_of(&several));
    let list = Request::get("/v1/people/me/connections?personFields=names");
    assert_eq!(client.send(&list).expect(200).json()["connections"][0]["etag"], names["etag"]);
    let batch = Request::get(format!("/v1/people:batchGet?personFields=names&resourceNames={}", name_of(&ada)));
    assert_eq!(client.send(&batch).expect(200).json()["responses"][0]["person"]["etag"], names["etag"]);

    let (_server, mut client) = contacts(&[]);
    let ada = create_ada(&mut client);
    assert_eq!(etag_of(&read(&mut client, &ada, "names")), etag_of(&read(&mut client, &ada, "memberships")));
}

#[test]
fn tags_that_tell_fields_are_compared_by_the_state_alone() {
    let (_server, mut client) = contacts(FIELDS);
    let mut ada = create_ada(&mut client);
    for fields in ["names", "biographies,metadata", "memberships"] {
        let former = etag_of(&ada).to_owned();
        let etag = read(&mut client, &ada, fields);
        ada = write(&mut client, name_of(&ada), etag_of(&etag), fields).expect(200).json();
        is_stale(write(&mut client, name_of(&ada), &former, "lost"));
        is_stale(write(&mut client, name_of(&ada), etag_of(&etag), "lost"));
    }
    let source = json!({ "metadata": { "sources": [{ "type": "CONTACT", "etag": source_etag_of(&ada) }] } });
    is_stale(write(&mut client, name_of(&ada), source_etag_of(&ada), "lost"));
    client.send(&patch(name_of(&ada), "biographies", &source)).expect(200);
    for tag in ["%", "%%", "%Ig==", "%IgE=", "x"] {
        is_stale(write(&mut client, name_of(&ada), tag, "lost"));
    }
}

#[test]
fn a_stale_tag_can_be_412_as_it_was_once() {
    let (_server, mut client) = contacts(&["--stale-status", "412"]);
    let ada = create_ada(&mut client);
    let name = name_of(&ada);
    write(&mut client, name, etag_of(&ada), "second").expect(200);
    refusal(write(&mut client, name, etag_of(&ada), "lost"), 412, "FAILED_PRECONDITION", STALE_PERSON);
    client.send(&patch(name, "biographies", &json!({}))).expect(400);
    let group = groups::create(&mut client, "Family");
    groups::rename(&mut client, &group, &json!({ "name": "Kin", "etag": "other" })).expect(412);
}

#[test]
fn an_update_that_changes_nothing_can_leave_the_tag() {
    let (_server, mut client) = contacts(&["--unchanged", "keep"]);
    let ada = create_ada(&mut client);
    let same = write(&mut client, name_of(&ada), etag_of(&ada), "first").expect(200).json();
    assert_eq!(etag_of(&same), etag_of(&ada));
    let other = write(&mut client, name_of(&ada), etag_of(&ada), "second").expect(200).json();
    assert_ne!(etag_of(&other), etag_of(&ada));
}

#[test]
fn what_is_new_or_gone_can_be_seen_late_too() {
    let delete = |client: &mut Client, person: &Value| {
        client.send(&Request::delete(format!("/v1/{}:deleteContact", name_of(person)))).expect(200);
    };
    let (_server, mut client) = contacts(&["--propagation-reads", "1", "--lagging-writes", "all"]);
    let ada = create_ada(&mut client);
    refusal(client.send(&get_request(name_of(&ada), "names")), 404, "NOT_FOUND", NOT_FOUND);
    assert_eq!(etag_of(&get(&mut client, name_of(&ada))), etag_of(&ada));
    delete(&mut client, &ada);
    assert_eq!(etag_of(&get(&mut client, name_of(&ada))), etag_of(&ada));
    client.send(&get_request(name_of(&ada), "names")).expect(404);

    let (_server, mut client) = contacts(&["--propagation-reads", "1"]);
    let ada = create_ada(&mut client);
    get(&mut client, name_of(&ada));
    delete(&mut client, &ada);
    client.send(&get_request(name_of(&ada), "names")).expect(404);
}

#[test]
fn some_reads_can_lag_and_others_not() {
    let list = Request::get("/v1/people/me/connections?personFields=biographies");
    for (reader, seen) in
        [("get", [true, false, false]), ("batch-get", [false, true, false]), ("list", [false, false, true])]
    {
        let (_server, mut client) = contacts(&["--propagation-ms", "600000", "--lagging-reads", reader]);
        let ada = create_ada(&mut client);
        write(&mut client, name_of(&ada), etag_of(&ada), "second").expect(200);
        let several =
            Request::get(format!("/v1/people:batchGet?personFields=biographies&resourceNames={}", name_of(&ada)));
        let read = [
            get(&mut client, name_of(&ada)),
            client.send(&several).expect(200).json()["responses"][0]["person"].clone(),
            client.send(&list).expect(200).json()["connections"][0].clone(),
        ];
        assert_eq!(read.each_ref().map(|person| biography_of(person) == Some("first")), seen, "{reader}");
    }
}

#[test]
fn names_of_groups_can_be_told_apart_by_case_and_space() {
    let (_server, mut client) = contacts(&["--group-names", "exact"]);
    let family = groups::create(&mut client, "Family");
    for name in ["family", " Family"] {
        assert_eq!(groups::create(&mut client, name)["name"], *name);
    }
    client.send(&groups::creation("Family")).expect(409);
    groups::rename(&mut client, &family, &json!({ "name": "family" })).expect(409);
    groups::rename(&mut client, &family, &json!({ "name": "FAMILY" })).expect(200);
    client.send(&Request::delete(format!("/v1/{}", name_of(&family)))).expect(200);
    groups::create(&mut client, "FAMILY");
    client.send(&groups::creation("  ")).expect(200);
    client.send(&groups::creation("")).expect(400);
}

#[test]
fn the_tag_of_a_rename_can_be_required_or_ignored() {
    let (_server, mut client) = contacts(&["--group-tag", "required"]);
    let family = groups::create(&mut client, "Family");
    let answer = groups::rename(&mut client, &family, &json!({ "name": "Kin" }));
    refusal(answer, 400, "INVALID_ARGUMENT", "Request must set contactGroup.etag.");
    let current = json!({ "name": "Kin", "etag": etag_of(&family) });
    groups::rename(&mut client, &family, &current).expect(200);
    groups::rename(&mut client, &family, &current).expect(400);

    let (_server, mut client) = contacts(&["--group-tag", "ignored"]);
    let family = groups::create(&mut client, "Family");
    groups::rename(&mut client, &family, &json!({ "name": "Kin", "etag": "other" })).expect(200);
}

#[test]
fn a_member_that_joins_again_can_get_a_new_tag() {
    for (value, is_written) in [("written", true), ("ignored", false)] {
        let (_server, mut client) = contacts(&["--second-join", value]);
        let (ada, family) = (create_ada(&mut client), groups::create(&mut client, "Family"));
        let join = json!({ "resourceNamesToAdd": [name_of(&ada)] });
        groups::modify(&mut client, &family, &join).expect(200);
        let member = get(&mut client, name_of(&ada));
        groups::modify(&mut client, &family, &join).expect(200);
        let again = get(&mut client, name_of(&ada));
        assert_eq!(again["memberships"], member["memberships"]);
        assert_eq!(etag_of(&again) != etag_of(&member), is_written, "{value}");
    }
}

#[test]
fn members_that_a_person_does_not_have_can_be_refused() {
    let (_server, mut client) = contacts(&["--unknown-members", "refused"]);
    let unknown = json!({ "names": [{ "givenName": "Ada" }], "shoeSizes": 7 });
    let message = "Invalid JSON payload received. Unknown name \"shoeSizes\" at 'person': Cannot find field.";
    let creation = Request::post("/v1/people:createContact", &unknown);
    refusal(client.send(&creation), 400, "INVALID_ARGUMENT", message);
    // All that a read gives can be sent back, and so can what only the service writes.
    let mut ada = create(&mut client, &json!({ "names": [{ "givenName": "Ada" }], "taglines": [{}], "photos": [{}] }));
    client.send(&patch(name_of(&ada), "names", &ada)).expect(200);
    ada["shoeSizes"] = json!(7);
    refusal(client.send(&patch(name_of(&ada), "names", &ada)), 400, "INVALID_ARGUMENT", message);
}

#[test]
fn errors_can_be_plain() {
    let (_server, mut client) = contacts(&["--error-parts", "plain"]);
    let ada = create_ada(&mut client);
    let stale = write(&mut client, name_of(&ada), "other", "lost").expect(400).json();
    let error = json!({ "code": 400, "message": STALE_PERSON, "status": "FAILED_PRECONDITION" });
    assert_eq!(stale, json!({ "error": error }));
    let token = Request::get("/v1/people/me/connections?personFields=names&syncToken=x");
    assert_eq!(client.send(&token).expect(400).json()["error"]["details"][0]["reason"], "EXPIRED_SYNC_TOKEN");
    let body = json!({ "contacts": { (name_of(&ada)): with_biography("other", "lost") }, "updateMask": "biographies" });
    let answer = client.send(&Request::post("/v1/people:batchUpdateContacts", &body)).expect(400).json();
    assert_eq!(answer["error"]["details"][0]["contactErrors"][name_of(&ada)]["code"], 9);
}
