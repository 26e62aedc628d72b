//! Lists, and their pages.

use serde_json::{Value, json};

use crate::{Planner, Request, create, item};

fn ids(list: &Value) -> Vec<String> {
    let items = list["value"].as_array().expect("a list");
    items.iter().map(|item| item["id"].as_str().expect("an id").to_owned()).collect()
}

#[test]
fn children_are_listed_under_their_parents() {
    let mut planner = Planner::start(&[]);
    let (plan, bucket) = (planner.plan.clone(), planner.bucket.clone());
    let inside = create(&mut planner.client, "tasks", &json!({ "planId": plan, "bucketId": bucket, "title": "in" }));
    let outside = create(&mut planner.client, "tasks", &json!({ "planId": plan, "title": "out" }));
    let other = create(&mut planner.client, "plans", &json!({ "owner": "group-2", "title": "Other" }));
    let buckets = planner.get(&format!("/planner/plans/{plan}/buckets"));
    assert_eq!(ids(&buckets), [bucket.as_str()]);
    assert_eq!(ids(&planner.get(&format!("/planner/plans/{plan}/tasks"))), [inside.as_str(), &outside]);
    assert_eq!(ids(&planner.get(&format!("/planner/buckets/{bucket}/tasks"))), [inside.as_str()]);
    assert_eq!(ids(&planner.get(&format!("/planner/plans/{other}/tasks"))), [""; 0]);
    assert_eq!(ids(&planner.get("/groups/group-2/planner/plans")), [other.as_str()]);
    assert_eq!(ids(&planner.get("/groups/nobody/planner/plans")), [""; 0]);
    assert!(
        buckets["@odata.context"].as_str().is_some_and(|context| context.contains("/v1.0/$metadata#")),
        "{buckets}"
    );
}

#[test]
fn tasks_of_a_user_are_those_assigned_to_them() {
    let mut planner = Planner::start(&[]);
    let assignments = json!({ "ada": { "@odata.type": "#microsoft.graph.plannerAssignment", "orderHint": " !" } });
    let body = json!({ "planId": planner.plan, "title": "a", "assignments": assignments });
    let hers = create(&mut planner.client, "tasks", &body);
    let other = planner.task();
    assert_eq!(ids(&planner.get("/users/ada/planner/tasks")), [hers.as_str()]);
    assert_eq!(ids(&planner.get("/users/bob/planner/tasks")), [""; 0]);
    assert_eq!(ids(&planner.get("/me/planner/tasks")), [hers, other.id]);
}

#[test]
fn pages_are_linked_by_whole_urls_until_the_last() {
    let mut planner = Planner::start(&[]);
    let tasks: Vec<_> = (0..5).map(|_| planner.task().id).collect();
    let plan = planner.plan.clone();
    for list in [format!("/planner/plans/{plan}/tasks"), "/me/planner/tasks".to_owned()] {
        let (mut found, mut path, mut pages) = (Vec::new(), format!("/v1.0{list}?$top=2"), 0);
        loop {
            let page = planner.send(&Request::get(&path)).expect(200).json();
            found.extend(ids(&page));
            pages += 1;
            let Some(next) = page["@odata.nextLink"].as_str() else { break };
            path = next.strip_prefix("http://board.test").expect("the host that was asked").to_owned();
        }
        assert_eq!((found, pages), (tasks.clone(), 3));
    }
}

#[test]
fn a_list_says_what_changed_since() {
    let mut planner = Planner::start(&[]);
    let task = planner.task();
    planner.patch(&task.details(), &task.details_etag, &json!({ "checklist": { "a": item("b") } })).expect(204);
    // Times are written with or without zeros at their ends.
    let tasks: Vec<_> = (0..20).map(|_| planner.task().path()).collect();
    let list = planner.get(&format!("/planner/plans/{}/tasks", planner.plan.clone()));
    for (place, path) in [task.path()].iter().chain(&tasks).enumerate() {
        assert_eq!(list["value"][place], planner.get(path));
    }
}

#[test]
fn a_page_that_is_none_is_400() {
    let mut planner = Planner::start(&[]);
    for query in ["$top=many", "$skiptoken=there", "%24top=-1"] {
        planner.send(&Request::get(format!("/v1.0/me/planner/tasks?{query}"))).expect(400);
    }
    planner.get("/me/planner/tasks?$top=0&$select=id&x=y");
}
