//! What the sources leave open, the other way round.

use serde_json::json;

use super::{EVENTS, Story, event, expect_error, patch, support::Request, tag};

#[test]
fn tags_may_be_the_stores_own() {
    let mut story = Story::with(&["--tags", "stored"]);
    assert!(story.etag().starts_with("\"r1."));
    story.send(&patch(&story.path, &json!({ "summary": "Dinner" })).if_match(story.etag())).expect(200);
    story.send(&patch(&story.path, &json!({ "summary": "Supper" })).if_match(story.etag())).expect(412);
}

#[test]
fn the_body_alone_may_have_the_tag() {
    let mut story = Story::with(&["--etag-header", "unsent"]);
    let path = story.path.clone();
    for path in [&*path, EVENTS] {
        let read = story.send(&Request::get(path)).expect(200);
        assert_eq!(read.header("etag"), None);
        let again = story.send(&Request::get(path).if_none_match(tag(&read.json()))).expect(304);
        assert_eq!(again.header("etag"), None);
    }
    let put = Request::put(&path, &event("Dinner")).if_match(story.etag());
    assert_eq!(story.send(&put).expect(200).header("etag"), None);
    story.send(&put).expect(412);
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
fn a_tag_without_its_quotes_may_be_that_of_nothing() {
    let mut story = Story::with(&["--unquoted", "mismatch"]);
    let bare = story.etag().trim_matches('"').to_owned();
    let put = |tag: &str| Request::put(&story.path, &event("Dinner")).if_match(tag);
    let (unquoted, halved, quoted) = (put(&bare), put(&format!("{bare}\"")), put(&story.etag()));
    expect_error(story.send(&unquoted), 412, "conditionNotMet", "Precondition Failed");
    story.send(&halved).expect(400);
    story.send(&quoted).expect(200);
    story.send(&Request::get(&story.path).if_none_match(bare)).expect(200);
}

#[test]
fn a_tag_without_its_quotes_may_be_the_tag() {
    let mut story = Story::with(&["--unquoted", "tag", "--star", "refused"]);
    let bare = story.etag().trim_matches('"').to_owned();
    story.send(&Request::get(&story.path).if_none_match(&bare)).expect(304);
    let put = Request::put(&story.path, &event("Dinner")).if_match(&bare);
    story.send(&put).expect(200);
    expect_error(story.send(&put), 412, "conditionNotMet", "Precondition Failed");
    story.send(&Request::put(&story.path, &event("Dinner")).if_match("*")).expect(400);
}

#[test]
fn other_conditions_of_a_write_may_mean_nothing() {
    let conditions = [("If-None-Match", "*"), ("If-Unmodified-Since", "Fri, 01 Jan 1999 00:00:00 GMT")];
    for (flags, status) in [(&[][..], 412), (&["--other-conditions", "ignored"][..], 200)] {
        let mut story = Story::with(flags);
        for (name, value) in conditions {
            let put = Request::put(&story.path, &event("Dinner")).header(name, value);
            story.send(&put).expect(status);
        }
        story.send(&Request::get(&story.path).if_none_match("*")).expect(304);
    }
}

#[test]
fn conditions_of_a_move_may_mean_nothing() {
    for (flags, status) in [(&[][..], 412), (&["--move-conditions", "ignored"][..], 200)] {
        let mut story = Story::with(flags);
        let other = story.send(&Request::post("/calendar/v3/calendars", &json!({ "summary": "Other" })));
        let other = other.expect(200).json()["id"].as_str().expect("calendars have ids").to_owned();
        let path = format!("{}/move?destination={other}", story.path);
        story.send(&Request::new("POST", path).if_match("\"1\"")).expect(status);
    }
}

#[test]
fn a_second_delete_under_an_old_tag_may_be_410() {
    for (flags, status, reason) in
        [(&[][..], 412, "conditionNotMet"), (&["--second-delete", "gone"][..], 410, "deleted")]
    {
        let mut story = Story::with(flags);
        let delete = Request::delete(&story.path).if_match(story.etag());
        story.meanwhile();
        story.send(&delete).expect(412);
        story.send(&Request::delete(&story.path)).expect(204);
        assert_eq!(story.send(&delete).expect(status).json()["error"]["errors"][0]["reason"], reason);
        story.send(&Request::delete(format!("{EVENTS}/absent")).if_match("\"1\"")).expect(404);
    }
}

#[test]
fn a_deleted_event_may_be_gone_for_all() {
    let mut story = Story::with(&["--deleted", "gone"]);
    story.send(&Request::delete(&story.path)).expect(204);
    for request in [
        Request::get(&story.path),
        Request::get(format!("{}/instances", story.path)),
        Request::put(&story.path, &event("Dinner")),
        patch(&story.path, &json!({ "status": "confirmed" })),
    ] {
        expect_error(story.send(&request), 410, "deleted", "Resource has been deleted");
    }
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
