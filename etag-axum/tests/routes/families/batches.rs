//! Parents and children in one batch (rules B1, F4).

use serde_json::{Value, json};

use super::*;
use crate::{batch::support::*, support::*};

fn patch(path: &str, etag: &str, body: &Value) -> Value {
    let headers = json!({ "If-Match": etag, "Content-Type": "application/merge-patch+json" });
    json!({ "method": "PATCH", "path": path, "headers": headers, "body": body })
}

fn delete(path: &str, etag: &str) -> Value {
    json!({ "method": "DELETE", "path": path, "headers": { "If-Match": etag } })
}

fn head(path: &str, etag: &str) -> Value {
    json!({ "method": "HEAD", "path": path, "headers": { "If-Match": etag } })
}

fn details_of(card: &str) -> String {
    format!("{card}/details")
}

#[tokio::test]
async fn a_child_is_updated_and_its_parent_deleted_under_the_tags_held_before() {
    let api = boards().await;
    let (path, etag) = card(&api, "a").await;
    let below = details_of(&path);
    let held = tag_of(&api, &below).await;
    let alone = api.merge(&below, &[&if_match(&held)], r#"{"notes":"x"}"#).await;
    assert_eq!(api.delete(&path, &[&if_match(&etag)]).await.status, 412, "one after the other they don't");

    let (etag, held) = (tag_of(&api, &path).await, alone.etag());
    let done = api.batch(json!([patch(&below, &held, &json!({ "notes": "y" })), delete(&path, &etag)])).await;
    assert_eq!(done.statuses(), [204, 204], "{done:?}");
    assert_eq!(
        (api.get(&path, &[]).await.status, api.get(&below, &[]).await.status),
        (404.try_into().unwrap(), 404.try_into().unwrap())
    );
}

#[tokio::test]
async fn the_touches_of_a_batch_fail_none_of_its_own_conditions() {
    let api = boards().await;
    let (path, etag) = card(&api, "a").await;
    let below = details_of(&path);
    let held = tag_of(&api, &below).await;
    let done = api
        .batch(json!([
            patch(&below, &held, &json!({ "notes": "x" })),
            head(&path, &etag),
            patch(&path, &etag, &json!({ "title": "eggs" })),
        ]))
        .await;
    assert_eq!(done.statuses(), [200, 200, 200], "{done:?}");
    assert_eq!(etag_of(&done.item(2)), tag_of(&api, &path).await);
    assert_eq!(etag_of(&done.item(0)), tag_of(&api, &below).await);
}

#[tokio::test]
async fn each_touched_resource_is_told_once_with_its_tags_before_and_after() {
    let api = boards().await;
    let before = tag_of(&api, "/boards/a").await;
    let other = tag_of(&api, "/boards/b").await;
    let item = |title: &str| json!({ "method": "POST", "path": "/boards/a/cards", "body": { "title": title } });
    let done = api.batch(json!([item("milk"), item("tea")])).await;
    assert_eq!(done.statuses(), [201, 201], "{done:?}");
    let after = tag_of(&api, "/boards/a").await;
    assert_eq!(done.json()["touched"], json!([{ "path": "/boards/a", "before": before, "after": after }]));
    assert_ne!(before, after);
    assert_eq!(tag_of(&api, "/boards/b").await, other);
    assert!(done.item(0)["headers"].get("Link").is_none());
}

#[tokio::test]
async fn what_goes_with_a_parent_is_told_with_no_tag_after() {
    let api = boards().await;
    let (path, etag) = card(&api, "a").await;
    let below = details_of(&path).replacen("/cards/", "/details/", 1).replace("/details/details", "/details");
    let id = path.rsplit('/').next().unwrap();
    let held = tag_of(&api, &format!("/details/{id}")).await;
    let done = api.batch(json!([delete(&path, &etag)])).await;
    let touched = done.json()["touched"].as_array().unwrap().clone();
    let gone = json!({ "path": format!("/details/{id}"), "before": held, "after": null });
    assert!(touched.contains(&gone), "{below} {touched:?}");
}

#[tokio::test]
async fn a_family_is_made_in_one_batch() {
    let api = boards().await;
    let items = json!([
        { "id": "b", "method": "PUT", "path": "/boards/new", "body": { "name": "New" } },
        { "id": "c", "method": "POST", "path": "/boards/$b.id/cards", "body": { "title": "milk" } },
        { "method": "PUT", "path": "/cards/$c.id/details", "headers": { "If-Match": "*" }, "body": { "notes": "low fat" } },
        { "method": "POST", "path": "/items", "body": { "title": "jug", "card_id": "$c.id" } },
        { "method": "POST", "path": "/cards/$c.id/items", "body": { "title": "glass" } },
        patch("/cards/$c.id", "$c.etag", &json!({ "done": true })),
    ]);
    let done = api.batch_with(&["Idempotency-Key: k"], items.clone()).await;
    assert_eq!(done.statuses(), [201, 201, 200, 201, 201, 200], "{done:?}");
    let path = done.item(1)["headers"]["Location"].as_str().unwrap().to_owned();
    let made = api.get(&path, &[]).await;
    assert_eq!((&made.json()["done"], &made.json()["board_id"]), (&json!(true), &json!("new")));
    assert_eq!(etag_of(&done.item(5)), made.etag());
    assert_eq!(api.get(&details_of(&path), &[]).await.json()["notes"], "low fat");
    assert_eq!(api.get(&format!("{path}/items"), &[]).await.json()["items"].as_array().unwrap().len(), 2);
    for item in [0, 2, 3, 4, 5] {
        let own = done.item(item)["headers"]["Content-Location"].as_str().unwrap().to_owned();
        assert_eq!(etag_of(&done.item(item)), tag_of(&api, &own).await, "{own}");
    }
    let again = api.batch_with(&["Idempotency-Key: k"], items).await;
    assert_eq!((again.json(), again.header("idempotency-replayed")), (done.json(), Some("true")));
}

#[tokio::test]
async fn a_missing_or_failed_parent_makes_no_orphan() {
    let api = boards().await;
    let on = |board: &str| json!({ "method": "POST", "path": "/cards", "body": { "board_id": board } });
    let refused = api.batch(json!([on("a"), on("none")])).await;
    assert_eq!(refused.refused(), [424, 422]);
    assert_eq!(refused.item(1)["body"]["errors"][0]["pointer"], "/items/1/body/board_id");
    let below = json!({ "method": "POST", "path": "/boards/none/cards", "body": {} });
    assert_eq!(api.batch(json!([on("a"), below])).await.refused(), [424, 404]);

    let stale =
        json!({ "id": "b", "method": "PUT", "path": "/boards/new", "headers": { "If-Match": "\"x\"" }, "body": {} });
    let refused = api.batch(json!([stale, on("$b.id"), on("new")])).await;
    assert_eq!(refused.refused(), [412, 424, 424], "only the parent is to blame");
    assert!(api.get("/cards", &[]).await.json()["items"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn a_parent_with_children_stays_unless_they_go_first() {
    let api = boards().await;
    let (path, etag) = card(&api, "a").await;
    let board = tag_of(&api, "/boards/a").await;
    let refused = api.batch(json!([delete("/boards/a", &board), delete(&path, &etag)])).await;
    assert_eq!(refused.refused(), [409, 424]);
    assert_eq!(refused.item(0)["body"]["children"], json!([path]));
    let done = api.batch(json!([delete(&path, &etag), delete("/boards/a", &board)])).await;
    assert_eq!(done.statuses(), [204, 204], "{done:?}");
}

#[tokio::test]
async fn what_a_delete_in_the_batch_takes_along_is_gone_for_later_items() {
    let api = boards().await;
    let (path, etag) = card(&api, "a").await;
    let id = path.rsplit('/').next().unwrap();
    let (below, held) = (format!("/details/{id}"), tag_of(&api, &details_of(&path)).await);
    for item in [patch(&below, "*", &json!({})), patch(&below, &held, &json!({})), head(&below, &held)] {
        let refused = api.batch(json!([delete(&path, &etag), item])).await;
        assert_eq!(refused.refused(), [424, 404], "{item}");
    }
    assert_eq!(tag_of(&api, &path).await, etag);
}

#[tokio::test]
async fn what_a_later_delete_took_along_has_no_tag_to_be_told() {
    let api = boards().await;
    let (path, etag) = card(&api, "a").await;
    let below = details_of(&path);
    let done = api.batch(json!([patch(&below, "*", &json!({ "notes": "x" })), delete(&path, &etag)])).await;
    assert_eq!(done.statuses(), [204, 204], "{done:?}");
    assert_eq!(done.item(0).get("headers"), None);
}

#[tokio::test]
async fn a_touched_resource_is_told_only_to_who_may_read_it() {
    let api = hiding().await;
    let item = json!({ "method": "POST", "path": "/cards", "body": { "board_id": "a" } });
    let told = api.batch(json!([item])).await;
    assert_eq!(told.json()["touched"][0]["path"], "/boards/a");
    let hidden = api.batch_with(&["Hide: boards"], json!([item])).await;
    assert_eq!((hidden.statuses(), &hidden.json()["touched"]), (vec![201], &json!([])));
}
