//! What bodies may say.

use serde_json::{Value, json};

use crate::{Planner, Request, Task, item};

/// The status of a change of a new task's details, and of one of the task.
fn details_status(planner: &mut Planner, body: &Value) -> u16 {
    let task = planner.task();
    planner.patch(&task.details(), &task.details_etag, body).status
}

fn task_status(planner: &mut Planner, body: &Value) -> u16 {
    let task = planner.task();
    planner.patch(&task.path(), &task.etag, body).status
}

fn references(count: usize) -> Value {
    let reference = json!({ "@odata.type": "microsoft.graph.plannerExternalReference" });
    (0..count).map(|number| (format!("https%3A//contoso%2Ecom/{number}"), reference.clone())).collect()
}

fn checklist(count: usize) -> Value {
    (0..count).map(|number| (format!("{number}"), item("a"))).collect()
}

#[test]
fn dictionaries_are_merged_by_key_and_null_removes() {
    let mut planner = Planner::start(&[]);
    let task = planner.task();
    let both = json!({ "checklist": { "a": item("one"), "b": item("two") } });
    let held = planner.patch(&task.details(), &task.details_etag, &both).expect(204).etag();
    let change = json!({ "checklist": { "a": null, "c": item("three") } });
    planner.patch(&task.details(), &held, &change).expect(204);
    let stored = planner.get(&task.details());
    let keys: Vec<_> = stored["checklist"].as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["b", "c"]);
}

#[test]
fn a_value_in_a_dictionary_must_say_its_type() {
    let mut planner = Planner::start(&[]);
    let wrong = json!({ "@odata.type": "#microsoft.graph.plannerExternalReference", "title": "a" });
    for entry in [json!({ "title": "a" }), wrong, json!("a"), json!(true)] {
        assert_eq!(details_status(&mut planner, &json!({ "checklist": { "a": entry } })), 400);
        assert_eq!(task_status(&mut planner, &json!({ "assignments": { "user": entry } })), 400);
    }
    for name in ["#microsoft.graph.plannerAssignment", "microsoft.graph.plannerAssignment"] {
        let body = json!({ "assignments": { "user": { "@odata.type": name, "orderHint": " !" } } });
        assert_eq!(task_status(&mut planner, &body), 204);
    }
}

#[test]
fn what_annotates_a_dictionary_is_no_entry_of_it() {
    let mut planner = Planner::start(&[]);
    let assignments = json!({ "@odata.type": "microsoft.graph.plannerAssignments" });
    let body = json!({ "planId": planner.plan, "title": "a", "assignments": assignments });
    let created = planner.send(&Request::post("/v1.0/planner/tasks", &body)).expect(201).json();
    assert_eq!(created["assignments"], json!({}));
}

#[test]
fn a_start_after_the_due_date_is_400() {
    let mut planner = Planner::start(&[]);
    let dates = |start: &str, due: &str| json!({ "startDateTime": start, "dueDateTime": due });
    assert_eq!(task_status(&mut planner, &dates("2026-12-02T10:00:00Z", "2026-12-02T09:00:00Z")), 400);
    assert_eq!(task_status(&mut planner, &dates("2026-12-02T09:00:00Z", "2026-12-02T09:00:00Z")), 204);
    let mut created = dates("2026-12-02T10:00:00Z", "2026-12-02T09:00:00Z");
    (created["planId"], created["title"]) = (planner.plan.clone().into(), "a".into());
    planner.send(&Request::post("/v1.0/planner/tasks", &created)).expect(400);
}

#[test]
fn an_order_hint_that_is_none_is_400() {
    let mut planner = Planner::start(&[]);
    for (hint, status) in [(" !", 204), ("AB CD!", 204), ("AB", 204), ("AB CD", 400), ("!", 400), ("A\u{e9} !", 400)] {
        assert_eq!(task_status(&mut planner, &json!({ "orderHint": hint })), status, "{hint}");
        let mut one = item("a");
        one["orderHint"] = hint.into();
        assert_eq!(details_status(&mut planner, &json!({ "checklist": { "a": one } })), status, "{hint}");
        let body = json!({ "planId": planner.plan, "name": "a", "orderHint": hint });
        let created = planner.send(&Request::post("/v1.0/planner/buckets", &body)).status;
        assert_eq!(created == 201, status == 204, "{hint}");
    }
}

#[test]
fn values_out_of_their_ranges_are_400() {
    let mut planner = Planner::start(&[]);
    for (body, status) in [
        (json!({ "priority": 10 }), 204),
        (json!({ "priority": 11 }), 400),
        (json!({ "priority": -1 }), 400),
        (json!({ "percentComplete": 100 }), 204),
        (json!({ "percentComplete": 101 }), 400),
        (json!({ "percentComplete": "half" }), 400),
        (json!({ "title": "" }), 400),
        (json!({ "title": null }), 400),
        (json!({ "dueDateTime": "tomorrow" }), 400),
        (json!({ "dueDateTime": null }), 204),
        (json!({ "appliedCategories": { "category25": true } }), 204),
        (json!({ "appliedCategories": { "category26": true } }), 400),
        (json!({ "previewType": "none" }), 400),
        (json!({ "bucketId": "short" }), 400),
        (json!({ "bucketId": "01gzSlKkIUSUl6DF_EilrmQAKDhh" }), 404),
    ] {
        assert_eq!(task_status(&mut planner, &body), status, "{body}");
    }
}

#[test]
fn a_reference_must_have_its_url_encoded() {
    let mut planner = Planner::start(&[]);
    let reference = json!({ "@odata.type": "#microsoft.graph.plannerExternalReference", "type": "Other" });
    assert_eq!(details_status(&mut planner, &json!({ "references": { "https://contoso.com": reference } })), 400);
    assert_eq!(details_status(&mut planner, &json!({ "references": { "https%3A//contoso%2Ecom": reference } })), 204);
}

