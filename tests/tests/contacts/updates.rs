//! `updateContact`: what it checks, in which order, and what it writes.

use serde_json::json;

use crate::{
    NOT_FOUND, STALE_SOURCE, biography_of, contacts, create, create_ada, etag_of, get, is_stale, name_of, patch,
    refusal, source_etag_of, support::Request, write,
};

const MASK_MISSING: &str = "updatePersonFields mask is required. Please specify one or more valid paths.";

const ETAG_MISSING: &str =
    "Request must set person.etag or person.metadata.sources.etag for the source that is being updated.";

#[test]
fn an_update_without_a_mask_is_400_before_anything_else() {
    let (_server, mut client) = contacts(&[]);
    for target in ["/v1/people/c1:updateContact", "/v1/people/c1:updateContact?updatePersonFields="] {
        let answer = client.send(&Request::new("PATCH", target).json(&json!({})));
        refusal(answer, 400, "INVALID_ARGUMENT", MASK_MISSING);
    }
}

#[test]
fn an_unknown_path_and_one_that_only_the_service_writes_are_400() {
    let (_server, mut client) = contacts(&[]);
    for path in ["shoeSizes", "etag", "metadata", "photos"] {
        let answer = client.send(&patch("people/c1", &format!("names,{path}"), &json!({})));
        refusal(answer, 400, "INVALID_ARGUMENT", &format!("Invalid updatePersonFields mask path: {path}"));
    }
}

#[test]
fn an_unknown_contact_is_404_before_its_tag_is_missed() {
    let (_server, mut client) = contacts(&[]);
    for name in ["people/c1", "people/1", "people/c01", "people/x"] {
        refusal(client.send(&patch(name, "names", &json!({}))), 404, "NOT_FOUND", NOT_FOUND);
    }
}

#[test]
fn an_update_without_any_tag_is_400_before_its_fields_are_looked_at() {
    let (_server, mut client) = contacts(&[]);
    let ada = create_ada(&mut client);
    let two = json!([{ "givenName": "Ada" }, { "givenName": "Augusta" }]);
    let profile = json!({ "sources": [{ "type": "PROFILE", "etag": source_etag_of(&ada) }] });
    for body in [json!({ "names": two }), json!({ "etag": "", "names": two }), json!({ "metadata": profile })] {
        let answer = client.send(&patch(name_of(&ada), "names", &body));
        refusal(answer, 400, "INVALID_ARGUMENT", ETAG_MISSING);
    }
}

#[test]
fn a_stale_tag_is_400_failed_precondition_before_its_fields_are_looked_at() {
    let (_server, mut client) = contacts(&[]);
    let ada = create_ada(&mut client);
    let (name, stale) = (name_of(&ada), etag_of(&ada));
    write(&mut client, name, stale, "second").expect(200);
    is_stale(write(&mut client, name, stale, "lost"));
    let two = json!({ "etag": stale, "biographies": [{ "value": "a" }, { "value": "b" }] });
    is_stale(client.send(&patch(name, "biographies", &two)));
    assert_eq!(biography_of(&get(&mut client, name)), Some("second"));
}

#[test]
fn what_never_was_a_tag_is_a_stale_one() {
    let (_server, mut client) = contacts(&[]);
    let ada = create_ada(&mut client);
    for text in ["*", "%", "a b", "\u{fc}", "\"", "null"] {
        is_stale(write(&mut client, name_of(&ada), text, "lost"));
    }
}

#[test]
fn the_tag_of_the_source_alone_is_enough() {
    let (_server, mut client) = contacts(&[]);
    let ada = create_ada(&mut client);
    let named = |etag: &str| json!({ "metadata": { "sources": [{ "type": "CONTACT", "etag": etag }] } });
    let (name, first) = (name_of(&ada), source_etag_of(&ada));
    let updated = client.send(&patch(name, "biographies", &named(first))).expect(200).json();
    assert_eq!(biography_of(&updated), None);

    let answer = client.send(&patch(name, "biographies", &named(first)));
    let error = refusal(answer, 400, "FAILED_PRECONDITION", STALE_SOURCE);
    assert_eq!(error["errors"][0]["reason"], "failedPrecondition");
    // The tag of the person is none of a source, not even the current one.
    let answer = client.send(&patch(name, "biographies", &named(etag_of(&updated))));
    refusal(answer, 400, "FAILED_PRECONDITION", STALE_SOURCE);
}

#[test]
fn the_tag_of_the_source_as_that_of_the_person_is_stale() {
    let (_server, mut client) = contacts(&[]);
    let ada = create_ada(&mut client);
    is_stale(write(&mut client, name_of(&ada), source_etag_of(&ada), "lost"));
}

#[test]
fn the_tag_of_the_source_is_needed_where_the_server_was_told_so() {
    let (_server, mut client) = contacts(&["--require-source-etag"]);
    let ada = create_ada(&mut client);
    let name = name_of(&ada);
    let answer = write(&mut client, name, etag_of(&ada), "lost");
    refusal(answer, 400, "INVALID_ARGUMENT", ETAG_MISSING);
    let updated = client.send(&patch(name, "biographies", &ada)).expect(200).json();
    let mut stale = updated.clone();
    stale["etag"] = ada["etag"].clone();
    is_stale(client.send(&patch(name, "biographies", &stale)));
    stale["metadata"] = ada["metadata"].clone();
    stale["etag"] = updated["etag"].clone();
    refusal(client.send(&patch(name, "biographies", &stale)), 400, "FAILED_PRECONDITION", STALE_SOURCE);
}

