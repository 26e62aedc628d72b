//! What flags change.

#[path = "switches/answers.rs"]
mod answers;
#[path = "switches/batches.rs"]
mod batches;
#[path = "switches/conditions.rs"]
mod conditions;
#[path = "switches/families.rs"]
mod families;

use serde_json::{Value, json};

use crate::{Planner, Request, create, item};

fn ids(list: &Value) -> Vec<&str> {
    list["value"].as_array().expect("a list").iter().filter_map(|item| item["id"].as_str()).collect()
}

#[test]
fn my_tasks_can_be_those_that_are_assigned_to_me() {
    let mut planner = Planner::start(&["--my-tasks", "assigned", "--me", "ada"]);
    planner.task();
    let assignments = json!({ "ada": { "@odata.type": "#microsoft.graph.plannerAssignment", "orderHint": " !" } });
    let body = json!({ "planId": planner.plan, "title": "a", "assignments": assignments });
    let hers = create(&mut planner.client, "tasks", &body);
    assert_eq!(ids(&planner.get("/me/planner/tasks")), [hers.as_str()]);
    assert_eq!(planner.get(&format!("/planner/tasks/{hers}"))["createdBy"]["user"]["id"], "ada");
}

#[test]
fn limits_can_be_set() {
    let flags = "--max-checklist-items 1 --max-references 0 --max-assignees 0 --max-tasks-in-plan 2 --page-size 1";
    let mut planner = Planner::start(&flags.split(' ').collect::<Vec<_>>());
    let task = planner.task();
    let checklist = json!({ "checklist": { "a": item("a"), "b": item("b") } });
    let reference = json!({ "references": { "a": { "@odata.type": "#microsoft.graph.plannerExternalReference" } } });
    let assignee = json!({ "assignments": { "a": { "@odata.type": "#microsoft.graph.plannerAssignment" } } });
    let code = |answer: crate::Response| answer.expect(403).json()["error"]["code"].clone();
    let refused = planner.patch(&task.details(), &task.details_etag, &checklist);
    assert_eq!(code(refused), "MaximumChecklistItemsOnTask");
    let refused = planner.patch(&task.details(), &task.details_etag, &reference);
    assert_eq!(code(refused), "MaximumReferencesOnTask");
    let refused = planner.patch(&task.path(), &task.etag, &assignee);
    assert_eq!(code(refused), "MaximumAssigneesInTasks");
    planner.task();
    let body = json!({ "planId": planner.plan, "title": "one too many" });
    let refused = planner.send(&Request::post("/v1.0/planner/tasks", &body));
    assert_eq!(code(refused), "MaximumTasksInProject");
    let page = planner.get("/me/planner/tasks");
    assert_eq!(ids(&page).len(), 1);
    assert!(page["@odata.nextLink"].is_string(), "{page}");
}

#[test]
fn a_token_can_be_demanded() {
    let example = crate::Example::start("planner", crate::Store::Memory, &["--require-token"]);
    let mut client = example.client();
    let request = Request::get("/v1.0/me/planner/tasks");
    let error = client.send(&request).expect(401).json();
    assert_eq!(error["error"]["code"], "InvalidAuthenticationToken");
    client.send(&request.clone().header("authorization", "Bearer any")).expect(200);
    let inner = json!({ "requests": [{ "id": "1", "method": "GET", "url": "/me/planner/tasks" }] });
    client.send(&Request::post("/v1.0/$batch", &inner)).expect(401);
    let batch = Request::post("/v1.0/$batch", &inner).header("authorization", "Bearer any");
    assert_eq!(client.send(&batch).expect(200).json()["responses"][0]["status"], 200);
}
