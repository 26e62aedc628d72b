//! How much a batch may be (rule H6).

use etag_axum::{Api, Limits, Resource};
use etag_core::MemoryStore;
use serde_json::{Value, json};

use super::support::*;
use crate::support::*;

fn limited(limits: Limits) -> Client {
    Client(Api::new(MemoryStore::new()).resource(Resource::<Task>::new()).limits(limits).router())
}

fn puts(count: usize) -> Value {
    (0..count).map(|id| put(&id.to_string(), "milk")).collect()
}

#[tokio::test]
async fn a_hundred_items_are_done_and_one_more_is_413() {
    let api = tasks();
    let refused = api.batch(puts(101)).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (413, "body-too-large".to_owned()));
    assert!(refused.json()["detail"].as_str().unwrap().contains("at most 100"));
    assert_eq!(api.batch(puts(100)).await.statuses(), [201; 100]);
    let few = limited(Limits { batch_items: 1, ..Limits::default() });
    assert_eq!(few.batch(puts(2)).await.status, 413);
    assert_eq!(few.batch(puts(1)).await.status, 200);
}

#[tokio::test]
async fn the_body_of_a_batch_and_that_of_each_item_have_limits() {
    let api = limited(Limits { body_bytes: 20, batch_bytes: 200, ..Limits::default() });
    assert_eq!(api.batch(json!([put("1", "milk")])).await.status, 200);
    let refused = api.batch(json!([put("2", "twenty-one bytes"), put("3", "tea")])).await;
    assert_eq!(
        (refused.refused(), &refused.item(0)["body"]["type"]),
        (vec![413, 424], &json!("/problems/body-too-large"))
    );
    let refused = api.batch(json!([put("2", &"x".repeat(200))])).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (413, "body-too-large".to_owned()));
    assert!(refused.json()["detail"].as_str().unwrap().contains("200 bytes"));
}

#[tokio::test]
async fn references_do_not_get_a_body_past_its_limit() {
    let api = limited(Limits { body_bytes: 200, ..Limits::default() });
    let long = "x".repeat(100);
    let items = json!([
        { "id": "a", "method": "PUT", "path": format!("/tasks/{long}"), "body": { "title": "milk" } },
        { "method": "PUT", "path": "/tasks/2", "body": { "title": "$a.id", "tags": ["$a.id", "$a.id"] } },
    ]);
    assert_eq!(api.batch(items).await.refused(), [424, 413]);
}

#[tokio::test]
async fn references_do_not_get_a_batch_past_its_limit() {
    let api = limited(Limits { batch_bytes: 2_000, ..Limits::default() });
    let many = |count: usize| {
        let first = json!({ "id": "a", "method": "PUT", "path": format!("/tasks/{}", "x".repeat(200)), "body": { "title": "milk" } });
        let mut items = vec![first];
        items.extend((0..count).map(|id| put(&id.to_string(), "$a.id")));
        Value::from(items)
    };
    assert_eq!(api.batch(many(8)).await.status, 200);
    let refused = api.batch(many(12)).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (413, "body-too-large".to_owned()));
    assert!(refused.json()["detail"].as_str().unwrap().contains("in place of references"));
}

#[tokio::test]
async fn the_limits_of_conditions_are_those_of_a_single_request() {
    let api = tasks();
    let many = "\"x\", ".repeat(10_000);
    assert_eq!(api.batch(json!([put_if("1", &many, "milk")])).await.refused(), [431]);
}
