//! A batch that can't be done, and what its answer says of each item (trap 20).

use etag_axum::{Api, Resource};
use etag_core::{Error, ErrorKind};
use serde_json::json;

use super::support::*;
use crate::{spy::Spy, support::*};

#[tokio::test]
async fn a_batch_with_one_refusal_writes_nothing() {
    let api = tasks();
    let etag = api.create("/tasks/1", "milk").await;
    let gone = api.create("/tasks/2", "tea").await;
    api.delete("/tasks/2", &[&if_match(&gone)]).await;
    for culprit in [
        put_if("1", "\"x\"", "cream"),
        put("1", "cream"),
        put_if("2", &gone, "coffee"),
        merge_if("none", "*", &json!({})),
        delete_if("none", "*"),
        delete_if("1", "\"x\""),
        check_if("1", "\"x\""),
        check_if("none", "*"),
        put("new", ""),
        merge_if("1", &etag, &json!({ "title": 7 })),
        put_if("1", "no tag", "cream"),
        json!({ "method": "POST", "path": "/tasks", "body": {} }),
        json!({ "method": "PUT", "path": "/nothing/1", "body": {} }),
    ] {
        for items in [json!([put("3", "eggs"), culprit]), json!([culprit, put("3", "eggs")])] {
            let refused = api.batch(items.clone()).await;
            let mut statuses = refused.refused();
            statuses.retain(|status| *status != 424);
            assert_eq!(statuses.len(), 1, "{items} {refused:?}");
            assert_eq!(api.titles().await, ["milk"], "{items}");
            assert_eq!(api.get("/tasks/1", &[]).await.etag(), etag, "{items}");
            assert_eq!(api.get("/tasks/3", &[]).await.status, 404, "{items}");
        }
    }
    assert_eq!(api.batch(json!([put("3", "eggs")])).await.status, 200);
}

#[tokio::test]
async fn every_culprit_is_named_and_all_others_are_424() {
    let api = tasks();
    let etag = api.create("/tasks/1", "milk").await;
    api.create("/tasks/2", "tea").await;
    let refused = api
        .batch(json!([
            named("a", put("3", "eggs")),
            named("b", put_if("1", "\"x\"", "cream")),
            merge_if("2", "*", &json!({ "tags": ["a"] })),
            named("d", json!({ "method": "DELETE", "path": "/tasks/2" })),
            put("4", ""),
            delete_if("none", "*"),
            put_if("5", "no tag", "rice"),
            { "method": "PATCH", "path": "/tasks/1", "headers": { "If-Match": "*" }, "body": {} },
            { "method": "POST", "path": "/tasks/1", "body": {} },
        ]))
        .await;
    assert_eq!(refused.refused(), [424, 412, 424, 428, 422, 404, 400, 415, 405]);
    let problem = refused.json();
    assert_eq!(problem["detail"], "7 of 9 items can't be done, so none was; their answers say why");
    assert_eq!(problem["items"][0], json!({ "id": "a", "status": 424 }));
    let stale = &problem["items"][1];
    assert_eq!((&stale["id"], etag_of(stale)), (&json!("b"), etag));
    assert_eq!(stale["headers"]["Content-Type"], "application/problem+json");
    assert_eq!((&stale["body"]["type"], &stale["body"]["status"]), (&json!("/problems/condition-failed"), &json!(412)));
    assert_eq!((&stale["body"]["header"], &stale["body"]["instance"]), (&json!("If-Match"), &json!("/tasks/1")));
    assert_eq!(problem["items"][4]["body"]["errors"][0]["pointer"], "/items/4/body/title");
    assert_eq!(problem["items"][7]["headers"]["Accept-Patch"].as_str().map(str::is_empty), Some(false));
    assert_eq!(problem["items"][8]["headers"]["Allow"].as_str().map(str::is_empty), Some(false));
}

#[tokio::test]
async fn the_stale_condition_is_told_before_the_broken_rule() {
    let api = tasks();
    api.create("/tasks/1", "milk").await;
    assert_eq!(api.batch(json!([put_if("1", "\"x\"", "")])).await.refused(), [412]);
    assert_eq!(api.batch(json!([put("1", "")])).await.refused(), [428]);
    assert_eq!(api.batch(json!([merge_if("none", "*", &json!({ "title": 7 }))])).await.refused(), [404]);
}

#[tokio::test]
async fn prefer_representation_shows_the_current_state_of_a_culprit() {
    let api = tasks();
    let etag = api.create("/tasks/1", "milk").await;
    let mut item = put_if("1", "\"x\"", "cream");
    item["headers"]["Prefer"] = "return=representation".into();
    let refused = api.batch(json!([item])).await;
    assert_eq!(refused.refused(), [412]);
    assert_eq!(refused.item(0)["body"], api.get("/tasks/1", &[]).await.json());
    assert_eq!(
        (etag_of(&refused.item(0)), &refused.item(0)["headers"]["Content-Location"]),
        (etag, &json!("/tasks/1"))
    );
}

#[tokio::test]
async fn an_item_that_builds_on_a_failed_one_is_not_to_blame() {
    let api = tasks();
    let etag = api.create("/tasks/1", "milk").await;
    let broken = [put_if("1", "\"x\"", "cream"), put_if("1", &etag, ""), merge_if("1", &etag, &json!({ "id": "2" }))];
    for broken in broken {
        let items = json!([named("a", broken), put_if("1", "$a.etag", "eggs"), merge_if("1", "*", &json!({}))]);
        let refused = api.batch(items.clone()).await;
        assert_eq!(refused.refused()[1..], [424, 424], "{items}");
    }
}

#[tokio::test]
async fn the_tag_of_a_state_that_was_never_written_is_told_to_nobody() {
    let api = tasks();
    let etag = api.create("/tasks/1", "milk").await;
    let refused =
        api.batch(json!([put_if("1", &etag, "cream"), put_if("1", &etag, "eggs"), delete_if("1", &etag)])).await;
    assert_eq!(refused.refused(), [424, 412, 424]);
    assert_eq!(refused.item(1)["headers"].get("ETag"), None, "{refused:?}");
    let refused = api.batch(json!([put("2", "tea"), put("2", "rice")])).await;
    assert_eq!(refused.refused(), [424, 428]);
    assert_eq!(refused.item(1)["headers"].get("ETag"), None, "{refused:?}");
    let mut absent = put("2", "rice");
    absent["headers"] = json!({ "If-None-Match": "*" });
    let refused = api.batch(json!([put("2", "tea"), absent])).await;
    assert_eq!((refused.refused(), &refused.item(1)["body"]["header"]), (vec![424, 412], &json!("If-None-Match")));
}

#[tokio::test]
async fn a_fault_of_the_store_is_the_answer_to_the_whole() {
    let spy = Spy::default();
    let api = Client(Api::new(spy.clone()).resource(Resource::<Task>::new()).router());
    for (kind, status) in [(ErrorKind::Unavailable, 503), (ErrorKind::Unknown, 504), (ErrorKind::TooLarge, 413)] {
        spy.fail(Error::new(kind, "not now"));
        let refused = api.batch(json!([put("1", "milk")])).await;
        assert_eq!((refused.status.as_u16(), refused.json().get("items")), (status, None), "{refused:?}");
    }
}
