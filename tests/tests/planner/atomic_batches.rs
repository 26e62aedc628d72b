//! Batches whose groups happen together: an extension that the service does not have.

use serde_json::{Value, json};

use crate::{
    CONFLICTED, Planner, Request, Task,
    batches::{answers, batch, change_and_delete},
};

const FLAGS: &[&str] = &["--atomic-batches"];

/// The change and the delete of [`change_and_delete`], as one.
fn together(task: &Task) -> Value {
    let mut requests = change_and_delete(task);
    for request in requests.as_array_mut().unwrap() {
        request["atomicityGroup"] = "g".into();
    }
    requests[1].as_object_mut().unwrap().remove("dependsOn");
    requests
}

#[test]
fn details_and_delete_under_the_tags_held_before_happen_together() {
    let mut planner = Planner::start(FLAGS);
    let task = planner.task();
    let statuses: Vec<_> = answers(&mut planner, &together(&task)).into_iter().map(|answer| answer.1).collect();
    assert_eq!(statuses, [200, 204]);
    planner.send(&Request::get(format!("/v1.0{}", task.path()))).expect(404);
    planner.send(&Request::get(format!("/v1.0{}", task.details()))).expect(404);
}

#[test]
fn without_a_group_it_is_200_then_409_here_too() {
    let mut planner = Planner::start(FLAGS);
    let task = planner.task();
    let statuses: Vec<_> =
        answers(&mut planner, &change_and_delete(&task)).into_iter().map(|answer| answer.1).collect();
    assert_eq!(statuses, [200, 409]);
}

#[test]
fn where_one_of_a_group_fails_none_is_done() {
    let mut planner = Planner::start(FLAGS);
    let task = planner.task();
    planner.patch(&task.path(), &task.etag, &json!({ "title": "a" })).expect(204);
    let answer = batch(&mut planner, &together(&task)).expect(200).json();
    let failed: Vec<_> = answer["responses"].as_array().unwrap().iter().filter(|one| one["status"] == 409).collect();
    assert_eq!(failed.len(), 1, "{answer}");
    assert_eq!(failed[0]["id"], "2");
    assert_eq!(failed[0]["body"]["error"]["message"], CONFLICTED);
    assert_eq!(planner.get(&task.details())["description"], "");
}

#[test]
fn details_and_task_are_changed_together() {
    let mut planner = Planner::start(FLAGS);
    let task = planner.task();
    let mut requests = together(&task);
    requests[1]["method"] = "PATCH".into();
    requests[1]["headers"]["Prefer"] = "return=representation".into();
    requests[1]["headers"]["Content-Type"] = "application/json".into();
    requests[1]["body"] = json!({ "title": "Painted" });
    let answers = answers(&mut planner, &requests);
    assert_eq!((answers[0].1, answers[1].1), (200, 200), "{answers:?}");
    assert_eq!(answers[0].2, planner.get(&task.details()));
    assert_eq!(answers[1].2, planner.get(&task.path()));
    assert_eq!((&answers[1].2["title"], &answers[1].2["hasDescription"]), (&json!("Painted"), &json!(true)));
}

#[test]
fn a_group_that_writes_one_resource_twice_under_one_tag_is_refused_as_a_whole() {
    let mut planner = Planner::start(FLAGS);
    let task = planner.task();
    let mut requests = together(&task);
    requests[1] = requests[0].clone();
    requests[1]["id"] = "2".into();
    let answers = answers(&mut planner, &requests);
    assert!(answers.iter().all(|answer| matches!(answer.1, 409 | 412 | 424)), "{answers:?}");
    assert_eq!(planner.get(&task.details())["description"], "");
}

#[test]
fn a_read_in_a_group_sees_what_the_others_write() {
    let mut planner = Planner::start(FLAGS);
    let task = planner.task();
    let mut requests = together(&task);
    requests[1] = json!({ "id": "2", "method": "GET", "url": task.details(), "atomicityGroup": "g" });
    let answers = answers(&mut planner, &requests);
    assert_eq!((answers[1].1, &answers[1].2), (200, &planner.get(&task.details())), "{answers:?}");
    assert_eq!(answers[1].2["description"], "White");
}
