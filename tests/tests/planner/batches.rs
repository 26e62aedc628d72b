//! Several requests in one, as the service does them: one after the other, and none is undone.

use serde_json::{Value, json};

use crate::{CONFLICTED, Planner, Request, Response, Task};

/// Sends these requests; gives the answers by their ids.
#[track_caller]
pub(crate) fn batch(planner: &mut Planner, requests: &Value) -> Response {
    planner.send(&Request::post("/v1.0/$batch", &json!({ "requests": requests })))
}

#[track_caller]
pub(crate) fn answers(planner: &mut Planner, requests: &Value) -> Vec<(String, u64, Value)> {
    let answer = batch(planner, requests).expect(200).json();
    let mut answers: Vec<_> = answer["responses"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| {
            let (id, status) = (one["id"].as_str().expect("an id"), one["status"].as_u64().expect("a status"));
            (id.to_owned(), status, one["body"].clone())
        })
        .collect();
    answers.sort_by(|one, other| one.0.cmp(&other.0));
    answers
}

#[track_caller]
fn statuses(planner: &mut Planner, requests: &Value) -> Vec<u64> {
    answers(planner, requests).into_iter().map(|(_, status, _)| status).collect()
}

/// The change of a task's details and the delete of the task, under the tags of their first versions.
pub(crate) fn change_and_delete(task: &Task) -> Value {
    json!([
        {
            "id": "1",
            "method": "PATCH",
            "url": task.details(),
            "headers": {
                "If-Match": task.details_etag,
                "Prefer": "return=representation",
                "Content-Type": "application/json",
            },
            "body": { "description": "White" },
        },
        { "id": "2", "method": "DELETE", "url": task.path(), "headers": { "If-Match": task.etag }, "dependsOn": ["1"] },
    ])
}

#[test]
fn details_then_delete_is_200_then_409_as_it_is_without_a_batch() {
    let mut planner = Planner::start(&[]);
    let task = planner.task();
    let answers = answers(&mut planner, &change_and_delete(&task));
    assert_eq!((answers[0].1, &answers[0].2["description"]), (200, &json!("White")));
    assert_eq!((answers[1].1, &answers[1].2["error"]["message"]), (409, &json!(CONFLICTED)));
    assert_eq!(planner.get(&task.details())["description"], "White");
}

#[test]
fn a_group_is_as_good_as_none() {
    let mut planner = Planner::start(&[]);
    let task = planner.task();
    let mut requests = change_and_delete(&task);
    for request in requests.as_array_mut().unwrap() {
        request["atomicityGroup"] = "g".into();
    }
    requests[1].as_object_mut().unwrap().remove("dependsOn");
    assert_eq!(statuses(&mut planner, &requests), [200, 409]);
}

#[test]
fn what_depends_on_a_failure_is_424() {
    let mut planner = Planner::start(&[]);
    let task = planner.task();
    let mut requests = change_and_delete(&task);
    requests[0]["headers"]["If-Match"] = task.etag.clone().into();
    let answers = answers(&mut planner, &requests);
    assert_eq!((answers[0].1, answers[1].1), (412, 424));
    assert_eq!(answers[1].2["error"]["code"], "FailedDependency");
    planner.get(&task.path());
}

#[test]
fn one_failure_undoes_and_hinders_no_other() {
    let mut planner = Planner::start(&[]);
    let task = planner.task();
    let header = json!({ "If-Match": task.etag, "Content-Type": "application/json" });
    let change = |id: &str, body: Value| json!({ "id": id, "method": "PATCH", "url": task.path(), "headers": header, "body": body });
    let requests = json!([
        change("1", json!({ "title": "a" })),
        change("2", json!({ "title": "b" })),
        change("3", json!({ "priority": 1 })),
    ]);
    assert_eq!(statuses(&mut planner, &requests), [204, 409, 204]);
}

#[test]
fn urls_may_be_relative_with_and_without_a_slash_or_whole() {
    let mut planner = Planner::start(&[]);
    let path = planner.task().path();
    let whole = format!("{}/v1.0{path}", planner.example.url());
    let get = |id: &str, url: &str| json!({ "id": id, "method": "GET", "url": url });
    let requests = json!([
        get("1", &path),
        get("2", path.trim_start_matches('/')),
        get("3", &whole),
        get("4", &format!("https://graph.microsoft.com/v1.0{path}")),
        get("5", &format!("https://graph.microsoft.com/beta{path}")),
        get("6", "/nowhere"),
    ]);
    assert_eq!(statuses(&mut planner, &requests), [200, 200, 200, 200, 200, 404]);
}

#[test]
fn beta_has_batches_of_its_own() {
    let mut planner = Planner::start(&[]);
    let requests = json!({ "requests": [{ "id": "1", "method": "GET", "url": "/me/planner/tasks" }] });
    let answer = planner.send(&Request::post("/beta/$batch", &requests)).expect(200).json();
    assert!(answer["responses"][0]["body"]["@odata.context"].as_str().unwrap().contains("/beta/"), "{answer}");
}

#[test]
fn the_way_in_which_a_client_misspells_its_dependencies_is_overlooked() {
    let mut planner = Planner::start(&[]);
    let path = planner.task().path();
    for depends_on in [json!([]), json!(["9"]), Value::Null] {
        let requests = json!([{ "id": "1", "method": "GET", "url": path, "headers": {}, "depends_on": depends_on }]);
        assert_eq!(statuses(&mut planner, &requests), [200]);
    }
}

#[test]
fn what_is_wrong_with_a_batch_as_a_whole_is_400() {
    let mut planner = Planner::start(&[]);
    let get = |id: &str| json!({ "id": id, "method": "GET", "url": "/me/planner/tasks" });
    let many = |count: usize| (0..count).map(|number| get(&number.to_string())).collect::<Value>();
    let without_type = json!({ "id": "1", "method": "POST", "url": "/planner/plans", "headers": {}, "body": {} });
    assert_eq!(statuses(&mut planner, &many(20)).len(), 20);
    for requests in [many(21), json!([get("a"), get("A")]), json!([without_type]), json!({}), json!([{ "id": "1" }])] {
        batch(&mut planner, &requests).expect(400);
    }
    let malformed = Request::new("POST", "/v1.0/$batch").body("application/json", "{\"requests\": [");
    let error = planner.send(&malformed).expect(400).json();
    assert_eq!(error["error"]["code"], "");
}
