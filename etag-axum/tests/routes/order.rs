//! Which answer comes first where several are due (rule P3): each test sends a request that deserves two or more.

use etag_axum::{AccessRequest, Api, Denied, Principal, Resource};
use etag_core::MemoryStore;
use http::HeaderValue;

use crate::support::*;

/// Lets in who sends `Authorization: ok`.
fn guarded() -> Client {
    let hook = |request: AccessRequest| async move {
        match request.parts.headers.get("authorization").map(HeaderValue::as_bytes) {
            Some(b"ok") => Ok(Principal::new("ada")),
            Some(_) => Err(Denied::Forbidden),
            None => Err(Denied::Unauthenticated(HeaderValue::from_static("Bearer"))),
        }
    };
    Client(Api::new(MemoryStore::new()).resource(Resource::<Task>::new()).authorize(hook).router())
}

const OK: &str = "Authorization: ok";

#[tokio::test]
async fn authorisation_comes_before_405() {
    let api = guarded();
    let unknown = api.call("TRACE /tasks/1", &[], "").await;
    assert_eq!((unknown.status.as_u16(), unknown.header("www-authenticate")), (401, Some("Bearer")));
    assert_eq!(api.call("POST /tasks/1", &["Authorization: no"], "").await.status, 403);
    assert_eq!(api.call("POST /tasks/1", &[OK], "").await.status, 405);
}

#[tokio::test]
async fn authorisation_comes_before_415_404_400_and_422() {
    let api = guarded();
    for line in
        ["PUT /tasks/1", "PATCH /tasks/1", "PUT /tasks/%zz", "DELETE /tasks/1", "GET /tasks?limit=x", "GET /tasks/1"]
    {
        assert_eq!(api.call(line, &["If-Match: abc"], "{").await.status, 401, "{line}");
    }
}

#[tokio::test]
async fn method_comes_before_media_type_and_path() {
    let refused = tasks().call("POST /tasks/%zz", &["Content-Type: text/plain"], "").await;
    assert_eq!(refused.status, 405);
    assert_eq!(refused.header("allow"), Some("GET, HEAD, PUT, PATCH, DELETE, OPTIONS"));
}

#[tokio::test]
async fn media_type_comes_before_404_and_conditions() {
    let api = tasks();
    assert_eq!(api.call("PATCH /tasks/none", &["Content-Type: text/plain", "If-Match: abc"], "{").await.status, 415);
    api.create("/tasks/1", "milk").await;
    assert_eq!(api.call("PUT /tasks/1", &["Content-Type: text/plain", "If-Match: abc"], "{").await.status, 415);
    assert_eq!(api.call("PUT /tasks/1", &["Content-Type: text/plain", "If-Match: \"x\""], "{").await.status, 415);
}

#[tokio::test]
async fn absence_comes_before_conditions_except_for_put() {
    let api = tasks();
    assert_eq!(api.merge("/tasks/1", &["If-Match: abc"], "{").await.status, 404);
    assert_eq!(api.merge("/tasks/1", &[], "{").await.status, 404);
    assert_eq!(api.delete("/tasks/1", &["If-Match: \"x\""]).await.status, 404);
    assert_eq!(api.put("/tasks/1", &["If-Match: abc"], "{").await.status, 400);
    assert_eq!(api.put("/tasks/1", &["If-Match: \"x\""], "{}").await.status, 412);
}

#[tokio::test]
async fn a_malformed_condition_comes_before_428_412_and_the_body() {
    let api = tasks();
    api.create("/tasks/1", "milk").await;
    for headers in [&["If-Match: abc"][..], &["If-None-Match: abc"], &["If-Match: \"x\"", "If-None-Match: abc"]] {
        for body in ["{", "{}", r#"{"title":"eggs"}"#] {
            assert_eq!(api.put("/tasks/1", headers, body).await.problem(), "malformed-condition", "{headers:?} {body}");
            assert_eq!(
                api.merge("/tasks/1", headers, body).await.problem(),
                "malformed-condition",
                "{headers:?} {body}"
            );
        }
    }
}

#[tokio::test]
async fn a_missing_condition_comes_before_the_body() {
    let api = tasks();
    api.create("/tasks/1", "milk").await;
    for body in ["{", "{}", r#"{"title":""}"#] {
        assert_eq!(api.put("/tasks/1", &[], body).await.status, 428, "{body}");
        assert_eq!(api.merge("/tasks/1", &[], body).await.status, 428, "{body}");
    }
    assert_eq!(api.put("/tasks/2", &[], "{").await.status, 400, "there is nothing to overwrite");
}

#[tokio::test]
async fn a_missing_condition_comes_before_one_that_fails() {
    let api = tasks();
    let etag = api.create("/tasks/1", "milk").await;
    assert_eq!(api.put("/tasks/1", &[&if_none_match(&etag)], "{}").await.status, 428);
}

#[tokio::test]
async fn a_failed_condition_comes_before_the_body() {
    let api = tasks();
    api.create("/tasks/1", "milk").await;
    for body in ["{", "{}", r#"{"title":""}"#, r#"{"id":"2","title":"milk"}"#] {
        for headers in [&["If-Match: \"x\""][..], &["If-None-Match: *"]] {
            assert_eq!(api.put("/tasks/1", headers, body).await.status, 412, "{headers:?} {body}");
        }
        assert_eq!(api.merge("/tasks/1", &["If-Match: \"x\""], body).await.status, 412, "{body}");
    }
}

#[tokio::test]
async fn the_body_comes_before_a_patch_that_does_not_fit() {
    let api = tasks();
    api.create("/tasks/1", "milk").await;
    let patch = r#"[{"op":"remove","path":"/none"},{"op":"fly","path":"/title"}]"#;
    assert_eq!(api.json_patch("/tasks/1", &["If-Match: *"], patch).await.status, 400);
    let fits = r#"[{"op":"remove","path":"/none"},{"op":"replace","path":"/title","value":7}]"#;
    assert_eq!(api.json_patch("/tasks/1", &["If-Match: *"], fits).await.status, 409);
}

#[tokio::test]
async fn a_condition_that_holds_leaves_the_bodys_own_answer() {
    let api = tasks();
    let etag = api.create("/tasks/1", "milk").await;
    assert_eq!(api.put("/tasks/1", &[&if_match(&etag)], "{").await.status, 400);
    assert_eq!(api.put("/tasks/1", &[&if_match(&etag)], "{}").await.status, 422);
    let invalid = api.put("/tasks/1", &[&if_match(&etag)], r#"{"title":""}"#).await;
    assert_eq!((invalid.status.as_u16(), invalid.problem()), (422, "invalid".to_owned()));
    assert_eq!(invalid.json()["errors"][0], serde_json::json!({ "pointer": "/title", "detail": "must not be empty" }));
}