#[test]
fn both_tags_are_compared_where_both_are_given_that_of_the_person_first() {
    let (_server, mut client) = contacts(&[]);
    let ada = create_ada(&mut client);
    let name = name_of(&ada);
    let now = write(&mut client, name, etag_of(&ada), "second").expect(200).json();
    let sources = json!({ "sources": [{ "type": "CONTACT", "etag": source_etag_of(&ada) }] });

    let stale_source = json!({ "etag": etag_of(&now), "metadata": sources });
    refusal(client.send(&patch(name, "biographies", &stale_source)), 400, "FAILED_PRECONDITION", STALE_SOURCE);
    let both = json!({ "etag": etag_of(&ada), "metadata": sources });
    is_stale(client.send(&patch(name, "biographies", &both)));
    // A person as it was read has both, and they agree.
    client.send(&patch(name, "biographies", &now)).expect(200);
}

#[test]
fn two_values_in_a_singleton_are_400() {
    let (_server, mut client) = contacts(&[]);
    let ada = create_ada(&mut client);
    for field in ["biographies", "birthdays", "genders", "names"] {
        let two = json!([{ "value": "a" }, { "value": "b" }]);
        let message = format!("Cannot have more than one person.{field} per source.");
        let update = patch(name_of(&ada), field, &json!({ "etag": etag_of(&ada), field: two }));
        refusal(client.send(&update), 400, "INVALID_ARGUMENT", &message);
        let creation = Request::post("/v1/people:createContact", &json!({ field: two }));
        refusal(client.send(&creation), 400, "INVALID_ARGUMENT", &message);
    }
    let emails = json!({ "etag": etag_of(&ada), "emailAddresses": [{ "value": "a@a.test" }, { "value": "b@a.test" }] });
    client.send(&patch(name_of(&ada), "emailAddresses", &emails)).expect(200);
}

#[test]
fn memberships_without_a_group_are_400_and_singletons_come_first() {
    let (_server, mut client) = contacts(&[]);
    let ada = create_ada(&mut client);
    let name = name_of(&ada);
    let none = json!({ "etag": etag_of(&ada), "memberships": [{ "domainMembership": { "inViewerDomain": true } }] });
    let message = "Request must have at least one contact group membership.";
    refusal(client.send(&patch(name, "memberships", &none)), 400, "INVALID_ARGUMENT", message);
    let two = json!({ "etag": etag_of(&ada), "genders": [{ "value": "a" }, { "value": "b" }] });
    let message = "Cannot have more than one person.genders per source.";
    refusal(client.send(&patch(name, "memberships,genders", &two)), 400, "INVALID_ARGUMENT", message);
}

#[test]
fn fields_of_the_mask_are_replaced_or_cleared_and_others_stay() {
    let (_server, mut client) = contacts(&[]);
    let person = json!({
        "names": [{ "givenName": "Ada" }],
        "biographies": [{ "value": "first" }],
        "emailAddresses": [{ "value": "a@a.test" }, { "value": "b@a.test" }],
    });
    let ada = create(&mut client, &person);
    let change = json!({
        "etag": etag_of(&ada),
        "names": [{ "givenName": "Nobody" }],
        "emailAddresses": [{ "value": "c@a.test", "type": "work" }],
    });
    let updated = client.send(&patch(name_of(&ada), "emailAddresses,biographies", &change)).expect(200).json();
    assert_eq!(updated["names"][0]["givenName"], "Ada");
    assert!(updated.get("biographies").is_none());
    assert_eq!(updated["emailAddresses"].as_array().map(Vec::len), Some(1));
    assert_eq!(updated["emailAddresses"][0]["type"], "work");
    assert_ne!(etag_of(&updated), etag_of(&ada));
    let read = get(&mut client, name_of(&ada));
    assert_eq!((etag_of(&read), &read["emailAddresses"]), (etag_of(&updated), &updated["emailAddresses"]));
}

#[test]
fn the_service_derives_display_names() {
    let (_server, mut client) = contacts(&[]);
    let name = json!({ "givenName": "Ada", "middleName": "K.", "familyName": "Byron", "displayName": "Someone" });
    let ada = create(&mut client, &json!({ "names": [name] }));
    assert_eq!(ada["names"][0]["displayName"], "Ada K. Byron");
    assert_eq!(ada["names"][0]["displayNameLastFirst"], "Byron, Ada K.");

    let mut change = ada.clone();
    change["names"][0]["familyName"] = json!("Lovelace");
    let updated = client.send(&patch(name_of(&ada), "names", &change)).expect(200).json();
    assert_eq!(updated["names"][0]["displayName"], "Ada K. Lovelace");
    let plain = create(&mut client, &json!({ "names": [{ "unstructuredName": "The Countess" }] }));
    assert_eq!(plain["names"][0]["displayName"], "The Countess");
}

#[test]
fn what_is_not_understood_is_400_or_ignored() {
    let (_server, mut client) = contacts(&[]);
    let ada = create_ada(&mut client);
    let name = name_of(&ada);
    for body in [json!([]), json!("x"), json!({ "etag": 7 }), json!({ "metadata": [] })] {
        client.send(&patch(name, "names", &body)).expect(400);
    }
    for names in [json!({}), json!([7]), json!("Ada")] {
        client.send(&patch(name, "names", &json!({ "etag": etag_of(&ada), "names": names }))).expect(400);
    }
    let unknown = json!({ "etag": etag_of(&ada), "shoeSizes": 7, "names": null });
    let updated = client.send(&patch(name, "names", &unknown)).expect(200).json();
    assert!(updated.get("names").is_none() && updated.get("shoeSizes").is_none());
}
