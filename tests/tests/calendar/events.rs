//! Events, their tags, and what is conditional about them.

use serde_json::json;

use super::{EVENTS, Story, event, expect_error, patch, support::Request, tag};

const PRECONDITION_FAILED: &str = r#"{"error":{"errors":[{"domain":"global","reason":"conditionNotMet","message":"Precondition Failed","locationType":"header","location":"If-Match"}],"code":412,"message":"Precondition Failed"}}"#;

#[test]
fn an_insert_is_200_and_its_tag_stands_in_header_and_body_with_its_quotes() {
    let mut story = Story::begin();
    let read = story.send(&Request::get(&story.path)).expect(200);
    assert_eq!(read.json(), story.event);
    assert_eq!(read.etag(), story.etag());
    let digits = story.etag();
    let digits = digits.strip_prefix('"').and_then(|tag| tag.strip_suffix('"')).expect("the tag has quotes");
    assert!(digits.bytes().all(|byte| byte.is_ascii_digit()));
    assert_eq!(story.event["kind"], "calendar#event");
    assert_eq!(story.event["status"], "confirmed");
}

#[test]
fn the_tag_is_twice_the_microsecond_of_the_last_change() {
    let story = Story::begin();
    let updated: jiff::Timestamp = story.event["updated"].as_str().unwrap().parse().unwrap();
    let number: i64 = story.etag().trim_matches('"').parse().unwrap();
    assert_eq!(number % 2, 0);
    assert_eq!(number / 2_000, updated.as_millisecond());
}

#[test]
fn tags_grow_with_every_change_also_within_a_millisecond() {
    let mut story = Story::begin();
    let mut last: u64 = story.etag().trim_matches('"').parse().unwrap();
    for number in 0..50 {
        let change = json!({ "description": number.to_string() });
        let answer = story.send(&patch(&story.path, &change)).expect(200);
        let next = tag(&answer.json()).trim_matches('"').parse().unwrap();
        assert!(next > last);
        last = next;
    }
}

#[test]
fn an_update_under_the_current_tag_is_200_with_the_next_one() {
    let mut story = Story::begin();
    let answer = story.send(&Request::put(&story.path, &event("Dinner")).if_match(story.etag())).expect(200);
    let event = answer.json();
    assert_eq!(event["summary"], "Dinner");
    assert_eq!(tag(&event), answer.etag());
    assert_ne!(tag(&event), story.etag());
    assert_eq!(story.get(&story.path.clone()), event);
}

#[test]
fn a_stale_tag_is_412_for_put_patch_and_delete_in_the_services_very_words() {
    let mut story = Story::begin();
    let now = story.meanwhile();
    for request in [
        Request::put(&story.path, &event("Dinner")),
        patch(&story.path, &json!({ "summary": "Dinner" })),
        Request::delete(&story.path),
    ] {
        let answer = story.send(&request.if_match(story.etag())).expect(412);
        assert_eq!(answer.text(), PRECONDITION_FAILED);
        assert_eq!(answer.header("content-type"), Some("application/json; charset=UTF-8"));
    }
    assert_eq!(story.get(&story.path.clone()), now);
}

#[test]
fn a_write_without_a_condition_overwrites_what_it_never_saw() {
    let mut story = Story::begin();
    story.meanwhile();
    let event = story.send(&Request::put(&story.path, &event("Dinner"))).expect(200).json();
    assert_eq!(event["summary"], "Dinner");
    assert_eq!(event.get("location"), None);
}

#[test]
fn a_star_stands_for_whatever_there_is() {
    let mut story = Story::begin();
    story.meanwhile();
    story.send(&Request::put(&story.path, &event("Dinner")).if_match("*")).expect(200);
    let absent = Request::put(format!("{EVENTS}/absent"), &event("Dinner")).if_match("*");
    expect_error(story.send(&absent), 404, "notFound", "Not Found");
}

