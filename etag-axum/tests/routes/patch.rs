//! PATCH.

use etag_axum::{Api, Policy, Resource};
use etag_core::Versioned;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{spy::Spy, support::*};

#[tokio::test]
async fn merge_patch_changes_what_it_names_and_null_removes() {
    let api = tasks();
    let created = api.put("/tasks/1", &[], r#"{"title":"milk","tags":["a"],"estimate":2.5}"#).await;
    let patched = api.merge("/tasks/1", &[&if_match(&created.etag())], r#"{"title":"eggs","estimate":null}"#).await;
    assert_eq!(patched.status, 200);
    assert_eq!(patched.json(), serde_json::json!({ "id": "1", "title": "eggs", "tags": ["a"] }));
    assert_eq!(patched.etag(), api.get("/tasks/1", &[]).await.etag());
    assert_eq!(patched.header("content-location"), Some("/tasks/1"));
}

#[tokio::test]
async fn json_patch_is_done_in_order_and_wholly() {
    let api = tasks();
    let etag = api.create("/tasks/1", "milk").await;
    let patch = r#"[{"op":"test","path":"/title","value":"milk"},{"op":"add","path":"/tags/-","value":"a"},
        {"op":"replace","path":"/title","value":"eggs"}]"#;
    let patched = api.json_patch("/tasks/1", &[&if_match(&etag)], patch).await;
    assert_eq!((patched.json()["title"].as_str(), &patched.json()["tags"][0]), (Some("eggs"), &"a".into()));
}

#[tokio::test]
async fn json_patch_that_does_not_fit_is_409_with_nothing_written() {
    let api = tasks();
    let etag = api.create("/tasks/1", "milk").await;
    for patch in [
        r#"[{"op":"replace","path":"/title","value":"eggs"},{"op":"test","path":"/title","value":"milk"}]"#,
        r#"[{"op":"remove","path":"/none"}]"#,
        r#"[{"op":"move","from":"/none","path":"/title"}]"#,
        r#"[{"op":"add","path":"/tags/7","value":"a"}]"#,
    ] {
        let refused = api.json_patch("/tasks/1", &[&if_match(&etag)], patch).await;
        assert_eq!(refused.status, 409, "{patch}");
        assert_eq!(refused.problem(), "patch-conflict");
    }
    assert_eq!(api.get("/tasks/1", &[]).await.etag(), etag);
}

#[tokio::test]
async fn a_malformed_patch_is_400() {
    let api = tasks();
    let etag = api.create("/tasks/1", "milk").await;
    for patch in [
        "",
        "{",
        "7",
        r#"[{"op":"fly","path":"/title"}]"#,
        r#"[{"op":"add","path":"title","value":1}]"#,
        r#"[{"op":"add"}]"#,
    ] {
        let refused = api.json_patch("/tasks/1", &[&if_match(&etag)], patch).await;
        assert_eq!(refused.status, 400, "{patch}");
        assert_eq!(refused.problem(), "malformed-body");
    }
    assert_eq!(api.merge("/tasks/1", &[&if_match(&etag)], r#"{"title":"#).await.status, 400);
}

#[tokio::test]
async fn a_patch_of_the_wrong_shape_is_422_that_names_the_member() {
    let api = tasks();
    let etag = api.create("/tasks/1", "milk").await;
    for (patch, pointer) in [
        (r#"{"title":7}"#, "/title"),
        (r#"{"title":""}"#, "/title"),
        (r#"{"id":"2"}"#, "/id"),
        (r#"{"id":null}"#, "/id"),
        ("7", ""),
        (r#"{"title":null}"#, ""),
    ] {
        let refused = api.merge("/tasks/1", &[&if_match(&etag)], patch).await;
        assert_eq!(refused.status, 422, "{patch}");
        assert_eq!(refused.json()["errors"][0]["pointer"], pointer, "{patch}");
    }
    assert_eq!(api.get("/tasks/1", &[]).await.etag(), etag);
}

#[derive(Debug, Serialize, Deserialize, ToSchema, Versioned)]
#[versioned(collection = "stamped", validator = revision)]
struct Stamped {
    #[versioned(id)]
    id: u32,
    text: String,
    #[versioned(revision)]
    revision: u64,
    #[versioned(etag)]
    etag: String,
}

#[tokio::test]
async fn what_the_server_fills_in_cant_be_patched_and_is_ignored_in_a_put() {
    let api = serve(Resource::<Stamped>::new());
    let created = api.put("/stamped/1", &[], r#"{"text":"a","revision":99,"etag":"\"mine\""}"#).await;
    assert_eq!(created.status, 201);
    assert_ne!(created.json()["revision"], 99);
    assert_eq!(created.json()["etag"].as_str(), Some(&*created.etag()));
    let condition = if_match(&created.etag());
    for (patch, pointer) in [(r#"{"revision":99}"#, "/revision"), (r#"{"etag":"\"mine\""}"#, "/etag")] {
        let refused = api.merge("/stamped/1", &[&condition], patch).await;
        assert_eq!(refused.status, 422, "{patch}");
        assert_eq!(refused.json()["errors"][0]["pointer"], pointer);
    }
    let sent_back = api.put("/stamped/1", &[&condition], created.body.clone()).await;
    assert_eq!((sent_back.status.as_u16(), sent_back.etag()), (200, created.etag()));
    assert_eq!(api.merge("/stamped/1", &[&condition], r#"{"text":"b"}"#).await.status, 200);
}

#[tokio::test]
async fn patch_needs_a_condition_and_a_resource() {
    let api = tasks();
    assert_eq!(api.merge("/tasks/1", &["If-Match: *"], "{}").await.status, 404);
    let stale = api.create("/tasks/1", "milk").await;
    assert_eq!(api.merge("/tasks/1", &[], r#"{"title":"eggs"}"#).await.status, 428);
    let current = api.merge("/tasks/1", &[&if_match(&stale)], r#"{"title":"eggs"}"#).await.etag();
    let refused = api.merge("/tasks/1", &[&if_match(&stale)], r#"{"title":"tea"}"#).await;
    assert_eq!((refused.status.as_u16(), refused.etag()), (412, current));
    assert_eq!(api.merge("/tasks/1", &["If-None-Match: *"], "{}").await.status, 412);
}

#[tokio::test]
async fn other_patches_are_415_with_accept_patch() {
    let api = tasks();
    api.create("/tasks/1", "milk").await;
    for kind in ["Content-Type: application/json", "Content-Type: text/plain", "Accept: */*"] {
        let refused = api.call("PATCH /tasks/1", &[kind], "{}").await;
        assert_eq!(refused.status, 415);
        assert_eq!(refused.header("accept-patch"), Some("application/merge-patch+json, application/json-patch+json"));
    }
}

#[tokio::test]
async fn a_patch_that_was_overtaken_is_made_anew_on_what_is_there() {
    let spy = Spy::default();
    let api = Client(Api::new(spy.clone()).resource(Resource::<Task>::new().policy(Policy::Optional)).router());
    api.create("/tasks/1", "milk").await;
    spy.meddle(1);
    let patched = api.merge("/tasks/1", &[], r#"{"tags":["a"]}"#).await;
    assert_eq!(patched.status, 200);
    assert_eq!(patched.json()["title"], "meddled 1");
    assert_eq!(patched.json()["tags"][0], "a");
}

#[tokio::test]
async fn a_patch_under_a_tag_that_was_overtaken_is_412() {
    let spy = Spy::default();
    let api = Client(Api::new(spy.clone()).resource(Resource::<Task>::new()).router());
    let etag = api.create("/tasks/1", "milk").await;
    spy.meddle(1);
    let refused = api.merge("/tasks/1", &[&if_match(&etag)], r#"{"tags":["a"]}"#).await;
    assert_eq!(refused.status, 412);
    assert_eq!(refused.etag(), api.get("/tasks/1", &[]).await.etag());
}

#[tokio::test]
async fn a_patch_that_doubles_the_document_again_and_again_is_refused() {
    let api = tasks();
    let etag = api.create("/tasks/1", "milk").await;
    for copy in [r#"{"op":"copy","from":"/tags","path":"/tags/-"}"#, r#"{"op":"copy","from":"","path":"/x"}"#] {
        let copies = vec![copy; 200].join(",");
        let refused = api.json_patch("/tasks/1", &[&if_match(&etag)], format!("[{copies}]")).await;
        assert_eq!(refused.status, 422, "{copy}");
    }
    let many = vec![r#"{"op":"test","path":"/title","value":"milk"}"#; 1001].join(",");
    let refused = api.json_patch("/tasks/1", &[&if_match(&etag)], format!("[{many}]")).await;
    assert_eq!(refused.status, 422);
    assert!(refused.json()["detail"].as_str().unwrap().contains("1001"));
}

#[tokio::test]
async fn moving_a_value_into_itself_is_422() {
    let api = tasks();
    let etag = api.create("/tasks/1", "milk").await;
    let patch = r#"[{"op":"move","from":"/tags","path":"/tags/0"}]"#;
    assert_eq!(api.json_patch("/tasks/1", &[&if_match(&etag)], patch).await.status, 422);
}
