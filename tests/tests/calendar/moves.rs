//! Events that move from one calendar to another.

use serde_json::json;

use super::{BASE, Story, event, expect_error, support::Request, tag};

/// The path of the events of a second calendar, and its id.
fn second(story: &mut Story) -> (String, String) {
    let made = story.send(&Request::post(format!("{BASE}/calendars"), &json!({ "summary": "Team" }))).expect(200);
    let id = made.json()["id"].as_str().unwrap().to_owned();
    (format!("{BASE}/calendars/{id}/events"), id)
}

#[test]
fn a_moved_event_is_in_the_other_calendar_and_cancelled_in_this_one() {
    let mut story = Story::begin();
    let (there, id) = second(&mut story);
    let to = format!("{}/move?destination={id}", story.path);
    let moved = story.send(&Request::new("POST", &to)).expect(200);
    assert_eq!(moved.etag(), tag(&moved.json()));
    assert_ne!(moved.etag(), story.etag());
    let path = format!("{there}/{}", story.event["id"].as_str().unwrap());
    assert_eq!(story.get(&path), moved.json());
    assert_eq!(story.get(&story.path.clone())["status"], "cancelled");
    expect_error(story.send(&Request::new("POST", &to)), 410, "deleted", "Resource has been deleted");

    let back = story.send(&Request::new("POST", format!("{path}/move?destination=primary"))).expect(200);
    assert_eq!(story.get(&story.path.clone()), back.json());
}

#[test]
fn a_move_under_a_stale_tag_is_412() {
    let mut story = Story::begin();
    let (there, id) = second(&mut story);
    story.meanwhile();
    let to = Request::new("POST", format!("{}/move?destination={id}", story.path)).if_match(story.etag());
    expect_error(story.send(&to), 412, "conditionNotMet", "Precondition Failed");
    assert_eq!(story.get(&there)["items"], json!([]));
}

#[test]
fn a_move_to_where_the_id_is_taken_is_409() {
    let mut story = Story::begin();
    let (there, id) = second(&mut story);
    let mut same = event("Dinner");
    same["id"] = story.event["id"].clone();
    story.send(&Request::post(&there, &same)).expect(200);
    let to = Request::new("POST", format!("{}/move?destination={id}", story.path));
    expect_error(story.send(&to), 409, "duplicate", "The requested identifier already exists.");
    assert_eq!(story.get(&story.path.clone()), story.event);
}

#[test]
fn a_move_needs_a_calendar_to_go_to() {
    let mut story = Story::begin();
    let to = format!("{}/move", story.path);
    expect_error(story.send(&Request::new("POST", &to)), 400, "required", "Missing destination.");
    let nowhere = Request::new("POST", format!("{to}?destination=nobody@example.com"));
    expect_error(story.send(&nowhere), 404, "notFound", "Not Found");
}