#[test]
fn a_list_of_tags_matches_where_one_of_them_does() {
    let mut story = Story::begin();
    let tags = format!("\"1\", {}", story.etag());
    story.send(&Request::put(&story.path, &event("Dinner")).if_match(&tags)).expect(200);
    story.send(&Request::put(&story.path, &event("Supper")).if_match(&tags)).expect(412);
}

#[test]
fn header_names_are_read_in_any_case() {
    let mut story = Story::begin();
    story.meanwhile();
    story.send(&Request::put(&story.path, &event("Dinner")).header("if-match", story.etag())).expect(412);
}

#[test]
fn a_tag_without_its_quotes_is_400_and_never_no_condition() {
    let mut story = Story::begin();
    let bare = story.etag().trim_matches('"').to_owned();
    let answer = story.send(&Request::put(&story.path, &event("Dinner")).if_match(bare)).expect(400);
    assert_eq!(answer.json()["error"]["errors"][0]["location"], "If-Match");
    assert_eq!(story.get(&story.path.clone()), story.event);
}

#[test]
fn the_tag_in_a_body_is_ignored() {
    let mut story = Story::begin();
    story.meanwhile();
    let mut stale = event("Dinner");
    stale["etag"] = story.etag().into();
    let event = story.send(&Request::put(&story.path, &stale)).expect(200).json();
    assert_ne!(tag(&event), story.etag());
}

#[test]
fn a_read_under_the_current_tag_is_304_with_the_tag_and_no_body() {
    let mut story = Story::begin();
    let answer = story.send(&Request::get(&story.path).if_none_match(story.etag())).expect(304);
    assert_eq!((answer.etag(), answer.body.len()), (story.etag(), 0));
    story.meanwhile();
    let answer = story.send(&Request::get(&story.path).if_none_match(story.etag())).expect(200);
    assert_ne!(answer.etag(), story.etag());
}

#[test]
fn a_deleted_event_is_410_for_whoever_deletes_it_again() {
    let mut story = Story::begin();
    let answer = story.send(&Request::delete(&story.path).if_match(story.etag())).expect(204);
    assert!(answer.body.is_empty());
    let again = story.send(&Request::delete(&story.path));
    expect_error(again, 410, "deleted", "Resource has been deleted");
    assert_eq!(story.send(&Request::get(&story.path)).expect(200).json()["status"], "cancelled");
}

#[test]
fn an_id_that_is_taken_is_409_also_when_its_event_was_deleted() {
    let mut story = Story::begin();
    let mut taken = event("Dinner");
    taken["id"] = story.event["id"].clone();
    let message = "The requested identifier already exists.";
    let whole = r#"{"error":{"errors":[{"domain":"global","reason":"duplicate","message":"The requested identifier already exists."}],"code":409,"message":"The requested identifier already exists."}}"#;
    let answer = story.send(&Request::post(EVENTS, &taken));
    assert_eq!(answer.text(), whole);
    expect_error(answer, 409, "duplicate", message);
    story.send(&Request::delete(&story.path)).expect(204);
    expect_error(story.send(&Request::post(EVENTS, &taken)), 409, "duplicate", message);
}

#[test]
fn an_insert_has_no_conditional_form() {
    let mut story = Story::begin();
    for (header, value) in [("If-Match", "\"1\""), ("If-Match", "*"), ("If-None-Match", "*")] {
        story.send(&Request::post(EVENTS, &event("Dinner")).header(header, value)).expect(200);
    }
}

#[test]
fn what_was_never_there_is_404() {
    let mut story = Story::begin();
    let path = format!("{EVENTS}/absent");
    for request in [
        Request::get(&path),
        Request::put(&path, &event("Dinner")).if_match("\"1\""),
        patch(&path, &json!({})),
        Request::delete(&path),
        Request::get("/calendar/v3/calendars/nobody@example.com/events"),
        Request::post("/calendar/v3/calendars/nobody@example.com/events", &event("Dinner")),
        Request::get(format!("{EVENTS}/a%00b")),
        Request::get("/calendar/v3/nothing"),
    ] {
        expect_error(story.send(&request), 404, "notFound", "Not Found");
    }
}
