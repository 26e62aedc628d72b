//! Calendars, the list of them, who may see them, and settings.

use serde_json::{Value, json};

use super::{BASE, Story, event, expect_error, patch, support::Request, tag};

/// A calendar besides the primary one: its path, and itself.
fn team(story: &mut Story) -> (String, Value) {
    let made = story.send(&Request::post(format!("{BASE}/calendars"), &json!({ "summary": "Team" }))).expect(200);
    assert_eq!(tag(&made.json()), made.etag());
    (format!("{BASE}/calendars/{}", id(&made.json())), made.json())
}

fn id(resource: &Value) -> String {
    resource["id"].as_str().expect("resources have ids").to_owned()
}

/// Asserts that writes of this resource are compared as those of events are.
#[track_caller]
fn expect_conditions(story: &mut Story, path: &str, whole: &Value, change: &Value) {
    let first = story.send(&Request::get(path)).expect(200);
    story.send(&Request::get(path).if_none_match(first.etag())).expect(304);
    let second = story.send(&patch(path, change).if_match(first.etag())).expect(200);
    assert_eq!(second.etag(), tag(&second.json()));
    for request in [Request::put(path, whole), patch(path, change), Request::delete(path)] {
        expect_error(story.send(&request.if_match(first.etag())), 412, "conditionNotMet", "Precondition Failed");
    }
    assert_eq!(story.get(path), second.json());
    let third = story.send(&Request::put(path, whole).if_match(second.etag())).expect(200);
    assert_ne!(third.etag(), second.etag());
    assert!(story.send(&Request::delete(path).if_match(third.etag())).expect(204).body.is_empty());
    expect_error(story.send(&Request::get(path)), 404, "notFound", "Not Found");
}

#[test]
fn primary_is_there_from_the_start_under_both_its_names() {
    let mut story = Story::begin();
    let primary = story.get(&format!("{BASE}/calendars/primary"));
    assert_eq!(primary["kind"], "calendar#calendar");
    assert_eq!(story.get(&format!("{BASE}/calendars/{}", id(&primary))), primary);
    let path = format!("{BASE}/calendars/{}/events/{}", id(&primary), id(&story.event));
    assert_eq!(story.get(&path), story.event);
    assert_eq!(story.get(&format!("{BASE}/users/me/calendarList/primary"))["primary"], true);
}

#[test]
fn calendars_are_compared() {
    let mut story = Story::begin();
    let (path, _) = team(&mut story);
    expect_conditions(&mut story, &path, &json!({ "summary": "All" }), &json!({ "location": "Here" }));
}

#[test]
fn entries_of_the_list_of_calendars_are_compared() {
    let mut story = Story::begin();
    let (calendar, made) = team(&mut story);
    let path = format!("{BASE}/users/me/calendarList/{}", id(&made));
    expect_conditions(&mut story, &path, &json!({ "colorId": "7" }), &json!({ "selected": true }));
    let left = story.get(&calendar);
    assert_eq!(left["summary"], "Team", "a calendar that is not listed any more is still there");
    let absent = Request::get(&path).if_none_match(tag(&left));
    expect_error(story.send(&absent), 404, "notFound", "Not Found");
    let listed = story.send(&Request::post(format!("{BASE}/users/me/calendarList"), &json!({ "id": id(&made) })));
    assert_eq!(listed.expect(200).json()["summary"], "Team");
    let again = Request::post(format!("{BASE}/users/me/calendarList"), &json!({ "id": id(&made) }));
    expect_error(story.send(&again), 409, "duplicate", "The requested identifier already exists.");
}

#[test]
fn rules_are_compared() {
    let mut story = Story::begin();
    let path = format!("{BASE}/calendars/primary/acl");
    let rule = json!({ "role": "reader", "scope": { "type": "user", "value": "ada@example.com" } });
    let made = story.send(&Request::post(&path, &rule)).expect(200).json();
    assert_eq!((&made["id"], &made["kind"]), (&json!("user:ada@example.com"), &json!("calendar#aclRule")));
    let one = format!("{path}/user:ada@example.com");
    let owner = json!({ "role": "owner", "scope": rule["scope"] });
    expect_conditions(&mut story, &one, &owner, &json!({ "role": "writer" }));
    assert_eq!(story.get(&path)["items"], json!([]));
    let back = story.send(&Request::post(&path, &rule)).expect(200).json();
    assert_ne!(tag(&back), tag(&made), "what comes back has a tag that it never had");
    expect_error(
        story.send(&Request::delete(&one).if_match(tag(&made))),
        412,
        "conditionNotMet",
        "Precondition Failed",
    );
}

