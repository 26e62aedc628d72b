//! The shape of errors.

use crate::{CONFLICTED, Planner, Request, patch};

#[test]
fn an_error_names_the_request_and_echoes_the_clients_name_for_it() {
    let mut planner = Planner::start(&[]);
    let task = planner.task();
    planner.patch(&task.path(), &task.etag, &serde_json::json!({ "title": "a" })).expect(204);
    let request = patch(&task.path(), &serde_json::json!({ "title": "b" })).if_match(&task.etag);
    let answer = planner.send(&request.clone().header("Client-Request-Id", "mine"));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let error = answer.expect_error(409, CONFLICTED);
    assert_eq!((&error["code"], &error["innerError"]["client-request-id"]), (&"".into(), &"mine".into()));
    let date = error["innerError"]["date"].as_str().expect("a date");
    assert!(date.len() == 19 && date.as_bytes()[10] == b'T', "{date}");
    assert_eq!(error["innerError"]["request-id"].as_str().map(str::len), Some(36));
    let other = planner.send(&request).expect_error(409, CONFLICTED);
    assert_ne!(other["innerError"]["request-id"], error["innerError"]["request-id"]);
    assert_eq!(other["innerError"].get("client-request-id"), None);
}

#[test]
fn paths_and_methods_that_are_none_are_told_in_the_same_shape() {
    let mut planner = Planner::start(&[]);
    for (request, status) in [
        (Request::get("/"), 404),
        (Request::get("/v2.0/planner/plans"), 404),
        (Request::get("/v1.0/planner"), 404),
        (Request::new("PUT", "/v1.0/planner/tasks"), 405),
        (Request::get("/v1.0/planner/tasks"), 405),
    ] {
        let answer = planner.send(&request).expect(status);
        assert_eq!(answer.json()["error"]["code"], "", "{answer:?}");
    }
}
