//! `If-Match`: demanded of every change and delete, and of nothing else.

use serde_json::json;

use crate::{CONFLICTED, Planner, Request, delete, etag, patch};

const MISSING: &str = "The If-Match header must be specified for this kind of request.";
const INVALID: &str = "The If-Match header contains an invalid value.";

/// Every path with a change, with the kind of its tag and a body that changes it.
fn changeable(planner: &mut Planner) -> Vec<(String, serde_json::Value)> {
    let (plan, bucket, task) = (planner.plan.clone(), planner.bucket.clone(), planner.task());
    vec![
        (format!("/planner/plans/{plan}"), json!({ "title": "Moved" })),
        (format!("/planner/plans/{plan}/details"), json!({ "categoryDescriptions": { "category1": "Urgent" } })),
        (format!("/planner/buckets/{bucket}"), json!({ "name": "Done" })),
        (task.path(), json!({ "title": "Paint" })),
        (task.details(), json!({ "description": "White" })),
    ]
}

#[test]
fn a_change_without_if_match_is_412() {
    let mut planner = Planner::start(&[]);
    for (path, body) in changeable(&mut planner) {
        planner.send(&patch(&path, &body)).expect_error(412, MISSING);
    }
}

#[test]
fn a_delete_without_if_match_is_412() {
    let mut planner = Planner::start(&[]);
    for (path, _) in changeable(&mut planner).into_iter().filter(|(path, _)| !path.ends_with("/details")) {
        planner.send(&delete(&path)).expect_error(412, MISSING);
        planner.get(&path);
    }
}

#[test]
fn a_change_under_the_current_tag_is_204_without_body() {
    let mut planner = Planner::start(&[]);
    for (path, body) in changeable(&mut planner) {
        let before = etag(&planner.get(&path));
        let changed = planner.patch(&path, &before, &body).expect(204);
        assert_eq!(changed.header("preference-applied"), None);
        let after = planner.get(&path);
        assert_ne!(etag(&after), before, "{path}");
        assert_eq!(changed.etag(), etag(&after), "{path}");
        let (name, value) = body.as_object().unwrap().iter().next().unwrap();
        assert_eq!(after[name], *value, "{path}");
    }
}

#[test]
fn a_change_gives_the_whole_back_where_that_is_preferred() {
    let mut planner = Planner::start(&[]);
    for (path, body) in changeable(&mut planner) {
        let before = etag(&planner.get(&path));
        let preferred = patch(&path, &body).if_match(before).header("prefer", "return=representation");
        let changed = planner.send(&preferred).expect(200);
        assert_eq!(changed.header("preference-applied"), Some("return=representation"));
        assert_eq!(changed.json(), planner.get(&path));
        assert_eq!(changed.etag(), etag(&changed.json()));
    }
}

#[test]
fn a_delete_under_the_current_tag_is_204_and_then_404() {
    let mut planner = Planner::start(&[]);
    let task = planner.task();
    planner.send(&delete(&task.path()).if_match(&task.etag)).expect(204);
    for path in [task.path(), task.details()] {
        planner.send(&Request::get(format!("/v1.0{path}"))).expect_error(404, "The requested item is not found.");
    }
    planner.send(&delete(&task.path()).if_match(&task.etag)).expect_error(404, "The requested item is not found.");
}

#[test]
fn what_is_absent_is_404_also_without_if_match() {
    let mut planner = Planner::start(&[]);
    let absent = "/planner/tasks/01gzSlKkIUSUl6DF_EilrmQAKDhh";
    planner.send(&patch(absent, &json!({ "title": "a" }))).expect_error(404, "The requested item is not found.");
    planner.send(&delete(absent)).expect_error(404, "The requested item is not found.");
}

#[test]
fn a_tag_of_another_kind_is_412() {
    let mut planner = Planner::start(&[]);
    let task = planner.task();
    planner.patch(&task.details(), &task.etag, &json!({ "description": "a" })).expect_error(412, INVALID);
    planner.patch(&task.path(), &task.details_etag, &json!({ "title": "a" })).expect_error(412, INVALID);
    planner.send(&delete(&task.path()).if_match(&task.details_etag)).expect_error(412, INVALID);
}

