//! What an item's conditions are compared with: the state at the batch's start, and what earlier items wrote.

use etag_axum::{Api, Policy, Resource};
use etag_core::MemoryStore;
use serde_json::{Value, json};

use super::support::*;
use crate::{spy::Spy, support::*};

fn with(mut item: Value, name: &str, value: &str) -> Value {
    item["headers"][name] = value.into();
    item
}

#[tokio::test]
async fn a_tag_from_before_the_batch_is_stale_after_a_write_in_it() {
    let api = tasks();
    let etag = api.create("/tasks/1", "milk").await;
    let other = api.create("/tasks/2", "tea").await;
    assert_eq!(api.batch(json!([put_if("1", &etag, "cream"), delete_if("1", &etag)])).await.refused(), [424, 412]);
    assert_eq!(api.batch(json!([put_if("1", &etag, "cream"), check_if("1", &etag)])).await.refused(), [424, 412]);
    assert_eq!(api.batch(json!([put_if("1", &etag, "cream"), delete_if("2", &other)])).await.statuses(), [200, 204]);
}

#[tokio::test]
async fn later_items_see_what_earlier_ones_wrote() {
    let api = tasks();
    let done = api
        .batch(json!([
            put("1", "milk"),
            merge_if("1", "*", &json!({ "tags": ["a"] })),
            merge_if("1", "*", &json!({ "title": "cream" })),
            check_if("1", "*"),
            put("2", "tea"),
            delete_if("2", "*"),
            put("2", "rice"),
            merge_if("2", "*", &json!({ "estimate": 2.0 })),
        ]))
        .await;
    assert_eq!(done.statuses(), [201, 204, 200, 200, 201, 204, 201, 200], "{done:?}");
    let one = api.get("/tasks/1", &[]).await;
    assert_eq!(one.json(), json!({ "id": "1", "title": "cream", "tags": ["a"] }));
    assert_eq!((etag_of(&done.item(2)), &done.item(2)["body"]), (one.etag(), &one.json()));
    assert_eq!(
        api.get("/tasks/2", &[]).await.json(),
        json!({ "id": "2", "title": "rice", "tags": [], "estimate": 2.0 })
    );
}

#[tokio::test]
async fn what_an_earlier_item_deleted_is_gone_for_later_ones() {
    let api = tasks();
    api.create("/tasks/1", "milk").await;
    for (item, status) in [
        (merge_if("1", "*", &json!({})), 404),
        (delete_if("1", "*"), 404),
        (check_if("1", "*"), 404),
        (put_if("1", "*", "cream"), 412),
    ] {
        assert_eq!(api.batch(json!([delete_if("1", "*"), item])).await.refused(), [424, status], "{item}");
    }
    let made_again = with(put("1", "cream"), "If-None-Match", "*");
    assert_eq!(api.batch(json!([delete_if("1", "*"), made_again])).await.statuses(), [204, 201]);
}

#[tokio::test]
async fn each_condition_of_a_single_request_counts_in_an_item() {
    let api = tasks();
    let etag = api.create("/tasks/1", "milk").await;
    let modified = api.get("/tasks/1", &[]).await.header("last-modified").unwrap().to_owned();
    let put = || put_if("1", "*", "milk");
    for (name, value, status) in [
        ("If-None-Match", "*", 412),
        ("If-None-Match", &*etag, 412),
        ("If-None-Match", "\"x\"", 200),
        ("If-Unmodified-Since", &modified, 200),
        ("If-Match", "W/\"x\"", 428),
        ("If-Match", &etag, 200),
    ] {
        let answer = api.batch(json!([with(put(), name, value)])).await;
        assert_eq!(answer.statuses(), [status], "{name} {value} {answer:?}");
        let patch = with(merge_if("1", "*", &json!({})), name, value);
        assert_eq!(api.batch(json!([patch])).await.statuses(), [status], "{patch}");
    }
}

#[tokio::test]
async fn a_condition_that_only_a_stored_state_can_answer_is_refused_after_a_write() {
    let api = tasks();
    api.create("/tasks/1", "milk").await;
    let date = "Sun, 06 Nov 1994 08:49:37 GMT";
    for (name, value) in [("If-Unmodified-Since", date), ("If-None-Match", "\"x\"")] {
        let mut item = put("1", "eggs");
        item["headers"] = json!({ name: value });
        let refused = api.batch(json!([put_if("1", "*", "cream"), item])).await;
        assert_eq!(refused.refused(), [424, 400], "{name} {refused:?}");
        assert_eq!(refused.item(1)["body"]["type"], "/problems/malformed-condition");
    }
}

