//! PUT.

use std::collections::HashSet;

use etag_axum::{Api, Policy, Resource};
use etag_core::{MemoryStore, Versioned};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{spy::Spy, support::*};

const EGGS: &str = r#"{"title":"eggs"}"#;

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
    let refused = api.put("/tasks/1", &[], EGGS).await;
    assert_eq!(refused.status, 428);
    assert_eq!(refused.problem(), "condition-required");
    assert_eq!(api.get("/tasks/1", &[]).await.etag(), etag);
}

#[tokio::test]
async fn put_under_the_current_tag_replaces() {
    let api = tasks();
    let etag = api.create("/tasks/1", "milk").await;
    let replaced = api.put("/tasks/1", &[&if_match(&etag)], EGGS).await;
    assert_eq!(replaced.status, 200);
    assert_ne!(replaced.etag(), etag);
    assert_eq!(replaced.json()["title"], "eggs");
    assert_eq!(replaced.header("content-location"), Some("/tasks/1"));
    assert!(replaced.header("location").is_none());
}

#[tokio::test]
async fn put_under_a_stale_tag_is_412_with_the_current_one() {
    let api = tasks();
    let stale = api.create("/tasks/1", "milk").await;
    let current = api.put("/tasks/1", &[&if_match(&stale)], EGGS).await.etag();
    let refused = api.put("/tasks/1", &[&if_match(&stale)], r#"{"title":"tea"}"#).await;
    assert_eq!(refused.status, 412);
    assert_eq!(refused.etag(), current);
    assert!(refused.header("last-modified").is_some());
    assert_eq!(refused.problem(), "condition-failed");
    assert_eq!(refused.json()["header"], "If-Match");
    assert_eq!(refused.json()["state"], "edited");
    assert_eq!(api.get("/tasks/1", &[]).await.json()["title"], "eggs");
}

#[tokio::test]
async fn put_under_any_of_several_tags_and_lines_replaces() {
    let api = tasks();
    let etag = api.create("/tasks/1", "milk").await;
    let list = format!("If-Match: \"a,b\", {etag}");
    let second = api.put("/tasks/1", &["If-Match: \"x\"", &list], EGGS).await;
    assert_eq!(second.status, 200);
}

#[tokio::test]
async fn put_under_star_replaces_what_exists_and_creates_nothing() {
    let api = tasks();
    let missing = api.put("/tasks/1", &["If-Match: *"], EGGS).await;
    assert_eq!((missing.status.as_u16(), missing.header("etag")), (412, None));
    assert_eq!(missing.json()["state"], "missing");
    api.create("/tasks/1", "milk").await;
    assert_eq!(api.put("/tasks/1", &["If-Match: *"], EGGS).await.status, 200);
}

#[tokio::test]
async fn put_under_a_tag_of_what_was_deleted_is_412_and_creates_nothing() {
    let api = tasks();
    let etag = api.create("/tasks/1", "milk").await;
    assert_eq!(api.delete("/tasks/1", &[&if_match(&etag)]).await.status, 204);
    let refused = api.put("/tasks/1", &[&if_match(&etag)], EGGS).await;
    assert_eq!((refused.status.as_u16(), refused.header("etag")), (412, None));
    assert_eq!(refused.json()["state"], "deleted");
    assert_eq!(api.get("/tasks/1", &[]).await.status, 404);
}

#[tokio::test]
async fn put_under_a_tag_of_a_former_resource_is_412_that_says_so() {
    let api = tasks();
    let former = api.create("/tasks/1", "milk").await;
    api.delete("/tasks/1", &[&if_match(&former)]).await;
    api.create("/tasks/1", "milk").await;
    let refused = api.put("/tasks/1", &[&if_match(&former)], EGGS).await;
    assert_eq!(refused.status, 412);
    assert_eq!(refused.json()["state"], "re-created");
}

#[tokio::test]
async fn create_only_put_never_replaces() {
    let api = tasks();
    assert_eq!(api.put("/tasks/1", &["If-None-Match: *"], EGGS).await.status, 201);
    let refused = api.put("/tasks/1", &["If-None-Match: *"], r#"{"title":"tea"}"#).await;
    assert_eq!(refused.status, 412);
    assert_eq!(refused.json()["header"], "If-None-Match");
    assert_eq!(refused.json()["state"], "exists");
    assert_eq!(refused.etag(), api.get("/tasks/1", &[]).await.etag());
}

#[tokio::test]
async fn put_with_if_none_match_tags_compares_weakly() {
    let api = serve(Resource::<Task>::new().policy(Policy::Optional));
    let etag = api.create("/tasks/1", "milk").await;
    let weak = format!("If-None-Match: W/{etag}");
    assert_eq!(api.put("/tasks/1", &[&weak], EGGS).await.status, 412);
    assert_eq!(api.put("/tasks/1", &["If-None-Match: \"other\""], EGGS).await.status, 200);
}

#[tokio::test]
async fn if_none_match_with_tags_is_no_condition_to_replace_under() {
    let api = tasks();
    api.create("/tasks/1", "milk").await;
    assert_eq!(api.put("/tasks/1", &["If-None-Match: \"other\""], EGGS).await.status, 428);
    assert_eq!(api.put("/tasks/2", &["If-None-Match: \"other\""], EGGS).await.status, 201);
}

#[tokio::test]
async fn a_weak_tag_never_passes_if_match_and_is_no_condition() {
    let api = tasks();
    let etag = api.create("/tasks/1", "milk").await;
    let weak = format!("If-Match: W/{etag}");
    assert_eq!(api.put("/tasks/1", &[&weak], EGGS).await.status, 428);
    assert_eq!(api.put("/tasks/2", &[&weak], EGGS).await.status, 412);
    let optional = serve(Resource::<Task>::new().policy(Policy::Optional));
    let weak = format!("If-Match: W/{}", optional.create("/tasks/1", "milk").await);
    assert_eq!(optional.put("/tasks/1", &[&weak], EGGS).await.status, 412);
}

#[tokio::test]
async fn a_weakened_tag_passes_where_that_is_opted_into() {
    let api = serve(Resource::<Task>::new().accept_weakened_tags());
    let etag = api.create("/tasks/1", "milk").await;
    let weakened = format!("If-Match: W/{etag}");
    assert_eq!(api.put("/tasks/1", &[&weakened], EGGS).await.status, 200);
    assert_eq!(api.put("/tasks/1", &[&weakened], EGGS).await.status, 412);
}

#[tokio::test]
async fn without_a_policy_the_last_put_wins() {
    let api = serve(Resource::<Task>::new().policy(Policy::Optional));
    let etag = api.create("/tasks/1", "milk").await;
    assert_eq!(api.put("/tasks/1", &[], EGGS).await.status, 200);
    assert_eq!(api.put("/tasks/1", &[&if_match(&etag)], EGGS).await.status, 412);
}

#[tokio::test]
async fn a_date_is_a_condition_only_where_it_is_a_strong_validator() {
    let clock = Stopped::new();
    let api = Client(Api::new(store_at(&clock)).resource(Resource::<Task>::new()).router());
    let created = api.put("/tasks/1", &[], r#"{"title":"milk"}"#).await;
    let unmodified = format!("If-Unmodified-Since: {}", created.header("last-modified").unwrap());
    let first = api.put("/tasks/1", &[&unmodified], EGGS).await;
    assert_eq!(first.status, 200, "the resource is new in its second: {first:?}");
    let weak = api.put("/tasks/1", &[&unmodified], r#"{"title":"tea"}"#).await;
    assert_eq!(weak.status, 428, "two states share the second: {weak:?}");
    clock.advance(2);
    let etag = api.get("/tasks/1", &[]).await.etag();
    assert_eq!(api.put("/tasks/1", &[&if_match(&etag)], r#"{"title":"rum"}"#).await.status, 200);
    let late = api.put("/tasks/1", &[&unmodified], r#"{"title":"tea"}"#).await;
    assert_eq!(late.status, 412);
    assert_eq!(late.json()["header"], "If-Unmodified-Since");
}

#[tokio::test]
async fn an_invalid_date_is_ignored() {
    let api = tasks();
    assert_eq!(api.put("/tasks/1", &["If-Unmodified-Since: yesterday"], EGGS).await.status, 201);
    assert_eq!(api.put("/tasks/1", &["If-Unmodified-Since: yesterday"], EGGS).await.status, 428);
}

#[tokio::test]
async fn equal_content_keeps_the_tag() {
    let api = tasks();
    let etag = api.create("/tasks/1", "milk").await;
    let same = api.put("/tasks/1", &[&if_match(&etag)], r#"{"tags":[],"title":"milk"}"#).await;
    assert_eq!((same.status.as_u16(), same.etag()), (200, etag));
}

#[tokio::test]
async fn two_that_both_count_from_five_to_six_are_not_both_told_that_they_did() {
    let api = tasks();
    let five = api.create("/tasks/1", "5").await;
    let mut statuses = Vec::new();
    for _ in 0..2 {
        statuses.push(api.put("/tasks/1", &[&if_match(&five)], r#"{"title":"6"}"#).await.status.as_u16());
    }
    assert_eq!(statuses, [200, 412]);
}

/// Equal values are serialised in any order.
#[derive(Serialize, Deserialize, ToSchema, Versioned)]
#[versioned(collection = "sets", validator = revision)]
struct Unordered {
    #[versioned(id)]
    id: String,
    words: HashSet<String>,
}

#[tokio::test]
async fn one_tag_stands_for_one_sequence_of_bytes() {
    let api = serve(Resource::<Unordered>::new());
    let words = serde_json::json!({ "words": (0..20).map(|word| word.to_string()).collect::<Vec<_>>() }).to_string();
    let created = api.put("/sets/1", &[], words.clone()).await;
    let same = api.put("/sets/1", &["If-Match: *"], words).await;
    assert_eq!((same.status.as_u16(), same.etag()), (200, created.etag()));
    assert_eq!((&same.body, &created.body), (&created.body, &api.get("/sets/1", &[]).await.body));
}

#[tokio::test]
async fn what_the_put_answers_the_get_answers() {
    let api = tasks();
    let put = api.put("/tasks/1", &[], r#"{"title":"milk","estimate":2}"#).await;
    let get = api.get("/tasks/1", &[]).await;
    assert_eq!((put.body.clone(), put.etag()), (get.body.clone(), get.etag()));
    assert_eq!(put.header("last-modified"), get.header("last-modified"));
}

#[tokio::test]
async fn the_path_names_the_id_and_the_body_may_repeat_it_only() {
    let api = tasks();
    assert_eq!(api.put("/tasks/1", &[], r#"{"id":"1","title":"milk"}"#).await.status, 201);
    let other = api.put("/tasks/2", &[], r#"{"id":"3","title":"milk"}"#).await;
    assert_eq!(other.status, 422);
    assert_eq!(other.json()["errors"][0]["pointer"], "/id");
}

#[tokio::test]
async fn strict_put_answers_without_validators() {
    let api = serve(Resource::<Task>::new().strict_put());
    for (headers, status) in [(&[][..], 201), (&["If-Match: *"][..], 200)] {
        let answer = api.put("/tasks/1", headers, format!(r#"{{"title":"{status}"}}"#)).await;
        assert_eq!(answer.status, status);
        assert_eq!((answer.header("etag"), answer.header("last-modified")), (None, None));
    }
    assert!(api.get("/tasks/1", &[]).await.header("etag").is_some());
}

#[tokio::test]
async fn put_under_if_match_reads_nothing_before_its_commit() {
    let spy = Spy::default();
    let api = Client(Api::new(spy.clone()).resource(Resource::<Task>::new()).router());
    let etag = api.create("/tasks/1", "milk").await;
    assert_eq!(spy.calls().into_iter().collect::<Vec<_>>(), [("commit", 1)]);
    api.put("/tasks/1", &[&if_match(&etag)], EGGS).await;
    assert_eq!(spy.calls().into_iter().collect::<Vec<_>>(), [("commit", 1)]);
    assert_eq!(api.put("/tasks/1", &[&if_match(&etag)], EGGS).await.status, 412);
    assert_eq!(spy.calls().into_iter().collect::<Vec<_>>(), [("commit", 1)]);
}

#[tokio::test]
async fn a_condition_that_needs_a_read_is_looked_at_again_where_the_state_moved() {
    let spy = Spy::default();
    let api = Client(Api::new(spy.clone()).resource(Resource::<Task>::new().policy(Policy::Optional)).router());
    api.create("/tasks/1", "milk").await;
    spy.meddle(3);
    let done = api.put("/tasks/1", &["If-None-Match: \"other\""], EGGS).await;
    assert_eq!(done.status, 200);
    spy.meddle(1);
    let raced = api.put("/tasks/1", &["If-None-Match: \"other\", \"x\"", "If-Match: *"], r#"{"title":"tea"}"#).await;
    assert_eq!(raced.status, 200);
    assert_eq!(api.get("/tasks/1", &[]).await.json()["title"], "tea");
}

#[tokio::test]
async fn a_write_that_others_keep_overtaking_is_503_with_nothing_written() {
    let spy = Spy::default();
    let api = Client(Api::new(spy.clone()).resource(Resource::<Task>::new().policy(Policy::Optional)).router());
    api.create("/tasks/1", "milk").await;
    spy.meddle(100);
    let given_up = api.put("/tasks/1", &["If-None-Match: \"other\""], EGGS).await;
    assert_eq!(given_up.status, 503);
    assert_eq!(given_up.problem(), "contended");
    assert!(given_up.header("retry-after").is_some());
    assert_eq!(api.get("/tasks/1", &[]).await.json()["title"], "meddled 93");
}

#[tokio::test]
async fn of_many_puts_under_one_tag_one_is_done() {
    let api = Client(Api::new(MemoryStore::new()).resource(Resource::<Task>::new()).router());
    let etag = api.create("/tasks/1", "milk").await;
    let mut puts = tokio::task::JoinSet::new();
    for number in 0..32 {
        let (api, etag) = (api.clone(), etag.clone());
        puts.spawn(async move {
            api.put("/tasks/1", &[&if_match(&etag)], format!(r#"{{"title":"{number}"}}"#)).await.status
        });
    }
    let statuses = puts.join_all().await;
    assert_eq!(statuses.iter().filter(|status| status.as_u16() == 200).count(), 1);
    assert_eq!(statuses.iter().filter(|status| status.as_u16() == 412).count(), 31);
}

#[tokio::test]
async fn a_create_that_lost_its_race_is_told_so_as_if_it_had_come_later() {
    let spy = Spy::default();
    let api = Client(Api::new(spy.clone()).resource(Resource::<Task>::new()).router());
    for (path, headers, status) in [("/tasks/1", &["If-None-Match: *"][..], 412), ("/tasks/2", &[], 428)] {
        spy.meddle(1);
        assert_eq!(api.put(path, headers, EGGS).await.status, status);
        assert_eq!(api.get(path, &[]).await.json()["title"], "meddled 1");
    }
}

#[tokio::test]
async fn a_part_is_not_taken_for_the_whole() {
    let api = Client(Api::new(MemoryStore::new()).resource(Resource::<Task>::new()).router());
    let etag = api.create("/tasks/1", "milk").await;
    let refused = api.put("/tasks/1", &[&if_match(&etag), "Content-Range: bytes 0-15/99"], EGGS).await;
    assert_eq!((refused.status.as_u16(), refused.problem().as_str()), (400, "malformed-body"));
    assert_eq!(refused.json()["header"], "Content-Range");
    assert_eq!(api.put("/tasks/1", &["If-Match: \"x\"", "Content-Range: bytes 0-15/99"], EGGS).await.status, 412);
    assert_eq!(api.get("/tasks/1", &[]).await.etag(), etag);
}
