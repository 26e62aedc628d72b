//! The routes of children under their parent's path.

use etag_core::{Batch, Delete, Expectation, Key};

use super::*;
use crate::{spy::Spy, support::*};

#[tokio::test]
async fn a_child_is_created_under_the_path_of_its_parent() {
    let api = boards().await;
    let created = api.post("/boards/a/cards", &[], r#"{"title":"milk"}"#).await;
    assert_eq!((created.status.as_u16(), created.json()["board_id"].as_str()), (201, Some("a")));
    let path = format!("/cards/{}", created.json()["id"].as_str().unwrap());
    assert_eq!(created.header("location"), Some(&*path));
    assert_eq!(created.header("content-location"), Some(&*path));
    assert_eq!(api.get(&path, &[]).await.json(), created.json());
}

#[tokio::test]
async fn a_body_may_name_the_parent_in_the_path_and_no_other() {
    let api = boards().await;
    assert_eq!(api.post("/boards/a/cards", &[], r#"{"board_id":"a"}"#).await.status, 201);
    for other in [r#"{"board_id":"b"}"#, r#"{"board_id":"none"}"#] {
        let refused = api.post("/boards/a/cards", &[], other).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (422, "invalid".to_owned()));
        assert_eq!(refused.json()["errors"][0]["pointer"], "/board_id");
    }
    let nowhere = api.post("/boards/a/cards", &[], r#"{"board_id":null}"#).await;
    assert_eq!(nowhere.status, 422);
}

#[tokio::test]
async fn a_list_under_a_parent_has_its_children_only() {
    let api = boards().await;
    let (mine, _) = card(&api, "a").await;
    card(&api, "b").await;
    let list = api.get("/boards/a/cards", &[]).await;
    assert_eq!(list.json()["items"].as_array().unwrap().len(), 1);
    assert_eq!(list.json()["items"][0]["value"], api.get(&mine, &[]).await.json());
    assert_eq!(api.call("HEAD /boards/a/cards", &[], "").await.etag(), list.etag());
    assert_eq!(api.get("/boards/a/cards", &[&if_none_match(&list.etag())]).await.status, 304);
    assert_ne!(api.get("/boards/b/cards", &[]).await.etag(), list.etag());
}

#[tokio::test]
async fn empty_lists_of_two_parents_have_two_tags() {
    let api = boards().await;
    let [a, b] = [api.get("/boards/a/cards", &[]).await, api.get("/boards/b/cards", &[]).await];
    assert_eq!(a.body, b.body);
    assert_ne!(a.etag(), b.etag());
}

#[tokio::test]
async fn pages_of_children_follow_each_other() {
    let api = boards().await;
    for _ in 0..5 {
        card(&api, "a").await;
        card(&api, "b").await;
    }
    let (mut path, mut lengths) = ("/boards/a/cards".to_owned(), Vec::new());
    loop {
        let page = api.get(&path, &[]).await;
        let items = page.json()["items"].as_array().unwrap().clone();
        assert!(items.iter().all(|item| item["value"]["board_id"] == "a"), "{items:?}");
        lengths.push(items.len());
        let Some(link) = page.header("link") else { break };
        path = link.strip_prefix('<').and_then(|link| link.strip_suffix(">; rel=\"next\"")).unwrap().to_owned();
        assert!(path.starts_with("/boards/a/cards?"), "{path}");
    }
    assert_eq!(lengths, [2, 2, 1]);
}

#[tokio::test]
async fn a_missing_parent_is_404_for_each_method_below_it() {
    let api = boards().await;
    for line in ["GET /boards/none/cards", "HEAD /boards/none/cards", "OPTIONS /boards/none/cards"] {
        assert_eq!(api.call(line, &[], "").await.status, 404, "{line}");
    }
    for body in [r#"{"title":"milk"}"#, r#"{"board_id":"none"}"#, "{", "[]"] {
        let refused = api.post("/boards/none/cards", &[], body).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (404, "not-found".to_owned()), "{body}");
    }
    assert_eq!(api.get("/cards/none/items", &[]).await.status, 404, "no card has such an id");
    assert_eq!(api.get("/boards/%zz/cards", &[]).await.problem(), "malformed-path");
}

#[tokio::test]
async fn what_is_not_offered_below_a_parent_is_405_before_404() {
    let api = boards().await;
    let refused = api.put("/boards/none/cards", &[], "{}").await;
    assert_eq!(refused.status, 405);
    assert_eq!(refused.header("allow"), Some("GET, HEAD, POST, OPTIONS"));
    let options = api.call("OPTIONS /boards/a/cards", &[], "").await;
    assert_eq!((options.status.as_u16(), options.header("allow")), (204, Some("GET, HEAD, POST, OPTIONS")));
}

#[tokio::test]
async fn who_may_not_read_a_parent_sees_nothing_below_it() {
    let api = hiding().await;
    let (path, _) = card(&api, "a").await;
    for board in ["a", "none"] {
        let list = api.get(&format!("/boards/{board}/cards"), &["Hide: boards"]).await;
        assert_eq!(list.status, 403, "{board}");
        let create = api.post(&format!("/boards/{board}/cards"), &["Hide: boards"], "{}").await;
        assert_eq!(create.status, 403, "{board}");
    }
    assert_eq!(api.get(&path, &["Hide: boards"]).await.status, 200, "the card has its own path");
}

#[tokio::test]
async fn a_repeat_of_a_create_below_a_parent_is_replayed_after_the_parent_is_gone() {
    let api = boards().await;
    let headers = ["Idempotency-Key: k"];
    let created = api.post("/boards/a/cards", &headers, "{}").await;
    let path = created.header("location").unwrap();
    assert_eq!(api.delete(path, &["If-Match: *"]).await.status, 204);
    assert_eq!(api.delete("/boards/a", &["If-Match: *"]).await.status, 204);
    let again = api.post("/boards/a/cards", &headers, "{}").await;
    assert_eq!((again.status.as_u16(), again.header("idempotency-replayed")), (201, Some("true")));
    assert_eq!(again.header("location"), Some(path));
}

#[tokio::test]
async fn paths_of_children_stand_below_the_path_that_the_router_is_nested_at() {
    let Client(router) = boards().await;
    let api = Client(axum::Router::new().nest("/api/v1", router));
    let created = api.post("/api/v1/boards/a/cards", &[], "{}").await;
    assert_eq!(created.status, 201);
    assert!(created.header("location").unwrap().starts_with("/api/v1/cards/"));
    assert_eq!(links(&created)[0][0], "/api/v1/boards/a");
}

#[tokio::test]
async fn a_parent_that_goes_at_the_last_moment_is_404_and_leaves_no_orphan() {
    let spy = Spy::default();
    let api = with_boards(Client(all(Api::new(spy.clone())).router())).await;
    spy.be_overtaken_by(Batch::new().delete(Delete::new(Key::new("boards", "a"), Expectation::Exists)));
    let refused = api.post("/boards/a/cards", &[], "{}").await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (404, "not-found".to_owned()));
    assert_eq!(api.get("/cards", &[]).await.json()["items"], serde_json::json!([]));
}

#[tokio::test]
async fn a_hook_is_told_the_parent_in_the_path() {
    let hook = |request: AccessRequest| async move {
        let is_on_a = request.parent == Some(Key::new("boards", "a"));
        if is_on_a && request.collection == "cards" { Err(Denied::Forbidden) } else { Ok(Principal::anonymous()) }
    };
    let api = with_boards(Client(all(Api::new(MemoryStore::new())).authorize(hook).router())).await;
    assert_eq!(api.get("/boards/a/cards", &[]).await.status, 403);
    assert_eq!(api.post("/boards/a/cards", &[], "{}").await.status, 403);
    assert_eq!(api.get("/boards/b/cards", &[]).await.status, 200);
    assert_eq!(api.get("/cards", &[]).await.status, 200);
}

#[tokio::test]
async fn the_value_hook_of_a_parent_guards_what_is_below_it() {
    let boards = Resource::<Board>::new().authorize_value(|access| {
        let is_secret = access.stored.is_some_and(|board| board.name == "secret");
        if is_secret { Err(Denied::Hidden) } else { Ok(()) }
    });
    let api = Api::new(MemoryStore::new()).resource(boards).resource(Resource::<Card>::new()).resource(details());
    let api = Client(api.router());
    assert_eq!(api.put("/boards/a", &[], r#"{"name":"secret"}"#).await.status, 201);
    assert_eq!(api.get("/boards/a/cards", &[]).await.problem(), "not-found");
    assert_eq!(api.post("/boards/a/cards", &[], "{}").await.problem(), "not-found");
    assert_eq!(api.get("/cards?board_id=a", &[]).await.problem(), "malformed-query");
    let created = api.post("/cards", &[], r#"{"board_id":"a"}"#).await;
    assert_eq!((created.status.as_u16(), links(&created).len()), (201, 0), "the board's tag is not theirs to see");
}
