//! What the sources leave open, the other way round.

use serde_json::json;

use super::{EVENTS, Story, event, expect_error, patch, support::Request};

#[test]
fn tags_may_be_the_stores_own() {
    let mut story = Story::with(&["--tags", "stored"]);
    assert!(story.etag().starts_with("\"r1."));
    story.send(&patch(&story.path, &json!({ "summary": "Dinner" })).if_match(story.etag())).expect(200);
    story.send(&patch(&story.path, &json!({ "summary": "Supper" })).if_match(story.etag())).expect(412);
}

#[test]
fn a_star_may_be_refused() {
    let mut story = Story::with(&["--star", "refused"]);
    let answer = story.send(&Request::put(&story.path, &event("Dinner")).if_match("*")).expect(400);
    assert_eq!(answer.json()["error"]["errors"][0]["reason"], "invalidWildcard");
}

#[test]
fn a_write_that_changes_nothing_may_give_a_new_tag() {
    for (flags, keeps) in [(&[][..], true), (&["--no-op", "change"][..], false)] {
        let mut story = Story::with(flags);
        let answer = story.send(&Request::put(&story.path, &event("Lunch")).if_match(story.etag())).expect(200);
        assert_eq!(answer.etag() == story.etag(), keeps);
    }
}

#[test]
fn the_tag_in_a_body_may_be_a_condition() {
    let mut story = Story::with(&["--body-tag", "compared"]);
    let mut body = story.event.clone();
    body["summary"] = "Dinner".into();
    let now = story.send(&Request::put(&story.path, &body)).expect(200);
    expect_error(story.send(&Request::put(&story.path, &body)), 412, "conditionNotMet", "Precondition Failed");
    story.send(&Request::put(&story.path, &body).if_match(now.etag())).expect(200);
    body["etag"] = "bare".into();
    expect_error(story.send(&Request::put(&story.path, &body)), 400, "invalid", "Invalid value for: etag");
}

#[test]
fn lists_may_always_be_sent() {
    let mut story = Story::with(&["--lists", "plain"]);
    let etag = story.send(&Request::get(EVENTS)).expect(200).etag();
    story.send(&Request::get(EVENTS).if_none_match(etag)).expect(200);
}

#[test]
fn a_list_of_tags_may_be_refused() {
    let mut story = Story::with(&["--most-tags", "1"]);
    let tags = format!("{}, \"1\"", story.etag());
    story.send(&Request::put(&story.path, &event("Dinner")).if_match(tags)).expect(400);
    story.send(&Request::put(&story.path, &event("Dinner")).if_match(story.etag())).expect(200);
}

#[test]
fn whoever_asks_too_often_is_told_to_come_again() {
    for (flags, status) in
        [(&["--rate-limit", "1"][..], 403), (&["--rate-limit", "1", "--rate-status", "429"][..], 429)]
    {
        let mut story = Story::with(flags);
        let mut answers = (0..10_000).map(|_| story.client.send(&Request::get(EVENTS)));
        let refused = answers.find(|answer| answer.status != 200).expect("there are many in each second");
        assert_eq!(refused.header("retry-after"), Some("1"));
        let error = refused.expect(status).json()["error"].clone();
        let told = json!([error["errors"][0]["domain"], error["errors"][0]["reason"], error["message"]]);
        assert_eq!(told, json!(["usageLimits", "rateLimitExceeded", "Rate Limit Exceeded"]));
    }
}

#[test]
fn a_token_may_be_required() {
    let server = super::Example::start("calendar", super::Store::Memory, &["--require-token"]);
    let mut client = server.client();
    for request in [Request::get(EVENTS), Request::new("POST", "/batch/calendar/v3")] {
        expect_error(client.send(&request), 401, "authError", "Invalid Credentials");
    }
    client.send(&Request::get(EVENTS).header("authorization", "Bearer any")).expect(200);
}
