//! What other resources forbid, and what a conflict tells.

use super::*;
use crate::support::*;

#[tokio::test]
async fn a_parent_that_does_not_exist_is_422_on_the_member_that_names_it() {
    let api = boards().await;
    let (path, etag) = card(&api, "a").await;
    let moved = r#"{"board_id":"none"}"#;
    for refused in [
        api.post("/cards", &[], moved).await,
        api.put("/cards/018f4e5c-7d6e-7c3a-9a53-6f5d2b1c0a99", &[], moved).await,
        api.put(&path, &[&if_match(&etag)], moved).await,
        api.merge(&path, &[&if_match(&etag)], moved).await,
    ] {
        assert_eq!((refused.status.as_u16(), refused.problem()), (422, "invalid".to_owned()));
        assert_eq!(refused.json()["errors"][0]["pointer"], "/board_id");
    }
    assert_eq!(tag_of(&api, &path).await, etag);
}

#[tokio::test]
async fn a_stale_condition_comes_before_a_missing_parent() {
    let api = boards().await;
    let (path, _) = card(&api, "a").await;
    let refused = api.put(&path, &["If-Match: \"x\""], r#"{"board_id":"none"}"#).await;
    assert_eq!(refused.status, 412);
}

#[tokio::test]
async fn a_parent_that_children_need_is_not_deleted_and_they_are_named() {
    let api = boards().await;
    let (path, _) = card(&api, "a").await;
    let refused = api.delete("/boards/a", &["If-Match: *"]).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (409, "has-children".to_owned()));
    assert_eq!(refused.json()["children"], serde_json::json!([path]));
    assert_eq!(api.delete("/boards/a", &["If-Match: \"x\""]).await.status, 412, "the condition comes first");
    assert_eq!(api.delete(&path, &["If-Match: *"]).await.status, 204);
    assert_eq!(api.delete("/boards/a", &["If-Match: *"]).await.status, 204);
}

#[tokio::test]
async fn children_that_the_caller_may_not_read_are_not_named() {
    let api = hiding().await;
    card(&api, "a").await;
    let refused = api.delete("/boards/a", &["If-Match: *", "Hide: cards"]).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (409, "has-children".to_owned()));
    assert_eq!(refused.json()["children"], serde_json::json!([]));
    assert!(!refused.json().to_string().contains("/cards/"));
}

#[tokio::test]
async fn a_delete_takes_children_that_cascade_along() {
    let api = boards().await;
    let (path, _) = card(&api, "a").await;
    let item = api.post(&format!("{path}/items"), &[], "{}").await;
    assert_eq!(api.delete(&path, &["If-Match: *"]).await.status, 204);
    assert_eq!(api.get(item.header("location").unwrap(), &[]).await.status, 404);
    assert_eq!(api.get(&format!("{path}/details"), &[]).await.status, 404);
}

#[tokio::test]
async fn a_resource_can_not_be_put_below_itself() {
    let api = boards().await;
    assert_eq!(api.put("/folders/1", &[], "{}").await.status, 201);
    assert_eq!(api.put("/folders/2", &[], r#"{"inside":"1"}"#).await.status, 201);
    for inside in ["1", "2"] {
        let refused = api.merge("/folders/1", &["If-Match: *"], format!(r#"{{"inside":"{inside}"}}"#)).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (409, "misplaced".to_owned()));
        assert_eq!(refused.json()["errors"][0]["pointer"], "/inside");
    }
}

#[tokio::test]
async fn a_resource_can_not_be_put_too_deep() {
    let api = boards().await;
    assert_eq!(api.put("/folders/0", &[], "{}").await.status, 201);
    let mut depth = 0;
    let refused = loop {
        let body = format!(r#"{{"inside":"{depth}"}}"#);
        depth += 1;
        let answer = api.put(&format!("/folders/{depth}"), &[], body).await;
        if answer.status != 201 {
            break answer;
        }
        assert!(depth < 100, "there is a bound");
    };
    assert_eq!((refused.status.as_u16(), refused.problem()), (409, "misplaced".to_owned()));
}

#[tokio::test]
async fn a_412_names_the_fields_that_changed() {
    let api = boards().await;
    let (path, etag) = card(&api, "a").await;
    assert_eq!(api.merge(&path, &[&if_match(&etag)], r#"{"title":"eggs"}"#).await.status, 200);
    assert_eq!(api.merge(&path, &["If-Match: *"], r#"{"done":true}"#).await.status, 200);
    let stale = if_match(&etag);
    let judged_here = ["If-None-Match: \"y\"", &stale];
    for refused in [
        api.merge(&path, &[&stale], "{}").await,
        api.put(&path, &[&stale], r#"{"board_id":"a"}"#).await,
        api.put(&path, &judged_here, r#"{"board_id":"a"}"#).await,
        api.delete(&path, &[&stale]).await,
        api.delete(&path, &judged_here).await,
    ] {
        assert_eq!(refused.status, 412);
        let problem = refused.json();
        assert_eq!((&problem["state"], &problem["changed"]), (&"edited".into(), &serde_json::json!(["done", "title"])));
    }
}

#[tokio::test]
async fn a_412_after_touches_alone_says_that_no_field_changed() {
    let api = boards().await;
    let (path, etag) = card(&api, "a").await;
    api.post(&format!("{path}/items"), &[], "{}").await;
    let refused = api.delete(&path, &[&if_match(&etag)]).await;
    assert_eq!((refused.status.as_u16(), &refused.json()["changed"]), (412, &serde_json::json!([])));
}

#[tokio::test]
async fn what_changed_is_told_to_those_who_may_read_and_where_it_is_known() {
    let api = hiding().await;
    let (path, etag) = card(&api, "a").await;
    api.merge(&path, &[&if_match(&etag)], r#"{"title":"eggs"}"#).await;
    let writers = api.merge(&path, &[&if_match(&etag), "Hide: cards"], "{}").await;
    assert_eq!((writers.status.as_u16(), writers.json().get("changed")), (412, None));
    for unknown in ["\"r1.AAAAAAAA.1\"", "\"x\""] {
        let refused = api.merge(&path, &[&if_match(unknown)], "{}").await;
        assert_eq!((refused.status.as_u16(), refused.json().get("changed")), (412, None));
    }
    let boards = tag_of(&api, "/boards/a").await;
    api.merge("/boards/a", &["If-Match: *"], r#"{"name":"x"}"#).await;
    let without_a_log = api.merge("/boards/a", &[&if_match(&boards)], "{}").await;
    assert_eq!((without_a_log.status.as_u16(), without_a_log.json().get("changed")), (412, None));
}
