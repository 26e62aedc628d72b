//! The example `planner`, spoken to by O365.

mod support;

use serde_json::{Value, json};
use support::{Example, Store};

/// What the library's exception says of a conflict: its own words, and those of the service.
const CONFLICTED: &str = "The attempted changes conflicted with already accepted changes. Read the latest state and resolve \
                          differences.";

#[track_caller]
fn story(script: &str, flags: &[&str]) -> Value {
    Example::start("planner", Store::Memory, flags).python(script, &[]).json()
}

/// Asserts that a refusal is a 409 whose exception ends with the service's message.
#[track_caller]
fn assert_conflicted(refusal: &Value) {
    assert_eq!(refusal[0], 409, "{refusal}");
    let said = refusal[1].as_str().expect("the exception has a text");
    assert!(said.ends_with(&format!("| Error Message: {CONFLICTED}")), "{said}");
}

#[test]
#[ignore = "needs the client libraries: run by cargo xtask test"]
fn all_that_the_library_can_do_works() {
    let expected = json!({
        "plan": ["Move", "group-1", "Move"],
        "task": ["Paint", 3, "2026", 0],
        "lists": [["Move"], ["To do"], ["Paint", "Pack"], ["Paint", "Pack"], ["Paint", "Pack"], ["Pack"]],
        "updates": [true, true, true, true, true],
        "read": [
            "Moving", "Doing", "Paint it", 100, true, true, 2, 1, "White", ["a", "b"], ["https%3A//contoso%2Ecom/colours"]
        ],
        "chained": [true, true, true],
        "deleted": [true, true],
        "left": 0,
        "gone": [true, true, []],
    });
    assert_eq!(story("planner_lifecycle.py", &[]), expected);
}

#[test]
#[ignore = "needs the client libraries: run by cargo xtask test"]
fn a_list_is_read_page_by_page() {
    assert_eq!(story("planner_pages.py", &["--page-size", "3"]), json!(["0", "1", "2", "3", "4", "5", "6"]));
}

#[test]
#[ignore = "needs the client libraries: run by cargo xtask test"]
fn details_then_delete_conflicts_as_reported_until_the_task_is_read_again() {
    for flags in [&[][..], &["--former-tag", "conflict"]] {
        let said = story("planner_conflict.py", flags);
        assert_conflicted(&said["refused"]);
        assert_eq!((&said["changed"], &said["again"], &said["deleted"]), (&json!(true), &json!(true), &json!(true)));
        assert_eq!(said["gone"], 404);
    }
}

#[test]
#[ignore = "needs the client libraries: run by cargo xtask test"]
fn an_atomic_batch_solves_the_conflict_where_it_is_switched_on() {
    let alone = json!([200, 409]);
    assert_eq!(story("planner_batch.py", &[]), json!({ "alone": alone, "together": alone }));
    let atomic = story("planner_batch.py", &["--atomic-batches"]);
    assert_eq!(atomic, json!({ "alone": alone, "together": [200, 204] }));
}

#[test]
#[ignore = "needs the client libraries: run by cargo xtask test"]
fn two_clients_with_one_tag_merge_what_is_disjoint() {
    let said = story("planner_merge.py", &[]);
    assert_eq!(said["disjoint"], json!([true, true]));
    assert_eq!(said["merged"], json!(["Paint it", 1]));
    assert_conflicted(&said["overlapping"][1]);
    assert_eq!(said["stays"], "Mine");
    assert_eq!((&said["items"], &said["checklist"]), (&json!([true, true]), &json!(["a", "b"])));
}

#[test]
#[ignore = "needs the client libraries: run by cargo xtask test"]
fn whoever_reads_again_and_backs_off_wins_in_the_end() {
    let said = story("planner_contention.py", &[]);
    assert_eq!(said["title"], "24");
    assert!(said["refusals"] == json!([409]) || said["refusals"] == json!([]), "{said}");
}

#[test]
#[ignore = "needs the client libraries: run by cargo xtask test"]
fn without_exceptions_a_refusal_is_false() {
    assert_eq!(story("planner_quiet.py", &[]), json!([true, false, true, false]));
}