#[tokio::test]
async fn without_a_policy_an_item_needs_no_condition() {
    let api = serve(Resource::<Task>::new().policy(Policy::Optional));
    let bare = |method: &str| json!({ "method": method, "path": "/tasks/1" });
    let merge = json!({
        "method": "PATCH", "path": "/tasks/1", "body": { "tags": ["a"] },
        "headers": { "Content-Type": "application/merge-patch+json" },
    });
    let items = json!([put("1", "milk"), put("1", "eggs"), merge, bare("DELETE"), put("1", "tea")]);
    assert_eq!(api.batch(items).await.statuses(), [201, 204, 204, 204, 201]);
    assert_eq!(api.titles().await, ["tea"]);
}

#[tokio::test]
async fn items_under_tags_are_one_step_of_the_store() {
    let spy = Spy::default();
    let api = Client(Api::new(spy.clone()).resource(Resource::<Task>::new()).router());
    let etag = api.create("/tasks/1", "milk").await;
    spy.calls();
    let items = json!([put_if("1", &etag, "cream"), put("2", "tea"), delete_if("2", "*"), check_if("1", "*")]);
    assert_eq!(api.batch(items).await.status, 200);
    assert_eq!(spy.calls().into_iter().collect::<Vec<_>>(), [("commit", 1)]);
}

#[tokio::test]
async fn what_was_decided_on_a_former_state_is_decided_anew() {
    let spy = Spy::default();
    let api = Client(Api::new(spy.clone()).resource(Resource::<Task>::new()).router());
    api.create("/tasks/1", "milk").await;
    spy.meddle(2);
    let done = api.batch(json!([merge_if("1", "*", &json!({ "tags": ["a"] })), put("2", "tea")])).await;
    assert_eq!(done.statuses(), [200, 201], "{done:?}");
    assert_eq!(done.item(0)["body"], json!({ "id": "1", "title": "meddled 1", "tags": ["a"] }));

    let etag = api.get("/tasks/1", &[]).await.etag();
    spy.meddle(1);
    let refused = api.batch(json!([merge_if("1", &etag, &json!({ "tags": ["b"] })), put("3", "rice")])).await;
    assert_eq!(refused.refused(), [412, 424]);

    spy.meddle(100);
    let refused = api.batch(json!([merge_if("1", "*", &json!({ "tags": ["c"] })), put("3", "rice")])).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (503, "contended".to_owned()));
    assert_eq!(api.get("/tasks/3", &[]).await.status, 404);
}

#[tokio::test]
async fn tags_of_codings_are_taken_in_items_as_in_headers() {
    let api = tasks();
    let etag = api.create("/tasks/1", "milk").await;
    let coded = format!("{}~gzip\"", etag.strip_suffix('"').unwrap());
    assert_eq!(api.batch(json!([put_if("1", &coded, "cream")])).await.statuses(), [200]);
}

#[tokio::test]
async fn a_condition_on_the_batch_itself_is_refused() {
    let api = tasks();
    for header in ["If-Match: *", "If-None-Match: *", "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:37 GMT"] {
        let refused = api.batch_with(&[header], json!([put("1", "milk")])).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (400, "malformed-condition".to_owned()), "{header}");
    }
    assert!(api.titles().await.is_empty());
}

#[tokio::test]
async fn of_two_batches_under_the_same_tags_one_is_done() {
    let api = Client(Api::new(MemoryStore::new()).resource(Resource::<Task>::new()).router());
    let one = api.create("/tasks/1", "0").await;
    let two = api.create("/tasks/2", "0").await;
    let batch = |title: usize| {
        let (api, title) = (api.clone(), title.to_string());
        let items = json!([put_if("1", &one, &title), put_if("2", &two, &title)]);
        tokio::spawn(async move { api.batch(items).await.status.as_u16() })
    };
    let batches: Vec<_> = (1..=16).map(batch).collect();
    let mut done = Vec::new();
    for (index, batch) in batches.into_iter().enumerate() {
        if batch.await.unwrap() == 200 {
            done.push((index + 1).to_string());
        }
    }
    let [winner] = &done[..] else { panic!("{done:?}") };
    assert_eq!(api.titles().await, [winner.clone(), winner.clone()]);
}
