//! Lists: each has a tag of its own, under which it is not sent again.

use serde_json::json;

use super::{BASE, EVENTS, Story, event, expect_error, patch, support::Request, tag};

fn all() -> [String; 4] {
    ["calendars/primary/events", "calendars/primary/acl", "users/me/calendarList", "users/me/settings"]
        .map(|path| format!("{BASE}/{path}"))
}

#[test]
fn every_list_and_every_item_has_a_tag() {
    let mut story = Story::begin();
    let rule = json!({ "role": "reader", "scope": { "type": "user", "value": "ada@example.com" } });
    story.send(&Request::post(&all()[1], &rule)).expect(200);
    let kinds = ["calendar#events", "calendar#acl", "calendar#calendarList", "calendar#settings"];
    for (path, kind) in all().iter().zip(kinds) {
        let list = story.send(&Request::get(path)).expect(200);
        assert_eq!((tag(&list.json()), list.json()["kind"].clone()), (list.etag(), kind.into()));
        let items = list.json()["items"].as_array().expect("lists have items").clone();
        assert!(!items.is_empty(), "{path}");
        for item in items {
            let id = item["id"].as_str().expect("items have ids");
            assert_eq!(tag(&story.get(&format!("{path}/{id}"))), tag(&item));
        }
    }
}

#[test]
fn a_list_under_its_current_tag_is_304_with_the_tag_and_no_body() {
    let mut story = Story::begin();
    for path in all() {
        let etag = story.send(&Request::get(&path)).expect(200).etag();
        let answer = story.send(&Request::get(&path).if_none_match(&etag)).expect(304);
        assert_eq!((answer.etag(), answer.body.len()), (etag, 0));
    }
}

#[test]
fn a_list_changes_its_tag_when_an_item_comes_changes_or_goes() {
    let mut story = Story::begin();
    let path = story.path.clone();
    let mut etag = story.send(&Request::get(EVENTS)).expect(200).etag();
    for change in [
        Request::post(EVENTS, &event("Dinner")),
        patch(&path, &json!({ "summary": "Brunch" })),
        Request::delete(&path),
        patch(&format!("{BASE}/calendars/primary"), &json!({ "summary": "Mine" })),
    ] {
        assert!(story.send(&change).is_success());
        let list = story.send(&Request::get(EVENTS).if_none_match(&etag)).expect(200);
        assert_ne!(list.etag(), etag);
        etag = list.etag();
    }
}

#[test]
fn a_change_of_one_calendar_leaves_the_tags_of_others_lists() {
    let mut story = Story::begin();
    let other =
        story.send(&Request::post(format!("{BASE}/calendars"), &json!({ "summary": "Other" }))).expect(200).json();
    let etag = story.send(&Request::get(EVENTS)).expect(200).etag();
    let path = format!("{BASE}/calendars/{}/events", other["id"].as_str().unwrap());
    story.send(&Request::post(path, &event("Dinner"))).expect(200);
    story.send(&Request::get(EVENTS).if_none_match(etag)).expect(304);
}

#[test]
fn an_event_leaves_the_tag_of_its_calendar() {
    let mut story = Story::begin();
    let path = format!("{BASE}/calendars/primary");
    let before = story.get(&path);
    story.meanwhile();
    story.send(&Request::post(EVENTS, &event("Dinner"))).expect(200);
    assert_eq!(story.get(&path), before);
}

#[test]
fn deleted_events_are_listed_for_those_who_ask_for_them() {
    let mut story = Story::begin();
    story.send(&Request::delete(&story.path)).expect(204);
    assert_eq!(story.get(EVENTS)["items"], json!([]));
    let all = story.get(&format!("{EVENTS}?showDeleted=true"));
    assert_eq!(all["items"][0]["status"], "cancelled");
}

#[test]
fn a_list_comes_in_pages() {
    let mut story = Story::begin();
    for number in 1..5 {
        story.send(&Request::post(EVENTS, &event(&number.to_string()))).expect(200);
    }
    let (mut summaries, mut path) = (Vec::new(), format!("{EVENTS}?maxResults=2"));
    loop {
        let page = story.send(&Request::get(&path)).expect(200);
        story.send(&Request::get(&path).if_none_match(page.etag())).expect(304);
        let page = page.json();
        summaries.extend(page["items"].as_array().unwrap().iter().map(|item| item["summary"].clone()));
        let Some(token) = page["nextPageToken"].as_str() else { break };
        path = format!("{EVENTS}?maxResults=2&pageToken={token}");
    }
    assert_eq!(summaries, ["Lunch", "1", "2", "3", "4"]);
}

#[test]
fn a_page_token_that_nobody_gave_is_400() {
    let mut story = Story::begin();
    for query in ["pageToken=abc", "pageToken=", "maxResults=many"] {
        let answer = story.send(&Request::get(format!("{EVENTS}?{query}"))).expect(400);
        assert_eq!(answer.json()["error"]["errors"][0]["reason"], "invalid", "{query}");
    }
}

#[test]
fn parameters_that_nobody_knows_are_ignored() {
    let mut story = Story::begin();
    let list = story.get(&format!("{EVENTS}?alt=json&prettyPrint=false&orderBy=startTime"));
    assert_eq!(list["items"][0]["id"], story.event["id"]);
}

#[test]
fn the_only_instance_of_an_event_that_does_not_recur_is_itself() {
    let mut story = Story::begin();
    let path = format!("{}/instances", story.path);
    let list = story.send(&Request::get(&path)).expect(200);
    assert_eq!(list.json()["items"], json!([story.event]));
    story.send(&Request::get(&path).if_none_match(list.etag())).expect(304);
    story.send(&patch(&story.path, &json!({ "recurrence": ["RRULE:FREQ=DAILY"] }))).expect(200);
    let message = "The instances of a recurring event are not known here.";
    expect_error(story.send(&Request::get(&path)), 400, "invalid", message);
}
