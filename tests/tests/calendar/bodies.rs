//! What bodies of events may say, and what they are answered where they say something else.

use serde_json::{Value, json};

use super::{EVENTS, Story, event, expect_error, patch, support::Request};

#[test]
fn an_update_replaces_the_whole_event() {
    let mut story = Story::begin();
    story.meanwhile();
    let mut replaced = event("Dinner");
    replaced["colorId"] = "7".into();
    let answer = story.send(&Request::put(&story.path, &replaced)).expect(200).json();
    let said = ["summary", "colorId", "location", "id", "created"].map(|name| answer[name].clone());
    assert_eq!(
        said,
        [json!("Dinner"), json!("7"), Value::Null, story.event["id"].clone(), story.event["created"].clone()]
    );
}

#[test]
fn a_patch_merges() {
    let mut story = Story::begin();
    let change = json!({ "location": "Roof", "reminders": { "useDefault": false }, "start": { "timeZone": "UTC" } });
    let answer = story.send(&patch(&story.path, &change)).expect(200).json();
    assert_eq!(answer["summary"], "Lunch");
    assert_eq!(answer["start"], json!({ "date": "2026-12-01", "timeZone": "UTC" }));
    let answer = story.send(&patch(&story.path, &json!({ "location": null }))).expect(200).json();
    assert_eq!((answer.get("location"), &answer["reminders"]["useDefault"]), (None, &json!(false)));
}

#[test]
fn a_patch_replaces_lists() {
    let mut story = Story::begin();
    for attendees in
        [json!([{ "email": "a@example.com" }, { "email": "b@example.com" }]), json!([{ "email": "c@example.com" }])]
    {
        let answer = story.send(&patch(&story.path, &json!({ "attendees": attendees }))).expect(200);
        assert_eq!(answer.json()["attendees"], attendees);
    }
}

#[test]
fn an_event_needs_its_start_and_its_end() {
    let mut story = Story::begin();
    for (name, message) in [("start", "Missing start."), ("end", "Missing end.")] {
        let mut lacking = event("Dinner");
        lacking.as_object_mut().unwrap().remove(name);
        for request in [
            Request::post(EVENTS, &lacking),
            Request::put(&story.path, &lacking),
            patch(&story.path, &json!({ name: null })),
        ] {
            expect_error(story.send(&request), 400, "required", message);
        }
        lacking[name] = json!({ "timeZone": "UTC" });
        let answer = story.send(&Request::post(EVENTS, &lacking));
        expect_error(answer, 400, "required", &format!("Missing {name} time."));
    }
    assert_eq!(story.get(&story.path.clone()), story.event);
}

#[test]
fn a_member_of_another_type_is_400() {
    let mut story = Story::begin();
    for (name, value) in [
        ("summary", json!(7)),
        ("status", json!("postponed")),
        ("sequence", json!("1")),
        ("attendees", json!({})),
        ("guestsCanModify", json!("yes")),
        ("reminders", json!([])),
        ("start", json!("2026-12-01")),
    ] {
        let answer = story.send(&patch(&story.path, &json!({ name: value })));
        expect_error(answer, 400, "invalid", &format!("Invalid value for: {name}"));
    }
}

#[test]
fn what_is_no_json_object_is_400_or_415() {
    let mut story = Story::begin();
    for body in ["", "{", "[]", "7", "\"text\""] {
        let request = Request::new("POST", EVENTS).body("application/json", body);
        assert_eq!(story.send(&request).expect(400).json()["error"]["errors"][0]["reason"], "invalid", "{body}");
    }
    let request = Request::new("POST", EVENTS).body("text/plain", event("Dinner").to_string());
    assert_eq!(story.send(&request).expect(415).json()["error"]["errors"][0]["reason"], "badContent");
}

#[test]
fn what_the_server_says_and_what_nobody_knows_is_ignored_in_bodies() {
    let mut story = Story::begin();
    let change = json!({ "id": "other", "kind": "x", "created": "x", "updated": 7, "creator": "x", "unheardOf": 1 });
    let answer = story.send(&patch(&story.path, &change)).expect(200).json();
    assert_eq!(answer, story.event, "nothing changed, so that the tag stays");
}

