//! PUT.

use crate::support::*;

#[tokio::test]
async fn put_creates_what_is_missing() {
    let api = tasks();
    let created = api.put("/tasks/1", &[], r#"{"title":"milk"}"#).await;
    assert_eq!(created.status, 201);
    assert_eq!(created.header("location"), Some("/tasks/1"));
    assert_eq!(created.header("content-type"), Some("application/json"));
    assert_eq!(created.json()["id"], "1");
    assert!(created.header("last-modified").is_some());
    assert_eq!(api.get("/tasks/1", &[]).await.etag(), created.etag());
}

#[tokio::test]
async fn put_without_condition_on_what_exists_is_428() {
    let api = tasks();
    let etag = api.create("/tasks/1", "milk").await;
    let refused = api.put("/tasks/1", &[], r#"{"title":"eggs"}"#).await;
    assert_eq!(refused.status, 428);
    assert_eq!(refused.problem(), "condition-required");
    assert_eq!(api.get("/tasks/1", &[]).await.etag(), etag);
}

#[tokio::test]
async fn put_under_the_current_tag_replaces() {
    let api = tasks();
    let etag = api.create("/tasks/1", "milk").await;
    let replaced = api.put("/tasks/1", &[&if_match(&etag)], r#"{"title":"eggs"}"#).await;
    assert_eq!(replaced.status, 200);
    assert_ne!(replaced.etag(), etag);
    assert_eq!(replaced.json()["title"], "eggs");
    assert_eq!(replaced.header("content-location"), Some("/tasks/1"));
}

#[tokio::test]
async fn put_under_a_stale_tag_is_412_with_the_current_one() {
    let api = tasks();
    let stale = api.create("/tasks/1", "milk").await;
    let current = api.put("/tasks/1", &[&if_match(&stale)], r#"{"title":"eggs"}"#).await.etag();
    let refused = api.put("/tasks/1", &[&if_match(&stale)], r#"{"title":"tea"}"#).await;
    assert_eq!(refused.status, 412);
    assert_eq!(refused.etag(), current);
    assert_eq!(refused.problem(), "condition-failed");
    assert_eq!(refused.json()["header"], "If-Match");
    assert_eq!(refused.json()["state"], "edited");
    assert_eq!(api.get("/tasks/1", &[]).await.json()["title"], "eggs");
}
