//! The example `calendar`, spoken to by google-api-python-client and its httplib2.

mod support;

use serde_json::{Value, json};
use support::{Example, Store};

fn story(script: &str) -> Value {
    Example::start("calendar", Store::Memory, &[]).python(script, &[]).json()
}

#[test]
#[ignore = "needs the client libraries: run by cargo xtask test"]
fn the_second_of_two_editors_is_told_and_without_a_condition_is_not() {
    let duplicate = "The requested identifier already exists.";
    let expected = json!({
        "tags_differ": 5,
        "quoted": true,
        "conflict": [412, "Precondition Failed", "conditionNotMet"],
        "patched": 412,
        "deleted": 412,
        "kept": "Dinner",
        "lost": "Lunch",
        "merged": ["Roof", "Bring a coat"],
        "any_state": "Cellar",
        "unchanged": 304,
        "fresh": 200,
        "unchanged_list": 304,
        "taken": [409, duplicate, "duplicate"],
        "deleted_again": [410, "Resource has been deleted", "deleted"],
        "still_taken": 409,
        "absent": [404, "Not Found", "notFound"],
    });
    assert_eq!(story("calendar_editors.py"), expected);
}

#[test]
#[ignore = "needs the client libraries: run by cargo xtask test"]
fn reading_again_and_merging_converges_and_gives_up_after_one_try_more_than_its_bound() {
    let expected = json!({
        "alone": { "sent": 1, "updated": true, "now": [null, "mine"] },
        "contended": { "sent": 4, "updated": true, "now": ["room 2", "mine"] },
        "hopeless": { "sent": 6, "updated": false, "now": ["room 5", null] },
        "gone": 404,
    });
    assert_eq!(story("calendar_retries.py"), expected);
}

#[test]
#[ignore = "needs the client libraries: run by cargo xtask test"]
fn the_cache_of_httplib2_reads_and_writes_under_the_tags_it_holds() {
    let seen = story("calendar_cache.py");
    let (etag, mine, now) = (&seen["etag"], &seen["mine"], &seen["now"]);
    let expected = json!({
        "etag": etag,
        "mine": mine,
        "now": now,
        "same": true,
        "revalidated": [["GET", {}, 200], ["GET", { "if-none-match": etag }, 304]],
        "accepted": [["PUT", { "if-match": etag }, 200]],
        "stale": 412,
        "refused": [["PUT", { "if-match": mine }, 412]],
        "location": "Elsewhere",
        "patched": 200,
        "last": [["PATCH", { "if-match": now }, 200]],
    });
    assert_eq!(seen, expected);
}

#[test]
#[ignore = "needs the client libraries: run by cargo xtask test"]
fn one_stale_tag_in_a_batch_fails_its_own_request_alone() {
    let expected = json!({
        "answers": { "fresh": "One, changed", "stale": 412, "new": "Three", "read": "Two", "overlap": 409, "absent": 404 },
        "order": ["fresh", "stale", "new", "read", "overlap", "absent"],
        "summaries": ["One, changed", "Two", "Three"],
    });
    assert_eq!(story("calendar_batch.py"), expected);
}

#[test]
#[ignore = "needs the client libraries: run by cargo xtask test"]
fn whoever_is_told_to_come_again_backs_off_and_succeeds() {
    let calendar = Example::start("calendar", Store::Memory, &["--rate-limit", "2"]);
    let seen = calendar.python("calendar_limits.py", &[]).json();
    assert_eq!(seen, json!({ "refused": [403, "rateLimitExceeded"], "done": 6 }));
}
