//! The example `partner-portal`, spoken to by azure-img-utils.

mod support;

use serde_json::{Value, json};
use support::{Example, Store};

fn story(script: &str, flags: &[&str]) -> Value {
    Example::start("partner-portal", Store::Memory, flags).python(script, &[]).json()
}

#[test]
#[ignore = "needs the client libraries: run by cargo xtask test"]
fn an_offer_is_uploaded_published_and_set_live() {
    let expected = json!({
        "exists": [false, true],
        "pauses": [2],
        "text": "second",
        "statuses": ["neverPublished", "waitingForPublisherReview", "succeeded"],
        "version": 2,
    });
    assert_eq!(story("partner_portal_publish.py", &[]), expected);
    assert_eq!(story("partner_portal_publish.py", &["--operation-reads", "3", "--unmigrated"]), expected);
}

#[test]
#[ignore = "needs the client libraries: run by cargo xtask test"]
fn an_offer_is_uploaded_at_once_where_a_create_is_answered_as_a_change_is() {
    assert_eq!(story("partner_portal_publish.py", &["--created-status", "200"])["pauses"], json!([]));
}

#[test]
#[ignore = "needs the client libraries: run by cargo xtask test"]
fn a_stale_write_is_refused_and_a_wildcard_loses_the_update() {
    let expected = json!({
        "other": 200,
        "stale": 412,
        "missing": 400,
        "reread": "other",
        "retry": 200,
        "merged": "other, and mine",
        "overwritten": "other, and mine",
    });
    assert_eq!(story("partner_portal_conflict.py", &[]), expected);
}

#[test]
#[ignore = "needs the client libraries: run by cargo xtask test"]
fn editors_that_back_off_lose_nothing() {
    let seen = story("partner_portal_contention.py", &[]);
    let plans: Vec<_> = (0..8).map(|number| format!("plan-{number}")).chain(["small".to_owned()]).collect();
    assert_eq!(seen["plans"], json!(plans));
    assert!(seen["conflicts"] == json!([412]) || seen["conflicts"] == json!([]), "{seen}");
}
