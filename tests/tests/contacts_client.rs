//! The example `contacts`, spoken to by google-api-python-client.

mod support;

use serde_json::{Value, json};
use support::{Example, Store};

const STALE: &str =
    "Request person.etag is different than the current person.etag. Clear local cache and get the latest person.";

fn story(script: &str, flags: &[&str]) -> Value {
    Example::start("contacts", Store::Memory, flags).python(script, &[]).json()
}

#[test]
#[ignore = "needs the client libraries: run by cargo xtask test"]
fn a_loop_of_read_and_update_fails_in_the_window_and_back_off_or_a_chain_of_tags_helps() {
    let expected = json!({
        "loop": [1, 400, "FAILED_PRECONDITION", STALE],
        "details": "type.googleapis.com/google.rpc.DebugInfo",
        "text": true,
        "retried": [400, ["PATCH"]],
        "tries": [true, true],
        "pauses": true,
        "written": "later 4",
        "chained": "chained 19",
    });
    assert_eq!(story("contacts_window.py", &["--propagation-reads", "3"]), expected);
}

#[test]
#[ignore = "needs the client libraries: run by cargo xtask test"]
fn the_loop_does_not_fail_where_reads_do_not_lag() {
    let seen = story("contacts_window.py", &[]);
    assert_eq!((&seen["loop"], &seen["tries"]), (&json!("no failure"), &json!([true, false])));
}

#[test]
#[ignore = "needs the client libraries: run by cargo xtask test"]
fn a_batch_is_done_as_a_whole_or_each_request_by_itself() {
    let expected = json!({
        "refused": [400, [[true, 9]]],
        "untouched": [null, "moved on", null],
        "updated": ["all", "all", "all"],
        "each": { "ada": "ada alone", "eve": 400, "kit": "kit alone", "nobody": 404 },
        "after": ["ada alone", "all", "kit alone"],
        "got": [200, 404],
        "listed": [2, 3, true],
    });
    assert_eq!(story("contacts_batches.py", &[]), expected);
}

#[test]
#[ignore = "needs the client libraries: run by cargo xtask test"]
fn a_second_group_of_a_name_is_409_and_members_have_new_tags() {
    let expected = json!({
        "duplicate": [409, "Contact group name already exists."],
        "retried": [409, ["POST"]],
        "tag of a member": 400,
        "members": true,
        "renamed": ["Kin", true],
        "deleted": {},
        "gone": 404,
    });
    assert_eq!(story("contacts_groups.py", &[]), expected);
}
