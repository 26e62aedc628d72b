//! `If-Match`: demanded of every change and delete, and of nothing else.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;

use crate::{CONFLICTED, Planner, Request, delete, etag, patch};

const MISSING: &str = "The If-Match header must be specified for this kind of request.";
const INVALID: &str = "The If-Match header contains an invalid value.";
const UNKNOWN: &str = "The etag in the If-Match header no longer matches a version of the resource.";

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
    let task = planner.task();
    // The numbers 0, 5 and one of a version to come: `…@`, `…E` and `…@@@@@@@D@`.
    for text in [
        "JzEtVGFzayAgQEBAQEBAQEBAQEBAQEBAQCc=",
        "JzEtVGFzayAgQEBAQEBAQEBAQEBAQEBARSc=",
        "JzEtVGFzayAgQEBAQEBAQEBAQEBAQERAQCc=",
    ] {
        let tag = format!("W/\"{text}\"");
        planner.patch(&task.path(), &tag, &json!({ "title": "a" })).expect_error(412, UNKNOWN);
        planner.send(&delete(&task.path()).if_match(&tag)).expect_error(412, UNKNOWN);
    }
}

/// The number in a task's tag.
fn number(etag: &str) -> u64 {
    let text = STANDARD.decode(etag.trim_start_matches("W/").trim_matches('"')).expect("base64");
    let digits = text.strip_prefix(b"'1-Task  ").and_then(|rest| rest.strip_suffix(b"'")).expect("a task's tag");
    digits.iter().fold(0, |number, digit| number * 64 + u64::from(digit - b'@'))
}

/// The tag of a task with this number.
fn tag(number: u64) -> String {
    let digit = |place: u32| char::from(b'@' + u8::try_from((number >> (6 * place)) % 64).expect("six bits"));
    let digits: String = (0..10).rev().map(digit).collect();
    format!("W/\"{}\"", STANDARD.encode(format!("'1-Task  @@@@@@{digits}'")))
}

/// The store counts the writes of all resources, so that some numbers between two versions are of no version of the task.
#[test]
fn a_tag_between_two_versions_that_was_never_given_is_412() {
    let mut planner = Planner::start(&[]);
    let task = planner.task();
    let other = planner.task();
    let second = planner.patch(&task.path(), &task.etag, &json!({ "title": "second" })).expect(204).etag();
    planner.patch(&other.path(), &other.etag, &json!({ "title": "meanwhile" })).expect(204);
    // Touched by a change of its details, and changed.
    planner.patch(&task.details(), &task.details_etag, &json!({ "checklist": {} })).expect(204);
    let touched = etag(&planner.get(&task.path()));
    planner.patch(&other.path(), &other.etag, &json!({ "priority": 1 })).expect(204);
    let last = planner.patch(&task.path(), &touched, &json!({ "title": "last" })).expect(204).etag();
    assert_eq!([tag(number(&second)), tag(number(&touched))], [second.clone(), touched.clone()]);
    let given = [&task.etag, &second, &touched, &last].map(|etag| number(etag));
    for between in (number(&task.etag)..number(&last)).step_by(4).filter(|number| !given.contains(number)) {
        for change in [json!({ "priority": 3 }), json!({ "title": "never" })] {
            planner.patch(&task.path(), &tag(between), &change).expect_error(412, UNKNOWN);
        }
        let deleted = planner.send(&delete(&task.path()).if_match(tag(between)));
        deleted.expect_error(412, UNKNOWN);
    }
    for (given, status) in [(&task.etag, 409), (&second, 409), (&touched, 409), (&last, 204)] {
        planner.patch(&task.path(), given, &json!({ "title": format!("after {status}") })).expect(status);
    }
}

#[test]
fn a_version_that_was_forgotten_is_412() {
    let mut planner = Planner::start(&[]);
    let (task, message) = (planner.task(), UNKNOWN);
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
