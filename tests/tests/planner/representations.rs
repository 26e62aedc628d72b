//! What reads give.

use serde_json::{Value, json};

use crate::{Planner, Request, etag};

fn members(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

#[test]
fn a_task_has_all_that_the_service_tells() {
    let mut planner = Planner::start(&[]);
    let task = planner.task();
    let read = planner.get(&task.path());
    let mut expected = vec![
        "@odata.etag",
        "id",
        "planId",
        "bucketId",
        "title",
        "orderHint",
        "assigneePriority",
        "percentComplete",
        "priority",
        "startDateTime",
        "dueDateTime",
        "createdDateTime",
        "completedDateTime",
        "createdBy",
        "completedBy",
        "hasDescription",
        "previewType",
        "referenceCount",
        "checklistItemCount",
        "activeChecklistItemCount",
        "conversationThreadId",
        "appliedCategories",
        "assignments",
    ];
    expected.sort_unstable();
    assert_eq!(members(&read), expected);
    assert_eq!((&read["priority"], &read["percentComplete"], &read["orderHint"]), (&json!(5), &json!(0), &json!(" !")));
    assert!(read["createdDateTime"].as_str().is_some_and(|date| date.ends_with('Z')), "{read}");
}

#[test]
fn details_have_the_id_of_their_task() {
    let mut planner = Planner::start(&[]);
    let task = planner.task();
    let read = planner.get(&task.details());
    assert_eq!(members(&read), ["@odata.etag", "checklist", "description", "id", "previewType", "references"]);
    assert_eq!((&read["id"], &read["previewType"]), (&json!(task.id), &json!("automatic")));
}

#[test]
fn a_plan_is_in_the_container_of_its_owner() {
    let mut planner = Planner::start(&[]);
    let path = format!("/planner/plans/{}", planner.plan);
    let read = planner.get(&path);
    assert_eq!((&read["owner"], &read["container"]["containerId"]), (&json!("group-1"), &json!("group-1")));
}

#[test]
fn a_create_gives_what_a_read_gives() {
    let mut planner = Planner::start(&[]);
    let body = json!({ "planId": planner.plan, "title": "a", "previewType": "checklist", "priority": 1 });
    let created = planner.send(&Request::post("/v1.0/planner/tasks", &body)).expect(201);
    let path = format!("/planner/tasks/{}", created.json()["id"].as_str().expect("an id"));
    assert_eq!(created.json(), planner.get(&path));
    assert_eq!(created.etag(), etag(&created.json()));
    assert_eq!(planner.get(&format!("{path}/details"))["previewType"], "checklist");
}

#[test]
fn details_stand_within_their_task_where_they_are_asked_for() {
    let mut planner = Planner::start(&[]);
    let task = planner.task();
    let details = planner.get(&task.details());
    for query in ["$expand=details", "%24expand=details", "a=b&$expand=details"] {
        let mut expanded = planner.get(&format!("{}?{query}", task.path()));
        assert_eq!(expanded.as_object_mut().unwrap().remove("details"), Some(details.clone()));
        assert_eq!(expanded, planner.get(&task.path()));
    }
}

#[test]
fn both_versions_of_the_api_are_the_same() {
    let mut planner = Planner::start(&[]);
    let task = planner.task();
    for path in [task.path(), task.details(), "/me/planner/tasks".to_owned()] {
        let beta = planner.send(&Request::get(format!("/beta{path}"))).expect(200).json();
        let mut stable = planner.get(&path);
        if let Some(context) = stable.get("@odata.context") {
            stable["@odata.context"] = context.as_str().unwrap().replace("v1.0", "beta").into();
        }
        assert_eq!(beta, stable);
    }
}
