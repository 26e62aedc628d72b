//! What the answer to a write tells of others (rules F3, F4).

use super::*;
use crate::support::*;

#[tokio::test]
async fn a_create_tells_its_parents_tag_before_and_now() {
    let api = boards().await;
    let before = tag_of(&api, "/boards/a").await;
    let created = api.post("/boards/a/cards", &[], "{}").await;
    let now = tag_of(&api, "/boards/a").await;
    assert_ne!(before, now);
    assert_eq!(links(&created), [["/boards/a".to_owned(), "up".to_owned(), before, now]]);
}

#[tokio::test]
async fn each_write_of_a_child_tells_what_it_touched() {
    let api = boards().await;
    let (card, _) = card(&api, "a").await;
    let mut held = tag_of(&api, &card).await;
    let created = api.post(&format!("{card}/items"), &[], "{}").await;
    let item = created.header("location").unwrap().to_owned();
    let replaced = api.put(&item, &["If-Match: *"], format!(r#"{{"card_id":"{}","title":"x"}}"#, &card[7..])).await;
    let edited = api.merge(&item, &["If-Match: *"], r#"{"title":"y"}"#).await;
    let minimal = api.merge(&item, &["If-Match: *", "Prefer: return=minimal"], r#"{"title":"z"}"#).await;
    let deleted = api.delete(&item, &["If-Match: *"]).await;
    for (answer, status) in [(created, 201), (replaced, 200), (edited, 200), (minimal, 204), (deleted, 204)] {
        assert_eq!(answer.status, status, "{answer:?}");
        let [[path, relation, before, now]] = &links(&answer)[..] else { panic!("{answer:?}") };
        assert_eq!((path, &**relation, before), (&card, "up", &held));
        held.clone_from(now);
    }
    assert_eq!(tag_of(&api, &card).await, held);
    assert_eq!(api.merge(&card, &[&if_match(&held)], r#"{"done":true}"#).await.status, 200);
}

#[tokio::test]
async fn a_move_tells_both_parents() {
    let api = boards().await;
    let (card, etag) = card(&api, "a").await;
    let [a, b] = [tag_of(&api, "/boards/a").await, tag_of(&api, "/boards/b").await];
    let moved = api.merge(&card, &[&if_match(&etag)], r#"{"board_id":"b"}"#).await;
    let mut told = links(&moved);
    told.sort();
    assert_eq!(told[0][..3], ["/boards/a".to_owned(), "up".to_owned(), a]);
    assert_eq!(told[1][..3], ["/boards/b".to_owned(), "up".to_owned(), b]);
    assert_eq!(told.len(), 2);
}

#[tokio::test]
async fn structure_is_not_touched_by_content_and_a_write_that_changes_nothing_touches_nobody() {
    let api = boards().await;
    let (card, etag) = card(&api, "a").await;
    let board = tag_of(&api, "/boards/a").await;
    let edited = api.merge(&card, &[&if_match(&etag)], r#"{"title":"eggs"}"#).await;
    assert!(links(&edited).is_empty());
    let details = format!("{card}/details");
    let card_tag = tag_of(&api, &card).await;
    let unchanged = api.merge(&details, &["If-Match: *"], r#"{"notes":""}"#).await;
    assert_eq!((unchanged.status.as_u16(), links(&unchanged).len()), (200, 0));
    assert_eq!((tag_of(&api, &card).await, tag_of(&api, "/boards/a").await), (card_tag, board));
}

#[tokio::test]
async fn a_touch_climbs_all_ancestors_and_each_is_told() {
    let api = boards().await;
    for (id, body) in [("1", "{}"), ("2", r#"{"inside":"1"}"#), ("3", r#"{"inside":"2"}"#)] {
        assert_eq!(api.put(&format!("/folders/{id}"), &[], body).await.status, 201);
    }
    let edited = api.merge("/folders/3", &["If-Match: *"], r#"{"name":"x"}"#).await;
    let mut told: Vec<_> = links(&edited).into_iter().map(|[path, relation, ..]| (path, relation)).collect();
    told.sort();
    let up = |path: &str| (path.to_owned(), "up".to_owned());
    assert_eq!(told, [up("/folders/1"), up("/folders/2")]);
}

#[tokio::test]
async fn a_delete_tells_of_children_that_stay_without_it() {
    let api = boards().await;
    api.put("/folders/1", &[], "{}").await;
    let child = api.put("/folders/2", &[], r#"{"inside":"1"}"#).await.etag();
    let deleted = api.delete("/folders/1", &["If-Match: *"]).await;
    let [[path, relation, before, now]] = &links(&deleted)[..] else { panic!("{deleted:?}") };
    assert_eq!((&**path, &**relation, before), ("/folders/2", "related", &child));
    let left = api.get("/folders/2", &[]).await;
    assert_eq!((&left.etag(), &left.json()["inside"]), (now, &serde_json::Value::Null));
}

#[tokio::test]
async fn what_the_caller_may_not_read_is_not_told() {
    let api = hiding().await;
    let (card, _) = card(&api, "a").await;
    let created = api.post("/cards", &["Hide: boards"], r#"{"board_id":"a"}"#).await;
    assert_eq!((created.status.as_u16(), links(&created).len()), (201, 0));
    let item = api.post("/items", &["Hide: boards"], format!(r#"{{"card_id":"{}"}}"#, &card[7..])).await;
    assert_eq!(links(&item).len(), 1, "the card is theirs to read");
}

#[tokio::test]
async fn a_replay_tells_what_was_touched_then() {
    let api = boards().await;
    let headers = ["Idempotency-Key: k"];
    let created = api.post("/boards/a/cards", &headers, "{}").await;
    card(&api, "a").await;
    let again = api.post("/boards/a/cards", &headers, "{}").await;
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!((links(&again).len(), links(&again)), (1, links(&created)));
}

#[tokio::test]
async fn collections_that_are_not_registered_are_not_told() {
    let client =
        Client(Api::new(boards_in_store().await).resource(Resource::<Card>::new()).resource(details()).router());
    let created = client.post("/cards", &[], r#"{"board_id":"a"}"#).await;
    assert_eq!((created.status.as_u16(), links(&created).len()), (201, 0));
    assert_eq!(client.get("/boards/a/cards", &[]).await.status, 404);
    assert_eq!(client.get("/cards?board_id=a", &[]).await.problem(), "malformed-query");
}

async fn boards_in_store() -> MemoryStore {
    let store = MemoryStore::new();
    let board = Board { id: "a".to_owned(), name: String::new() };
    etag_core::StoreExt::create(&store, &board).await.unwrap();
    store
}
