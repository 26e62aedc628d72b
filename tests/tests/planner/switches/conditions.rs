//! Flags about what a tag is good for.

use serde_json::json;

use crate::{CONFLICTED, Planner, Request, Task, delete, etag, item, patch};

#[test]
fn in_article_mode_every_former_tag_is_409() {
    let mut planner = Planner::start(&["--former-tag", "conflict"]);
    let task = planner.task();
    planner.patch(&task.path(), &task.etag, &json!({ "title": "a" })).expect(204);
    planner.patch(&task.path(), &task.etag, &json!({ "priority": 1 })).expect_error(409, CONFLICTED);
    planner.send(&delete(&task.path()).if_match(&task.etag)).expect_error(409, CONFLICTED);
    planner.patch(&task.path(), "W/\"JzEtVGFzayAgQEBAQEBAQEBAQEBAQEBAQCc=\"", &json!({ "priority": 1 })).expect(412);
    planner.patch(&task.path(), &task.details_etag, &json!({ "priority": 1 })).expect(412);
}

#[test]
fn a_dictionary_can_be_merged_as_one_thing() {
    for (how, status) in [("merge", 204), ("merge-members", 409)] {
        let mut planner = Planner::start(&["--former-tag", how]);
        let task = planner.task();
        let one = |id: &str| json!({ "checklist": { id: item("one") } });
        planner.patch(&task.details(), &task.details_etag, &one("a")).expect(204);
        planner.patch(&task.details(), &task.details_etag, &one("b")).expect(status);
        planner.patch(&task.details(), &task.details_etag, &json!({ "description": "White" })).expect(204);
    }
}

#[test]
fn what_is_remembered_can_be_little() {
    for (versions, status) in [("2", 412), ("3", 204)] {
        let mut planner = Planner::start(&["--remembered-versions", versions]);
        for path in [Task::path, Task::details] {
            let task = planner.task();
            let path = path(&task);
            let mut held = etag(&planner.get(&path));
            for description in ["a", "b", "c"] {
                let change = json!({ "title": description, "description": description });
                held = planner.patch(&path, &held, &change).expect(204).etag();
            }
            planner.patch(&task.path(), &task.etag, &json!({ "priority": 1 })).expect(status);
        }
    }
}

#[test]
fn a_wildcard_can_be_let_in() {
    let mut planner = Planner::start(&["--wildcard", "any"]);
    let task = planner.task();
    planner.patch(&task.path(), "*", &json!({ "title": "a" })).expect(204);
    planner.send(&delete(&task.path()).if_match("*")).expect(204);
    planner.send(&delete(&task.path()).if_match("*")).expect(404);
}

#[test]
fn a_change_that_changes_nothing_can_give_another_tag() {
    let change = json!({ "description": "" });
    let mut planner = Planner::start(&["--unchanged", "rewrite"]);
    let task = planner.task();
    assert_ne!(planner.patch(&task.details(), &task.details_etag, &change).expect(204).etag(), task.details_etag);
    assert_ne!(etag(&planner.get(&task.path())), task.etag);
    let mut planner = Planner::start(&[]);
    let task = planner.task();
    assert_eq!(planner.patch(&task.details(), &task.details_etag, &change).expect(204).etag(), task.details_etag);
    assert_eq!(etag(&planner.get(&task.path())), task.etag);
}

#[test]
fn if_none_match_can_mean_nothing() {
    for (what, status) in [("compared", 304), ("overlooked", 200)] {
        let mut planner = Planner::start(&["--if-none-match", what]);
        let task = planner.task();
        let details = format!("{}?$expand=details", task.path());
        for (path, held) in [(task.path(), &task.etag), (details, &task.etag), (task.details(), &task.details_etag)] {
            let request = Request::get(format!("/v1.0{path}")).header("if-none-match", held);
            planner.send(&request).expect(status);
        }
    }
}

#[test]
fn values_can_be_looked_at_before_the_condition() {
    for (first, status) in [("conditions", 412), ("values", 400)] {
        let mut planner = Planner::start(&["--first", first]);
        let (task, bucket) = (planner.task(), format!("/planner/buckets/{}", planner.bucket));
        let wrong = json!({ "orderHint": "no hint" });
        planner.send(&patch(&task.path(), &wrong)).expect(status);
        planner.send(&patch(&task.path(), &json!({ "bucketId": "none" }))).expect(status);
        planner.send(&patch(&bucket, &wrong)).expect(status);
        planner.send(&patch(&bucket, &json!({ "name": "a" }))).expect(412);
        planner.send(&patch("/planner/buckets/0000000000000000000000000000", &wrong)).expect(404);
        planner.patch(&task.path(), &task.etag, &json!({ "title": "a" })).expect(204);
    }
}
