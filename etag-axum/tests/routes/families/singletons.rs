//! The only child of a parent, which starts with it.

use super::*;
use crate::support::*;

#[tokio::test]
async fn what_starts_with_its_parent_is_there_at_once() {
    let api = boards().await;
    let id = "018f4e5c-7d6e-7c3a-9a53-6f5d2b1c0a99";
    let by_put = format!("/cards/{id}");
    assert_eq!(api.put(&by_put, &["If-None-Match: *"], r#"{"board_id":"a"}"#).await.status, 201);
    let (by_post, _) = card(&api, "a").await;
    for path in [by_put, by_post] {
        let nested = api.get(&format!("{path}/details"), &[]).await;
        assert_eq!((nested.status.as_u16(), nested.json()["notes"].as_str()), (200, Some("")));
        let own = api.get(&path.replace("cards", "details"), &[]).await;
        assert_eq!((own.json(), own.etag()), (nested.json(), nested.etag()));
    }
}

#[tokio::test]
async fn the_tag_that_a_create_gives_is_good_for_the_next_write() {
    let api = boards().await;
    let (path, etag) = card(&api, "a").await;
    assert_eq!(tag_of(&api, &path).await, etag);
    assert_eq!(api.merge(&path, &[&if_match(&etag)], r#"{"done":true}"#).await.status, 200);
}

#[tokio::test]
async fn a_put_without_a_condition_creates_the_only_child_where_it_creates() {
    let cards = Resource::<Card>::new().policy(etag_axum::Policy::Optional);
    let api = Api::new(MemoryStore::new()).resource(Resource::<Board>::new()).resource(cards).resource(details());
    let api = with_boards(Client(api.router())).await;
    let path = "/cards/018f4e5c-7d6e-7c3a-9a53-6f5d2b1c0a99";
    assert_eq!(api.put(path, &[], r#"{"board_id":"a"}"#).await.status, 201);
    let details = format!("{path}/details");
    assert_eq!(api.merge(&details, &["If-Match: *"], r#"{"notes":"x"}"#).await.status, 200);
    assert_eq!(api.put(path, &[], r#"{"board_id":"a","title":"y"}"#).await.status, 200);
    assert_eq!(api.get(&details, &[]).await.json()["notes"], "x");
}

#[tokio::test]
async fn it_is_read_and_edited_at_both_paths_and_touches_its_parent() {
    let api = boards().await;
    let (path, card_tag) = card(&api, "a").await;
    let nested = format!("{path}/details");
    let own = path.replace("cards", "details");
    let etag = tag_of(&api, &nested).await;
    let edited = api.merge(&nested, &[&if_match(&etag)], r#"{"notes":"x"}"#).await;
    assert_eq!((edited.status.as_u16(), edited.header("content-location")), (200, Some(&*own)));
    assert_eq!(links(&edited)[0][..3], [path.clone(), "up".to_owned(), card_tag.clone()]);
    assert_eq!(api.merge(&own, &[&if_match(&etag)], r#"{"notes":"y"}"#).await.status, 412);
    let replaced = api.put(&own, &[&if_match(&edited.etag())], r#"{"notes":"y"}"#).await;
    assert_eq!(replaced.status, 200);
    assert_eq!(api.get(&nested, &[&if_none_match(&replaced.etag())]).await.status, 304);
    assert_eq!(api.delete(&path, &[&if_match(&card_tag)]).await.status, 412);
}

#[tokio::test]
async fn it_is_neither_posted_nor_deleted() {
    let api = boards().await;
    let (path, _) = card(&api, "a").await;
    for path in [format!("{path}/details"), path.replace("cards", "details")] {
        let refused = api.delete(&path, &["If-Match: *"]).await;
        assert_eq!((refused.status.as_u16(), refused.header("allow")), (405, Some("GET, HEAD, PUT, PATCH, OPTIONS")));
        assert_eq!(api.post(&path, &[], "{}").await.status, 405);
    }
    assert_eq!(api.post("/details", &[], "{}").await.status, 405);
}

#[tokio::test]
async fn without_its_parent_it_is_404() {
    let api = boards().await;
    let id = "018f4e5c-7d6e-7c3a-9a53-6f5d2b1c0a99";
    for path in [format!("/cards/{id}/details"), format!("/details/{id}")] {
        assert_eq!(api.get(&path, &[]).await.status, 404, "{path}");
        let created = api.put(&path, &["If-None-Match: *"], r#"{"notes":"x"}"#).await;
        assert_eq!((created.status.as_u16(), created.problem()), (404, "not-found".to_owned()), "{path}");
        assert_eq!(api.merge(&path, &["If-Match: *"], "{}").await.status, 404, "{path}");
    }
}
