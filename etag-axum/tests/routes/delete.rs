//! DELETE.

use etag_axum::{Api, Policy, Resource};

use crate::{spy::Spy, support::*};

#[tokio::test]
async fn delete_under_the_current_tag_removes() {
    let api = tasks();
    let etag = api.create("/tasks/1", "milk").await;
    let deleted = api.delete("/tasks/1", &[&if_match(&etag)]).await;
    assert_eq!(deleted.status, 204);
    assert_eq!((deleted.body.len(), deleted.header("content-length")), (0, None));
    assert_eq!(api.get("/tasks/1", &[]).await.status, 404);
}

#[tokio::test]
async fn delete_without_a_condition_is_428() {
    let api = tasks();
    api.create("/tasks/1", "milk").await;
    let refused = api.delete("/tasks/1", &[]).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (428, "condition-required".to_owned()));
    assert_eq!(api.get("/tasks/1", &[]).await.status, 200);
}

#[tokio::test]
async fn delete_under_a_stale_tag_is_412_with_the_current_one() {
    let api = tasks();
    let stale = api.create("/tasks/1", "milk").await;
    let current = api.put("/tasks/1", &[&if_match(&stale)], r#"{"title":"eggs"}"#).await.etag();
    let refused = api.delete("/tasks/1", &[&if_match(&stale)]).await;
    assert_eq!((refused.status.as_u16(), refused.etag()), (412, current));
    assert_eq!(refused.json()["header"], "If-Match");
}

#[tokio::test]
async fn delete_of_what_is_missing_is_404_whatever_the_condition() {
    let api = tasks();
    for headers in [&[][..], &["If-Match: *"], &["If-Match: \"1\""], &["If-None-Match: *"], &["If-Match: abc"]] {
        assert_eq!(api.delete("/tasks/1", headers).await.status, 404, "{headers:?}");
    }
}

#[tokio::test]
async fn delete_under_if_none_match_star_is_412() {
    let api = tasks();
    api.create("/tasks/1", "milk").await;
    let refused = api.delete("/tasks/1", &["If-None-Match: *"]).await;
    assert_eq!((refused.status.as_u16(), refused.json()["header"].as_str()), (412, Some("If-None-Match")));
}

#[tokio::test]
async fn delete_under_a_malformed_condition_is_400() {
    let api = tasks();
    api.create("/tasks/1", "milk").await;
    let refused = api.delete("/tasks/1", &["If-Match: abc"]).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (400, "malformed-condition".to_owned()));
    assert_eq!(api.get("/tasks/1", &[]).await.status, 200);
}

#[tokio::test]
async fn without_a_policy_delete_needs_no_condition_and_keeps_to_one() {
    let api = serve(Resource::<Task>::new().policy(Policy::Optional));
    api.create("/tasks/1", "milk").await;
    assert_eq!(api.delete("/tasks/1", &["If-Match: \"other\""]).await.status, 412);
    assert_eq!(api.delete("/tasks/1", &[]).await.status, 204);
    assert_eq!(api.delete("/tasks/1", &[]).await.status, 404);
}

#[tokio::test]
async fn delete_under_a_tag_is_one_step_of_the_store() {
    let spy = Spy::default();
    let api = Client(Api::new(spy.clone()).resource(Resource::<Task>::new()).router());
    let etag = api.create("/tasks/1", "milk").await;
    spy.calls();
    spy.meddle(1);
    assert_eq!(api.delete("/tasks/1", &[&if_match(&etag)]).await.status, 412);
    assert_eq!(spy.calls().into_iter().collect::<Vec<_>>(), [("commit", 1)]);
}

#[tokio::test]
async fn delete_under_a_date_never_deletes_a_later_state() {
    let clock = Stopped::new();
    let api = Client(Api::new(store_at(&clock)).resource(Resource::<Task>::new()).router());
    let created = api.put("/tasks/1", &[], r#"{"title":"milk"}"#).await;
    let unmodified = format!("If-Unmodified-Since: {}", created.header("last-modified").unwrap());
    clock.advance(5);
    api.put("/tasks/1", &[&if_match(&created.etag())], r#"{"title":"eggs"}"#).await;
    assert_eq!(api.delete("/tasks/1", &[&unmodified]).await.status, 412);
}
