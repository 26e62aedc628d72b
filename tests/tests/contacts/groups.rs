//! Groups, their names, and their members.

use serde_json::{Value, json};

use crate::{
    NOT_FOUND, contacts, create_ada, etag_of, get, name_of, patch, refusal,
    support::{Client, Request, Response},
};

const TAKEN: &str = "Contact group name already exists.";

pub(crate) fn creation(name: &str) -> Request {
    Request::post("/v1/contactGroups", &json!({ "contactGroup": { "name": name } }))
}

#[track_caller]
pub(crate) fn create(client: &mut Client, name: &str) -> Value {
    client.send(&creation(name)).expect(200).json()
}

pub(crate) fn rename(client: &mut Client, group: &Value, body: &Value) -> Response {
    client.send(&Request::put(format!("/v1/{}", name_of(group)), &json!({ "contactGroup": body })))
}

pub(crate) fn modify(client: &mut Client, group: &Value, body: &Value) -> Response {
    client.send(&Request::post(format!("/v1/{}/members:modify", name_of(group)), body))
}

fn read(client: &mut Client, group: &Value) -> Value {
    client.send(&Request::get(format!("/v1/{}?maxMembers=10", name_of(group)))).expect(200).json()
}

#[test]
fn a_group_is_made_read_listed_and_deleted() {
    let (_server, mut client) = contacts(&[]);
    let family = create(&mut client, " Family ");
    assert_eq!((&family["name"], &family["groupType"]), (&json!("Family"), &json!("USER_CONTACT_GROUP")));
    assert_eq!(read(&mut client, &family), family);
    let list = client.send(&Request::get("/v1/contactGroups")).expect(200).json();
    assert_eq!((&list["contactGroups"][0], &list["totalItems"]), (&family, &json!(1)));
    let several = Request::get(format!("/v1/contactGroups:batchGet?resourceNames={}", name_of(&family)));
    assert_eq!(client.send(&several).expect(200).json()["responses"][0]["contactGroup"], family);
    let delete = Request::delete(format!("/v1/{}", name_of(&family)));
    assert_eq!(client.send(&delete).expect(200).json(), json!({}));
    refusal(client.send(&delete), 404, "NOT_FOUND", NOT_FOUND);
}

#[test]
fn a_name_that_is_taken_is_409_until_its_group_is_gone() {
    let (_server, mut client) = contacts(&[]);
    let family = create(&mut client, "Family");
    for name in ["Family", "family", " FAMILY "] {
        let error = refusal(client.send(&creation(name)), 409, "ALREADY_EXISTS", TAKEN);
        assert_eq!(error["errors"][0]["reason"], "alreadyExists");
    }
    client.send(&Request::delete(format!("/v1/{}", name_of(&family)))).expect(200);
    create(&mut client, "Family");
}

#[test]
fn a_rename_gives_one_name_back_and_takes_another() {
    let (_server, mut client) = contacts(&[]);
    let (family, work) = (create(&mut client, "Family"), create(&mut client, "Work"));
    refusal(rename(&mut client, &family, &json!({ "name": "work" })), 409, "ALREADY_EXISTS", TAKEN);
    assert_eq!(read(&mut client, &family), family);
    let renamed = rename(&mut client, &family, &json!({ "name": "Kin" })).expect(200).json();
    assert_ne!(etag_of(&renamed), etag_of(&family));
    rename(&mut client, &work, &json!({ "name": "Family" })).expect(200);
    rename(&mut client, &renamed, &json!({ "name": "KIN" })).expect(200);
}

#[test]
fn a_group_has_a_tag_of_its_own_which_is_compared_where_it_is_sent() {
    let (_server, mut client) = contacts(&[]);
    let family = create(&mut client, "Family");
    assert_eq!(etag_of(&family).len(), 12);
    let renamed = rename(&mut client, &family, &json!({ "name": "Kin", "etag": etag_of(&family) })).expect(200).json();
    let answer = rename(&mut client, &family, &json!({ "name": "Lost", "etag": etag_of(&family) })).expect(400);
    assert_eq!(answer.json()["error"]["status"], "FAILED_PRECONDITION");
    assert_eq!(read(&mut client, &family)["etag"], renamed["etag"]);
}

#[test]
fn a_change_of_membership_moves_the_tag_of_the_contact_on() {
    let (_server, mut client) = contacts(&[]);
    let (ada, family) = (create_ada(&mut client), create(&mut client, "Family"));
    let name = name_of(&ada);
    let added = modify(&mut client, &family, &json!({ "resourceNamesToAdd": [name, "people/c1"] })).expect(200).json();
    assert_eq!(added, json!({ "notFoundResourceNames": ["people/c1"] }));
    let member = get(&mut client, name);
    assert_ne!(etag_of(&member), etag_of(&ada));
    let membership = &member["memberships"][0]["contactGroupMembership"];
    assert_eq!(membership["contactGroupResourceName"], family["resourceName"]);
    let group = read(&mut client, &family);
    assert_eq!((&group["memberCount"], &group["memberResourceNames"]), (&json!(1), &json!([name])));

    // Who is in already stays as it is.
    modify(&mut client, &family, &json!({ "resourceNamesToAdd": [name] })).expect(200);
    assert_eq!(etag_of(&get(&mut client, name)), etag_of(&member));
    modify(&mut client, &family, &json!({ "resourceNamesToRemove": [name] })).expect(200);
    let left = get(&mut client, name);
    assert_ne!(etag_of(&left), etag_of(&member));
    assert!(left.get("memberships").is_none());
}

#[test]
fn an_update_can_set_memberships() {
    let (_server, mut client) = contacts(&[]);
    let (ada, family) = (create_ada(&mut client), create(&mut client, "Family"));
    let membership = json!({ "contactGroupMembership": { "contactGroupResourceName": name_of(&family) } });
    let body = json!({ "etag": etag_of(&ada), "memberships": [membership] });
    client.send(&patch(name_of(&ada), "memberships", &body)).expect(200);
    assert_eq!(read(&mut client, &family)["memberCount"], 1);
}

#[test]
fn the_members_of_a_group_leave_it_with_its_end_or_go_with_it() {
    let (_server, mut client) = contacts(&[]);
    let people = [create_ada(&mut client), create_ada(&mut client)];
    for (group, query) in [("Family", ""), ("Work", "?deleteContacts=true")] {
        let group = create(&mut client, group);
        modify(&mut client, &group, &json!({ "resourceNamesToAdd": people.each_ref().map(name_of) })).expect(200);
        client.send(&Request::delete(format!("/v1/{}{query}", name_of(&group)))).expect(200);
        for person in people.each_ref().map(|person| crate::get_request(name_of(person), "memberships")) {
            let answer = client.send(&person);
            assert_eq!(answer.status, if query.is_empty() { 200 } else { 404 });
            assert!(answer.json().get("memberships").is_none());
        }
    }
}

#[test]
fn a_group_needs_a_name_and_one_that_is_not_there_is_404() {
    let (_server, mut client) = contacts(&[]);
    for name in ["", "  ", &"x".repeat(256)] {
        client.send(&creation(name)).expect(400);
    }
    client.send(&Request::post("/v1/contactGroups", &json!({}))).expect(400);
    let missing = json!({ "resourceName": "contactGroups/none" });
    rename(&mut client, &missing, &json!({ "name": "x" })).expect(404);
    modify(&mut client, &missing, &json!({})).expect(404);
    client.send(&Request::get(format!("/v1/contactGroups/{}", "x".repeat(300)))).expect(404);
}