#[test]
fn what_is_no_tag_of_the_service_is_412() {
    let mut planner = Planner::start(&[]);
    let task = planner.task();
    for text in ["\"1\"", "W/\"JzEtVGFz\"", "W/\"\"", "abc", "\"", "W/1"] {
        planner.patch(&task.path(), text, &json!({ "title": "a" })).expect_error(412, INVALID);
        planner.send(&delete(&task.path()).if_match(text)).expect_error(412, INVALID);
    }
}

#[test]
fn the_condition_is_looked_at_before_the_values_of_the_body() {
    let mut planner = Planner::start(&[]);
    let task = planner.task();
    let bodies = [(task.path(), json!({ "priority": 99 })), (task.details(), json!({ "checklist": { "a": {} } }))];
    for (path, body) in bodies {
        planner.send(&patch(&path, &body)).expect_error(412, MISSING);
        let current = etag(&planner.get(&path));
        planner.patch(&path, &current, &body).expect(400);
    }
}

#[test]
fn a_wildcard_is_400() {
    let mut planner = Planner::start(&[]);
    let (task, message) = (planner.task(), "The given key was not present in the dictionary.");
    planner.patch(&task.path(), "*", &json!({ "title": "a" })).expect_error(400, message);
    planner.send(&delete(&task.path()).if_match("*")).expect_error(400, message);
}

#[test]
fn a_tag_that_no_version_can_have_is_412() {
    let mut planner = Planner::start(&[]);
    let (task, message) =
        (planner.task(), "The etag in the If-Match header no longer matches a version of the resource.");
    // The numbers 0, 5 and one of a version to come: `…@`, `…E` and `…@@@@@@@D@`.
    for text in [
        "JzEtVGFzayAgQEBAQEBAQEBAQEBAQEBAQCc=",
        "JzEtVGFzayAgQEBAQEBAQEBAQEBAQEBARSc=",
        "JzEtVGFzayAgQEBAQEBAQEBAQEBAQERAQCc=",
    ] {
        let tag = format!("W/\"{text}\"");
        planner.patch(&task.path(), &tag, &json!({ "title": "a" })).expect_error(412, message);
        planner.send(&delete(&task.path()).if_match(&tag)).expect_error(412, message);
    }
}

#[test]
fn a_version_that_was_forgotten_is_412() {
    let mut planner = Planner::start(&[]);
    let (task, message) =
        (planner.task(), "The etag in the If-Match header no longer matches a version of the resource.");
    let mut current = task.etag.clone();
    for number in 0..101 {
        current = planner.patch(&task.path(), &current, &json!({ "title": format!("{number}") })).expect(204).etag();
    }
    planner.patch(&task.path(), &task.etag, &json!({ "priority": 3 })).expect_error(412, message);
    planner.send(&delete(&task.path()).if_match(&task.etag)).expect_error(412, message);
}

#[test]
fn a_delete_under_a_former_tag_is_409() {
    let mut planner = Planner::start(&[]);
    let task = planner.task();
    let current = planner.patch(&task.path(), &task.etag, &json!({ "title": "a" })).expect(204).etag();
    planner.send(&delete(&task.path()).if_match(&task.etag)).expect_error(409, CONFLICTED);
    planner.send(&delete(&task.path()).if_match(&current)).expect(204);
}

#[test]
fn nothing_is_demanded_of_a_create_and_no_tag_is_looked_at() {
    let mut planner = Planner::start(&[]);
    let body = json!({ "planId": planner.plan, "title": "a" });
    for text in ["*", "abc", "W/\"JzEtVGFzayAgQEBAQEBAQEBAQEBAQEBARCc=\""] {
        planner.send(&Request::post("/v1.0/planner/tasks", &body).if_match(text)).expect(201);
    }
}