#[test]
fn the_client_may_choose_the_id_in_base32hex() {
    let mut story = Story::begin();
    for (id, status) in
        [("abcde", 200), ("0v1u2", 200), ("abcd", 400), ("xyzxyz", 400), ("ABCDEF", 400), ("ab-cde", 400)]
    {
        let mut chosen = event("Dinner");
        chosen["id"] = id.into();
        let answer = story.send(&Request::post(EVENTS, &chosen)).expect(status);
        if status == 200 {
            assert_eq!(answer.json()["id"], id);
        } else {
            expect_error(answer, 400, "invalid", "Invalid value for: id");
        }
    }
}

#[test]
fn ids_may_have_1024_characters_and_no_more() {
    let mut story = Story::begin();
    let mut chosen = event("Dinner");
    for last in ["a", "b"] {
        let id = format!("{}{last}", "0".repeat(1023));
        chosen["id"] = id.as_str().into();
        let created = story.send(&Request::post(EVENTS, &chosen)).expect(200);
        let path = format!("{EVENTS}/{id}");
        assert_eq!(story.get(&path), created.json());
        story.send(&patch(&path, &json!({ "summary": last })).if_match(created.etag())).expect(200);
        story.send(&patch(&path, &json!({ "summary": "late" })).if_match(created.etag())).expect(412);
    }
    chosen["id"] = "0".repeat(1025).into();
    story.send(&Request::post(EVENTS, &chosen)).expect(400);
}

#[test]
fn import_needs_a_world_wide_id_and_keeps_it() {
    let mut story = Story::begin();
    let path = format!("{EVENTS}/import");
    expect_error(story.send(&Request::post(&path, &event("Trip"))), 400, "required", "Missing iCalUID.");
    let mut foreign = event("Trip");
    foreign["iCalUID"] = "7@elsewhere.example".into();
    let imported = story.send(&Request::post(&path, &foreign)).expect(200).json();
    assert_eq!(imported["iCalUID"], "7@elsewhere.example");
    let path = format!("{EVENTS}/{}", imported["id"].as_str().unwrap());
    assert_eq!(
        story.send(&Request::put(&path, &event("Journey"))).expect(200).json()["iCalUID"],
        "7@elsewhere.example"
    );
}

#[test]
fn an_event_may_have_the_id_import() {
    let mut story = Story::begin();
    let mut chosen = event("Dinner");
    chosen["id"] = "import".into();
    let created = story.send(&Request::post(EVENTS, &chosen)).expect(200);
    assert_eq!(story.get(&format!("{EVENTS}/import")), created.json());
    expect_error(
        story.send(&Request::post(&story.path, &event("Trip"))),
        405,
        "httpMethodNotAllowed",
        "Method Not Allowed",
    );
}

#[test]
fn quick_add_makes_an_event_of_a_text() {
    let mut story = Story::begin();
    let path = format!("{EVENTS}/quickAdd");
    expect_error(story.send(&Request::new("POST", &path)), 400, "required", "Missing text.");
    let added = story.send(&Request::new("POST", format!("{path}?text=Call%20Ada"))).expect(200);
    assert_eq!(added.json()["summary"], "Call Ada");
    assert!(added.json()["end"]["dateTime"].is_string());
    assert_eq!(added.etag(), super::tag(&added.json()));
}

#[test]
fn a_deleted_event_comes_back_by_an_update() {
    let mut story = Story::begin();
    story.send(&Request::delete(&story.path)).expect(204);
    let back = story.send(&Request::put(&story.path, &event("Lunch"))).expect(200).json();
    assert_eq!(back["status"], "confirmed");
    assert_ne!(super::tag(&back), story.etag());
    story.send(&Request::delete(&story.path).if_match(story.etag())).expect(412);
    story.send(&Request::delete(&story.path)).expect(204);
}
