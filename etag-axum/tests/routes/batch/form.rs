//! The form of a batch: every mistake is named with its place.

use http::Request;
use serde_json::json;

use super::support::*;
use crate::support::*;

#[tokio::test]
async fn each_mistake_of_form_is_told_with_its_place() {
    let api = tasks();
    let refused = api
        .batch(json!([
            put("1", "milk"),
            { "method": "GET", "path": "tasks/1", "body": {}, "extra": 1 },
            7,
            { "id": "a b", "method": "DELETE", "path": "/tasks/1?x=1", "headers": { "Authorization": "x", "If-Match": 1 }, "body": {} },
            { "id": 1, "path": "/tasks/a b", "headers": [] },
            { "method": "PUT", "path": "/tasks/1" },
        ]))
        .await;
    let expected = [
        "/items/1/extra",
        "/items/1/method",
        "/items/1/path",
        "/items/2",
        "/items/3/body",
        "/items/3/path",
        "/items/3/headers/Authorization",
        "/items/3/headers/If-Match",
        "/items/3/id",
        "/items/4/id",
        "/items/4/method",
        "/items/4/path",
        "/items/4/headers",
        "/items/5/body",
    ];
    assert_eq!(refused.mistakes(), expected, "{refused:?}");
    assert!(api.titles().await.is_empty());
}

#[tokio::test]
async fn an_envelope_that_is_none_is_refused() {
    let api = tasks();
    for (body, pointer) in [
        ("[]", ""),
        ("7", ""),
        ("{}", "/items"),
        (r#"{"items":{}}"#, "/items"),
        (r#"{"items":[]}"#, "/items"),
        (r#"{"items":[],"items":[]}"#, "/items"),
        (r#"{"items":[],"atomic":true}"#, "/atomic"),
        (r#"{"items":[{"method":"PUT","method":"PUT","path":"/tasks/1","body":{}}]}"#, "/items/0/method"),
        (
            r#"{"items":[{"method":"HEAD","path":"/tasks/1","headers":{"If-Match":"*","If-Match":"*"}}]}"#,
            "/items/0/headers/If-Match",
        ),
        (
            r#"{"items":[{"method":"HEAD","path":"/tasks/1","headers":{"If-Match":"*","if-match":"*"}}]}"#,
            "/items/0/headers/if-match",
        ),
        (r#"{"items":[{"method":"HEAD","path":"/tasks/1","headers":{"If-None-Match":"*"}}]}"#, "/items/0/headers"),
        (
            r#"{"items":[{"method":"HEAD","path":"/tasks/1","headers":{"If-Match":"\u0000"}}]}"#,
            "/items/0/headers/If-Match",
        ),
    ] {
        assert_eq!(api.post("/$batch", &[], body).await.mistakes(), [pointer], "{body}");
    }
}

#[tokio::test]
async fn what_is_no_json_is_400_with_line_and_column() {
    let api = tasks();
    for body in ["", "{", "{\"items\":[\n{]}", "{\"items\":[]} x", "\u{feff}{}"] {
        let refused = api.post("/$batch", &[], body).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (400, "malformed-body".to_owned()), "{body}");
        assert!(refused.json()["line"].is_u64(), "{refused:?}");
    }
    let broken = Request::post("/$batch").header("content-type", "application/json");
    assert_eq!(api.send(broken.body(vec![b'{', 0xFF].into()).unwrap()).await.status, 400);
}

#[tokio::test]
async fn another_media_type_is_415() {
    let api = tasks();
    let body = json!({ "items": [put("1", "milk")] }).to_string();
    for headers in
        [&[][..], &["Content-Type: text/plain"], &["Content-Type: application/json", "Content-Encoding: gzip"]]
    {
        assert_eq!(api.call("POST /$batch", headers, body.clone()).await.status, 415, "{headers:?}");
    }
}

#[tokio::test]
async fn an_items_type_of_body_is_json_where_it_says_none_and_no_patch() {
    let api = tasks();
    let mut item = put("1", "milk");
    item["headers"] = json!({ "Content-Type": "text/plain" });
    assert_eq!(api.batch(json!([item])).await.refused(), [415]);
    item["headers"] = json!({ "Content-Type": "application/json" });
    assert_eq!(api.batch(json!([item])).await.statuses(), [201]);
    let patch = json!({
        "method": "PATCH", "path": "/tasks/1", "body": [{ "op": "replace", "path": "/title", "value": "tea" }],
        "headers": { "If-Match": "*", "Content-Type": "application/json-patch+json" },
    });
    assert_eq!(api.batch(json!([patch])).await.statuses(), [200]);
    assert_eq!(api.titles().await, ["tea"]);
}