#[test]
fn a_rule_says_whom_it_is_about_and_what_they_may() {
    let mut story = Story::begin();
    let path = format!("{BASE}/calendars/primary/acl");
    for (rule, message) in
        [(json!({ "scope": { "type": "default" } }), "Missing role."), (json!({ "role": "reader" }), "Missing scope.")]
    {
        expect_error(story.send(&Request::post(&path, &rule)), 400, "required", message);
    }
    for (rule, message) in [
        (json!({ "role": "boss", "scope": { "type": "default" } }), "Invalid value for: role"),
        (json!({ "role": "reader", "scope": { "type": "user" } }), "Invalid value for: scope"),
        (json!({ "role": "reader", "scope": { "type": "user", "value": "a\u{0}b" } }), "Invalid value for: scope"),
    ] {
        expect_error(story.send(&Request::post(&path, &rule)), 400, "invalid", message);
    }
}

#[test]
fn a_rule_is_withdrawn_by_the_role_none() {
    let mut story = Story::begin();
    let path = format!("{BASE}/calendars/primary/acl");
    let rule = json!({ "role": "reader", "scope": { "type": "default" } });
    story.send(&Request::post(&path, &rule)).expect(200);
    let none = story.send(&patch(&format!("{path}/default"), &json!({ "role": "none" }))).expect(200).json();
    assert_eq!((&none["role"], &none["scope"]), (&json!("none"), &rule["scope"]));
    story.send(&Request::get(format!("{path}/default"))).expect(404);
    story.send(&Request::get(format!("{path}/default")).if_none_match(tag(&none))).expect(404);
}

#[test]
fn settings_have_tags_and_can_only_be_read() {
    let mut story = Story::begin();
    let path = format!("{BASE}/users/me/settings/timezone");
    let setting = story.send(&Request::get(&path)).expect(200);
    assert_eq!((tag(&setting.json()), setting.json()["value"].clone()), (setting.etag(), "UTC".into()));
    story.send(&Request::get(&path).if_none_match(setting.etag())).expect(304);
    story.send(&Request::put(&path, &json!({ "value": "CET" }))).expect(405);
}

#[test]
fn a_calendar_needs_a_title() {
    let mut story = Story::begin();
    let answer = story.send(&Request::post(format!("{BASE}/calendars"), &json!({})));
    expect_error(answer, 400, "required", "Missing summary.");
}

#[test]
fn a_calendar_takes_its_events_with_it_and_primary_stays() {
    let mut story = Story::begin();
    let (path, _) = team(&mut story);
    let events = format!("{path}/events");
    let made = story.send(&Request::post(&events, &event("Lunch"))).expect(200).json();
    story.send(&Request::delete(&path)).expect(204);
    story.send(&Request::get(&events)).expect(404);
    story.send(&Request::get(format!("{events}/{}", id(&made)))).expect(404);
    let primary = Request::delete(format!("{BASE}/calendars/primary"));
    expect_error(story.send(&primary), 400, "invalid", "Cannot delete the primary calendar.");
}

#[test]
fn hidden_calendars_are_listed_for_those_who_ask_for_them() {
    let mut story = Story::begin();
    let path = format!("{BASE}/users/me/calendarList");
    story.send(&patch(&format!("{path}/primary"), &json!({ "hidden": true }))).expect(200);
    assert_eq!(story.get(&path)["items"], json!([]));
    assert_eq!(story.get(&format!("{path}?showHidden=true"))["items"][0]["hidden"], true);
}

#[test]
fn the_owners_calendar_can_be_cleared() {
    let mut story = Story::begin();
    let (path, _) = team(&mut story);
    story.send(&Request::post(super::EVENTS, &event("Dinner"))).expect(200);
    let clear = Request::new("POST", format!("{BASE}/calendars/primary/clear"));
    assert!(story.send(&clear).expect(204).body.is_empty());
    assert_eq!(story.get(super::EVENTS)["items"], json!([]));
    let message = "Only the primary calendar can be cleared.";
    expect_error(story.send(&Request::new("POST", format!("{path}/clear"))), 400, "invalid", message);
}
