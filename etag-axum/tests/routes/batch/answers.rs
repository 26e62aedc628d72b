//! What a batch that was done answers.

use etag_axum::{Api, Resource};
use etag_core::MemoryStore;
use serde_json::json;

use super::support::*;
use crate::support::*;

#[tokio::test]
async fn a_batch_does_all_of_its_items_in_order() {
    let api = tasks();
    let old = api.create("/tasks/old", "milk").await;
    let gone = api.create("/tasks/gone", "tea").await;
    let done = api
        .batch(json!([
            put("new", "eggs"),
            put_if("old", &old, "cream"),
            merge_if("new", "*", &json!({ "tags": ["a"] })),
            delete_if("gone", &gone),
        ]))
        .await;
    assert_eq!(done.status, 200, "{done:?}");
    assert_eq!(done.statuses(), [201, 200, 200, 204]);
    assert_eq!(api.titles().await, ["cream", "eggs"]);
    assert_eq!(api.get("/tasks/new", &[]).await.json()["tags"], json!(["a"]));
}

#[tokio::test]
async fn an_item_is_answered_as_a_request_of_its_own() {
    let api = tasks();
    let done = api.batch(json!([named("a", put("1", "milk"))])).await;
    let read = api.get("/tasks/1", &[]).await;
    let item = done.item(0);
    assert_eq!((&item["id"], &item["status"]), (&json!("a"), &json!(201)));
    let headers = json!({
        "Content-Location": "/tasks/1",
        "Content-Type": "application/json",
        "ETag": read.etag(),
        "Last-Modified": read.header("last-modified"),
        "Location": "/tasks/1",
    });
    assert_eq!(item["headers"], headers);
    assert_eq!(item["body"], read.json());
    assert_eq!(done.json()["touched"], json!([]));
}

#[tokio::test]
async fn each_tag_that_is_told_is_the_one_that_the_next_write_takes() {
    let api = tasks();
    api.create("/tasks/2", "tea").await;
    let minimal = json!({ "If-Match": "*", "Prefer": "return=minimal" });
    let done = api
        .batch(json!([
            put("1", "milk"),
            { "method": "PUT", "path": "/tasks/2", "headers": minimal, "body": { "title": "coffee" } },
        ]))
        .await;
    for index in [0, 1] {
        let etag = etag_of(&done.item(index));
        let path = format!("/tasks/{}", index + 1);
        assert_eq!(api.delete(&path, &[&if_match(&etag)]).await.status, 204, "{path}");
    }
}

#[tokio::test]
async fn prefer_counts_for_its_item_alone() {
    let api = tasks();
    let quiet = json!({ "Prefer": "return=minimal" });
    let done = api
        .batch(json!([
            { "method": "PUT", "path": "/tasks/1", "headers": quiet, "body": { "title": "milk" } },
            put("2", "tea"),
        ]))
        .await;
    assert_eq!(done.item(0).get("body"), None);
    assert_eq!(done.item(0)["headers"]["Preference-Applied"], "return=minimal");
    assert_eq!(done.item(1)["body"]["title"], "tea");
    let outside = api.batch_with(&["Prefer: return=minimal"], json!([put("3", "eggs")])).await;
    assert_eq!(outside.item(0)["body"]["title"], "eggs");
}

#[tokio::test]
async fn a_state_that_a_later_item_wrote_over_has_no_tag_to_be_told() {
    let api = tasks();
    let done = api.batch(json!([put("1", "milk"), put_if("1", "*", "eggs"), delete_if("2", "*")])).await;
    assert_eq!(done.refused(), [424, 424, 404]);
    let done = api.batch(json!([put("1", "milk"), put_if("1", "*", "eggs")])).await;
    assert_eq!(done.statuses(), [201, 200]);
    assert_eq!(done.item(0)["headers"], json!({ "Location": "/tasks/1" }));
    assert_eq!(done.item(0).get("body"), None);
    let etag = etag_of(&done.item(1));
    assert_eq!(api.get("/tasks/1", &[]).await.etag(), etag);
    let done = api.batch(json!([put_if("1", &etag, "tea"), delete_if("1", "*")])).await;
    assert_eq!(done.statuses(), [204, 204]);
    assert_eq!(done.item(0).get("headers"), None);
}

