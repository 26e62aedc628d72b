//! Flags about what answers say.

use serde_json::json;

use crate::{Planner, Request, Response, patch};

#[test]
fn the_header_with_the_tag_can_be_left_out() {
    for (whether, is_there) in [("sent", true), ("left-out", false)] {
        let mut planner = Planner::start(&["--etag-header", whether]);
        let task = planner.task();
        let read = planner.send(&Request::get(format!("/v1.0{}", task.path()))).expect(200);
        let held = crate::etag(&read.json());
        let changed = planner.patch(&task.path(), &held, &json!({ "title": "a" })).expect(204);
        assert_eq!([&read, &changed].map(|answer| answer.header("etag").is_some()), [is_there; 2]);
    }
}

#[test]
fn whether_a_preference_was_followed_can_be_left_out() {
    for (whether, told) in [("sent", Some("return=representation")), ("left-out", None)] {
        let mut planner = Planner::start(&["--preference-applied", whether]);
        let task = planner.task();
        let preferred = patch(&task.path(), &json!({ "title": "a" })).header("prefer", "return=representation");
        let changed = planner.send(&preferred.if_match(&task.etag)).expect(200);
        assert_eq!(changed.header("preference-applied"), told);
    }
}

#[test]
fn a_change_can_always_be_answered_with_the_whole() {
    for (which, status) in [("preferred", 204), ("always", 200)] {
        let mut planner = Planner::start(&["--whole", which]);
        let task = planner.task();
        let changed = planner.patch(&task.path(), &task.etag, &json!({ "title": "a" })).expect(status);
        assert_eq!(changed.header("preference-applied"), None);
        if status == 200 {
            assert_eq!(changed.json(), planner.get(&task.path()));
        }
    }
}

#[test]
fn the_clients_name_for_a_request_can_be_left_out() {
    for (whether, echoed) in [("sent", Some("mine")), ("left-out", None)] {
        let mut planner = Planner::start(&["--client-request-id", whether]);
        let request = Request::get("/v1.0/planner/tasks/0000000000000000000000000000");
        let refused = planner.send(&request.header("client-request-id", "mine")).expect(404).json();
        let inner = &refused["error"]["innerError"];
        assert_eq!(inner.get("client-request-id").and_then(serde_json::Value::as_str), echoed);
        assert!(inner["request-id"].is_string(), "{inner}");
    }
}

#[test]
fn errors_can_have_other_codes_and_texts() {
    let told =
        ["not-found=Gone,Look, elsewhere", "foreign-tag=,", "unknown-tag=Late,Too late", "failed-dependency=,No"];
    let mut planner = Planner::start(&told.each_ref().map(|told| ["--error", told]).concat());
    let task = planner.task();
    let title = json!({ "title": "a" });
    let code_and_text = |answer: Response| {
        let error = answer.json()["error"].clone();
        [error["code"].clone(), error["message"].clone()]
    };
    let absent = planner.send(&Request::get("/v1.0/planner/tasks/0000000000000000000000000000")).expect(404);
    assert_eq!(code_and_text(absent), ["Gone", "Look, elsewhere"]);
    for foreign in [&*task.details_etag, "?"] {
        assert_eq!(code_and_text(planner.patch(&task.path(), foreign, &title).expect(412)), ["", ""]);
    }
    let never = "W/\"JzEtVGFzayAgQEBAQEBAQEBAQEBAQEBAQCc=\"";
    assert_eq!(code_and_text(planner.patch(&task.path(), never, &title).expect(412)), ["Late", "Too late"]);
    let inner = json!({ "requests": [
        { "id": "1", "method": "GET", "url": "/none" },
        { "id": "2", "method": "GET", "url": "/me/planner/tasks", "dependsOn": ["1"] },
    ] });
    let batch = planner.send(&Request::post("/v1.0/$batch", &inner)).expect(200).json();
    let error = &batch["responses"][1]["body"]["error"];
    assert_eq!((&error["code"], &error["message"]), (&"".into(), &"No".into()));
}