#[test]
fn members_that_only_the_service_writes_are_overlooked() {
    let mut planner = Planner::start(&[]);
    let task = planner.task();
    let body = json!({ "id": "x", "planId": "x", "checklistItemCount": 9, "createdDateTime": 1, "colour": "red" });
    planner.patch(&task.path(), &task.etag, &body).expect(204);
    let stored = planner.get(&task.path());
    assert_eq!((&stored["id"], &stored["checklistItemCount"]), (&json!(task.id), &json!(0)));
    assert_eq!(stored.get("colour"), None);
}

#[test]
fn who_changed_an_entry_is_for_the_service_to_say() {
    let mut planner = Planner::start(&["--me", "ada"]);
    let task = planner.task();
    let mut one = item("a");
    (one["lastModifiedBy"], one["lastModifiedDateTime"]) =
        (json!({ "user": { "id": "bob" } }), json!("2001-01-01T00:00:00Z"));
    planner.patch(&task.details(), &task.details_etag, &json!({ "checklist": { "a": one } })).expect(204);
    let stored = &planner.get(&task.details())["checklist"]["a"];
    assert_eq!(stored["lastModifiedBy"]["user"]["id"], "ada");
    assert_ne!(stored["lastModifiedDateTime"], "2001-01-01T00:00:00Z");
    let assignment = json!({ "@odata.type": "#microsoft.graph.plannerAssignment", "assignedBy": 7 });
    planner.patch(&task.path(), &task.etag, &json!({ "assignments": { "bob": assignment } })).expect(204);
    assert_eq!(planner.get(&task.path())["assignments"]["bob"]["assignedBy"]["user"]["id"], "ada");
}

#[test]
fn above_a_limit_it_is_403_with_the_limits_name() {
    let mut planner = Planner::start(&[]);
    let code = |planner: &mut Planner, body: &Value| {
        let Task { id, details_etag, .. } = planner.task();
        let answer = planner.patch(&format!("/planner/tasks/{id}/details"), &details_etag, body);
        (
            answer.status,
            if answer.status == 204 {
                String::new()
            } else {
                answer.json()["error"]["code"].as_str().unwrap().to_owned()
            },
        )
    };
    assert_eq!(code(&mut planner, &json!({ "checklist": checklist(20) })).0, 204);
    assert_eq!(
        code(&mut planner, &json!({ "checklist": checklist(21) })),
        (403, "MaximumChecklistItemsOnTask".to_owned())
    );
    assert_eq!(code(&mut planner, &json!({ "references": references(10) })).0, 204);
    assert_eq!(
        code(&mut planner, &json!({ "references": references(11) })),
        (403, "MaximumReferencesOnTask".to_owned())
    );
}

#[test]
fn a_task_at_100_percent_is_completed_by_someone() {
    let mut planner = Planner::start(&[]);
    let task = planner.task();
    let held = planner.patch(&task.path(), &task.etag, &json!({ "percentComplete": 100 })).expect(204).etag();
    let done = planner.get(&task.path());
    assert!(done["completedDateTime"].is_string() && done["completedBy"]["user"]["id"].is_string(), "{done}");
    planner.patch(&task.path(), &held, &json!({ "percentComplete": 50 })).expect(204);
    let open = planner.get(&task.path());
    assert_eq!((&open["completedDateTime"], &open["completedBy"]), (&Value::Null, &Value::Null));
}

#[test]
fn bodies_that_are_none_are_400_and_other_types_415() {
    let mut planner = Planner::start(&[]);
    let task = planner.task();
    let path = format!("/v1.0{}", task.path());
    for body in ["", "{", "[]", "null", "\"a\""] {
        let request = Request::new("PATCH", &path).if_match(&task.etag).body("application/json", body);
        planner.send(&request).expect(400);
    }
    let request = Request::new("PATCH", &path).if_match(&task.etag).body("text/plain", "{}");
    planner.send(&request).expect(415);
    let request = Request::new("PATCH", &path).if_match(&task.etag);
    planner.send(&request.body("application/json; charset=utf-8", r#"{"title":"a"}"#)).expect(204);
}

#[test]
fn what_a_new_resource_needs_is_demanded() {
    let mut planner = Planner::start(&[]);
    let (plan, bucket) = (planner.plan.clone(), planner.bucket.clone());
    let other =
        planner.send(&Request::post("/v1.0/planner/plans", &json!({ "owner": "g", "title": "b" }))).json()["id"]
            .clone();
    for (collection, body, status) in [
        ("plans", json!({ "title": "a" }), 400),
        ("plans", json!({ "owner": "g" }), 400),
        ("plans", json!({ "container": { "url": "https://graph.microsoft.com/v1.0/groups/g" }, "title": "a" }), 201),
        ("buckets", json!({ "name": "a" }), 400),
        ("buckets", json!({ "planId": "01gzSlKkIUSUl6DF_EilrmQAKDhh", "name": "a" }), 404),
        ("buckets", json!({ "planId": plan }), 400),
        ("tasks", json!({ "planId": plan }), 400),
        ("tasks", json!({ "planId": plan, "bucketId": bucket, "title": "a" }), 201),
        ("tasks", json!({ "planId": other, "bucketId": bucket, "title": "a" }), 400),
    ] {
        let answer = planner.send(&Request::post(format!("/v1.0/planner/{collection}"), &body));
        assert_eq!(answer.status, status, "{body}: {answer:?}");
    }
}