#[tokio::test]
async fn a_write_that_changes_nothing_keeps_the_tag_and_a_batch_of_such_too() {
    let api = tasks();
    let etag = api.create("/tasks/1", "milk").await;
    let done = api.batch(json!([put_if("1", &etag, "milk"), merge_if("1", &etag, &json!({}))])).await;
    assert_eq!(done.statuses(), [204, 200]);
    assert_eq!(etag_of(&done.item(1)), etag);
}

#[tokio::test]
async fn a_check_writes_nothing_and_tells_the_tag() {
    let api = tasks();
    let etag = api.create("/tasks/1", "milk").await;
    let bare = json!({ "method": "HEAD", "path": "/tasks/1" });
    let done = api.batch(json!([check_if("1", &etag), check_if("1", "*"), bare, put("2", "tea")])).await;
    assert_eq!(done.statuses(), [200, 200, 200, 201]);
    assert_eq!((etag_of(&done.item(0)), done.item(0).get("body")), (etag.clone(), None));
    assert_eq!(api.get("/tasks/1", &[]).await.etag(), etag);
}

#[tokio::test]
async fn paths_are_those_of_the_server_where_the_api_is_nested() {
    let api = Api::new(MemoryStore::new()).resource(Resource::<Task>::new()).router();
    let api = Client(axum::Router::new().nest("/api", api));
    let item =
        |path: &str| json!({ "items": [{ "method": "PUT", "path": path, "body": { "title": "tea" } }] }).to_string();
    let done = api.post("/api/$batch", &[], item("/api/tasks/1")).await;
    assert_eq!(done.item(0)["headers"]["Location"], "/api/tasks/1", "{done:?}");
    for elsewhere in ["/tasks/1", "/api", "/apitasks/1", "/api/$$batch", "/api/openapi.json"] {
        assert_eq!(api.post("/api/$batch", &[], item(elsewhere)).await.refused(), [404], "{elsewhere}");
    }
}

#[tokio::test]
async fn other_methods_are_405_and_options_tells_which_there_are() {
    let api = tasks();
    for method in ["GET", "PUT", "DELETE", "PATCH"] {
        let refused = api.call(&format!("{method} /$batch"), &[], "").await;
        assert_eq!((refused.status.as_u16(), refused.header("allow")), (405, Some("POST, OPTIONS")));
    }
    let options = api.call("OPTIONS /$batch", &[], "").await;
    assert_eq!((options.status.as_u16(), options.header("accept-post")), (204, Some("application/json")));
}

#[tokio::test]
async fn each_answer_to_a_batch_is_described() {
    let api = tasks();
    let description = api.get("/openapi.json", &[]).await.json();
    let responses = &description["paths"]["/$batch"]["post"]["responses"];
    let items = |items: serde_json::Value| json!({ "items": items }).to_string();
    let many: serde_json::Value = (0..101).map(|id| put(&id.to_string(), "milk")).collect();
    for (headers, body, status) in [
        (&["Idempotency-Key: k"][..], items(json!([put("1", "milk")])), 200),
        (&["Idempotency-Key: k"], items(json!([put("1", "milk")])), 200),
        (&["Idempotency-Key: k"], items(json!([put("1", "tea")])), 422),
        (&[], items(json!([put("1", "milk")])), 409),
        (&[], "{".to_owned(), 400),
        (&["If-Match: *"], items(json!([put("1", "milk")])), 400),
        (&[], "{}".to_owned(), 422),
        (&[], items(many), 413),
        (&["Content-Encoding: gzip"], String::new(), 415),
    ] {
        let answer = api.post("/$batch", headers, body).await;
        assert_eq!(answer.status.as_u16(), status, "{answer:?}");
        let described = &responses[answer.status.as_str()];
        let kind = answer.header("content-type").unwrap();
        assert!(described["content"].get(kind).is_some(), "{kind} in {described}");
        for name in answer.headers.keys().map(http::HeaderName::as_str) {
            let is_described =
                described["headers"].as_object().unwrap().keys().any(|key| key.eq_ignore_ascii_case(name));
            assert!(is_described || name.starts_with("content-"), "{name} in {described}");
        }
    }
}

#[tokio::test]
async fn an_api_without_batches_has_no_such_path() {
    let api = Api::new(MemoryStore::new()).resource(Resource::<Task>::new()).without_batches();
    let api = Client(api.router());
    assert_eq!(api.batch(json!([put("1", "milk")])).await.status, 404);
    assert_eq!(api.get("/openapi.json", &[]).await.json()["paths"].get("/$batch"), None);
}
