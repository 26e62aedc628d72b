//! Changes under the tag of a former version.

use serde_json::json;

use crate::{CONFLICTED, Planner, etag, item};

#[test]
fn disjoint_changes_under_one_former_tag_are_both_accepted() {
    let mut planner = Planner::start(&[]);
    let task = planner.task();
    planner.patch(&task.path(), &task.etag, &json!({ "title": "mine" })).expect(204);
    let merged = planner.patch(&task.path(), &task.etag, &json!({ "priority": 1 })).expect(204);
    let stored = planner.get(&task.path());
    assert_eq!((&stored["title"], &stored["priority"]), (&json!("mine"), &json!(1)));
    assert_eq!(etag(&stored), merged.etag());
}

#[test]
fn overlapping_changes_are_409_and_the_first_stays() {
    let mut planner = Planner::start(&[]);
    let task = planner.task();
    planner.patch(&task.path(), &task.etag, &json!({ "title": "mine" })).expect(204);
    let late = planner.patch(&task.path(), &task.etag, &json!({ "title": "theirs", "priority": 1 }));
    late.expect_error(409, CONFLICTED);
    let stored = planner.get(&task.path());
    assert_eq!((&stored["title"], &stored["priority"]), (&json!("mine"), &json!(5)));
}

#[test]
fn a_change_of_the_details_lets_changes_of_the_task_pass() {
    let mut planner = Planner::start(&[]);
    let task = planner.task();
    planner.patch(&task.details(), &task.details_etag, &json!({ "description": "White" })).expect(204);
    planner.patch(&task.path(), &task.etag, &json!({ "title": "mine" })).expect(204);
}

#[test]
fn changes_of_two_items_of_a_checklist_are_disjoint() {
    let mut planner = Planner::start(&[]);
    let task = planner.task();
    let both = json!({ "checklist": { "a": item("one"), "b": item("two") } });
    let held = planner.patch(&task.details(), &task.details_etag, &both).expect(204).etag();
    let check = |id: &str| json!({ "checklist": { id: { "@odata.type": "microsoft.graph.plannerChecklistItem", "isChecked": true } } });
    planner.patch(&task.details(), &held, &check("a")).expect(204);
    planner.patch(&task.details(), &held, &check("b")).expect(204);
    planner.patch(&task.details(), &held, &check("a")).expect_error(409, CONFLICTED);
    let checklist = &planner.get(&task.details())["checklist"];
    assert_eq!((&checklist["a"]["isChecked"], &checklist["b"]["isChecked"]), (&json!(true), &json!(true)));
    assert_eq!((&checklist["a"]["title"], &checklist["b"]["title"]), (&json!("one"), &json!("two")));
}

#[test]
fn changes_of_two_members_of_one_item_are_disjoint() {
    let mut planner = Planner::start(&[]);
    let task = planner.task();
    let one = json!({ "checklist": { "a": item("one") } });
    let held = planner.patch(&task.details(), &task.details_etag, &one).expect(204).etag();
    let kind = "#microsoft.graph.plannerChecklistItem";
    let checked = json!({ "checklist": { "a": { "@odata.type": kind, "isChecked": true } } });
    planner.patch(&task.details(), &held, &checked).expect(204);
    planner.patch(&task.details(), &held, &json!({ "checklist": { "a": item("two") } })).expect(204);
    let stored = &planner.get(&task.details())["checklist"]["a"];
    assert_eq!((&stored["isChecked"], &stored["title"]), (&json!(true), &json!("two")));
}

#[test]
fn a_change_of_an_item_that_was_removed_is_409() {
    let mut planner = Planner::start(&[]);
    let task = planner.task();
    let one = json!({ "checklist": { "a": item("one") } });
    let held = planner.patch(&task.details(), &task.details_etag, &one).expect(204).etag();
    planner.patch(&task.details(), &held, &json!({ "checklist": { "a": null } })).expect(204);
    planner.patch(&task.details(), &held, &json!({ "checklist": { "a": item("two") } })).expect_error(409, CONFLICTED);
}

#[test]
fn what_is_merged_is_checked_as_a_whole() {
    let mut planner = Planner::start(&[]);
    let task = planner.task();
    planner.patch(&task.path(), &task.etag, &json!({ "startDateTime": "2026-12-02T00:00:00Z" })).expect(204);
    planner.patch(&task.path(), &task.etag, &json!({ "dueDateTime": "2026-12-01T00:00:00Z" })).expect(400);
    planner.patch(&task.path(), &task.etag, &json!({ "dueDateTime": "2026-12-03T00:00:00Z" })).expect(204);
}

#[test]
fn buckets_and_plans_merge_as_tasks_do() {
    let mut planner = Planner::start(&[]);
    let bucket = format!("/planner/buckets/{}", planner.bucket);
    let held = etag(&planner.get(&bucket));
    planner.patch(&bucket, &held, &json!({ "name": "Doing" })).expect(204);
    planner.patch(&bucket, &held, &json!({ "orderHint": "A B!" })).expect(204);
    planner.patch(&bucket, &held, &json!({ "name": "Done" })).expect_error(409, CONFLICTED);
    let details = format!("/planner/plans/{}/details", planner.plan);
    let held = etag(&planner.get(&details));
    planner.patch(&details, &held, &json!({ "categoryDescriptions": { "category1": "a" } })).expect(204);
    planner.patch(&details, &held, &json!({ "categoryDescriptions": { "category2": "b" } })).expect(204);
    planner
        .patch(&details, &held, &json!({ "categoryDescriptions": { "category1": "c" } }))
        .expect_error(409, CONFLICTED);
}
