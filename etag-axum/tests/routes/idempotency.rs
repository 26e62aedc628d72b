//! `Idempotency-Key` (rule P6).

use etag_axum::{AccessRequest, Api, Limits, Principal, Resource};
use etag_core::{LedgerKey, MemoryStore, Store};
use http::HeaderValue;

use crate::{spy::Spy, support::*};

const KEY: &str = "Idempotency-Key: k1";

#[tokio::test]
async fn a_repeat_gets_the_recorded_outcome() {
    let api = tasks();
    let first = api.put("/tasks/1", &[KEY], r#"{"title":"milk"}"#).await;
    let again = api.put("/tasks/1", &[KEY], r#"{"title":"milk"}"#).await;
    assert_eq!((again.status.as_u16(), again.etag(), again.header("location")), (201, first.etag(), Some("/tasks/1")));
    assert_eq!(again.body, first.body);
    assert_eq!((first.header("idempotency-replayed"), again.header("idempotency-replayed")), (None, Some("true")));
}

#[tokio::test]
async fn a_repeat_under_the_tag_it_used_up_is_no_conflict() {
    let api = tasks();
    let etag = api.create("/tasks/1", "milk").await;
    let headers = [KEY, &if_match(&etag)];
    let first = api.merge("/tasks/1", &headers, r#"{"title":"eggs"}"#).await;
    let again = api.merge("/tasks/1", &headers, r#"{"title":"eggs"}"#).await;
    assert_eq!((first.status.as_u16(), again.status.as_u16(), again.etag()), (200, 200, first.etag()));
}

#[tokio::test]
async fn a_repeat_after_others_changed_the_resource_tells_no_body() {
    let api = tasks();
    let first = api.put("/tasks/1", &[KEY], r#"{"title":"milk"}"#).await;
    api.put("/tasks/1", &["If-Match: *"], r#"{"title":"eggs"}"#).await;
    let again = api.put("/tasks/1", &[KEY], r#"{"title":"milk"}"#).await;
    assert_eq!((again.status.as_u16(), again.etag(), again.body.len()), (201, first.etag(), 0));
    assert_eq!(api.get("/tasks/1", &[]).await.json()["title"], "eggs");
}

#[tokio::test]
async fn a_delete_is_repeated_too() {
    let api = tasks();
    let headers = [KEY, &if_match(&api.create("/tasks/1", "milk").await)];
    assert_eq!(api.delete("/tasks/1", &headers).await.status, 204);
    let again = api.delete("/tasks/1", &headers).await;
    assert_eq!((again.status.as_u16(), again.header("idempotency-replayed")), (204, Some("true")));
}

#[tokio::test]
async fn one_key_for_two_requests_is_422() {
    let api = tasks();
    api.put("/tasks/1", &[KEY], r#"{"title":"milk"}"#).await;
    for (path, headers, body) in [
        ("/tasks/1", &[KEY][..], r#"{"title":"eggs"}"#),
        ("/tasks/2", &[KEY], r#"{"title":"milk"}"#),
        ("/tasks/1", &[KEY, "If-Match: *"], r#"{"title":"milk"}"#),
    ] {
        let refused = api.put(path, headers, body).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (422, "idempotency-key-reused".to_owned()));
    }
}

#[tokio::test]
async fn a_key_that_is_under_way_is_409() {
    let store = MemoryStore::new();
    let api = Client(Api::new(store.clone()).resource(Resource::<Task>::new()).router());
    let mark = store.coordinator().begin(&LedgerKey { principal: String::new(), key: "k1".into() }).unwrap();
    let refused = api.put("/tasks/1", &[KEY], r#"{"title":"milk"}"#).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (409, "idempotency-key-in-flight".to_owned()));
    assert!(refused.header("retry-after").is_some());
    drop(mark);
    assert_eq!(api.put("/tasks/1", &[KEY], r#"{"title":"milk"}"#).await.status, 201);
}

#[tokio::test]
async fn what_was_refused_is_not_recorded() {
    let api = tasks();
    api.create("/tasks/1", "milk").await;
    let headers = [KEY, "If-Match: \"x\""];
    assert_eq!(api.put("/tasks/1", &headers, r#"{"title":"eggs"}"#).await.status, 412);
    assert_eq!(api.put("/tasks/1", &[KEY, "If-Match: *"], r#"{"title":"eggs"}"#).await.status, 200);
}

#[tokio::test]
async fn the_ledger_is_looked_at_before_the_conditions_and_after_the_media_type() {
    let api = tasks();
    let headers = [KEY, "If-None-Match: *"];
    api.put("/tasks/1", &headers, r#"{"title":"milk"}"#).await;
    assert_eq!(api.put("/tasks/1", &headers, r#"{"title":"milk"}"#).await.status, 201);
    assert_eq!(api.call("PUT /tasks/1", &headers, r#"{"title":"milk"}"#).await.status, 415);
}

#[tokio::test]
async fn a_malformed_key_is_400() {
    let api = tasks();
    let long = format!("Idempotency-Key: {}", "k".repeat(256));
    for headers in [&["Idempotency-Key: "][..], &[&*long], &[KEY, KEY], &["Idempotency-Key: \u{e9}"]] {
        let refused = api.put("/tasks/1", headers, r#"{"title":"milk"}"#).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (400, "malformed-idempotency-key".to_owned()));
    }
    let limits = Limits { idempotency_key_bytes: 1, ..Limits::default() };
    let strict = Client(Api::new(MemoryStore::new()).resource(Resource::<Task>::new()).limits(limits).router());
    assert_eq!(strict.put("/tasks/1", &[KEY], r#"{"title":"milk"}"#).await.status, 400);
}

#[tokio::test]
async fn two_principals_never_share_a_key() {
    let hook = |request: AccessRequest| async move {
        let name = request.parts.headers.get("authorization").map(HeaderValue::to_str);
        Ok(Principal::new(name.unwrap().unwrap()))
    };
    let api = Client(Api::new(MemoryStore::new()).resource(Resource::<Task>::new()).authorize(hook).router());
    assert_eq!(api.put("/tasks/1", &[KEY, "Authorization: ada"], r#"{"title":"milk"}"#).await.status, 201);
    assert_eq!(api.put("/tasks/2", &[KEY, "Authorization: bob"], r#"{"title":"eggs"}"#).await.status, 201);
}

#[tokio::test]
async fn a_keyed_write_that_was_overtaken_is_still_done_once() {
    let spy = Spy::default();
    let api = Client(Api::new(spy.clone()).resource(Resource::<Task>::new()).router());
    api.create("/tasks/1", "milk").await;
    spy.meddle(2);
    let headers = [KEY, "If-Match: *"];
    let first = api.merge("/tasks/1", &headers, r#"{"tags":["a"]}"#).await;
    let again = api.merge("/tasks/1", &headers, r#"{"tags":["a"]}"#).await;
    assert_eq!((first.status.as_u16(), again.etag()), (200, first.etag()));
}
