//! POST to a collection.

use etag_axum::Resource;
use etag_core::Versioned;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::support::*;

#[derive(Debug, Serialize, Deserialize, ToSchema, Versioned)]
#[versioned(collection = "notes", validator = digest)]
struct Note {
    #[versioned(id)]
    #[schema(value_type = String, format = "uuid")]
    id: Uuid,
    text: String,
}

fn notes() -> Client {
    serve(Resource::<Note>::new())
}

#[tokio::test]
async fn post_creates_under_a_new_id_each_time() {
    let api = notes();
    let first = api.post("/notes", &[], r#"{"text":"milk"}"#).await;
    let second = api.post("/notes", &[], r#"{"text":"milk"}"#).await;
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (201, 201));
    let location = first.header("location").unwrap();
    assert_ne!(Some(location), second.header("location"));
    assert_eq!(location.strip_prefix("/notes/"), first.json()["id"].as_str());
    assert_eq!(api.get(location, &[]).await.etag(), first.etag());
}

#[tokio::test]
async fn post_with_an_id_is_422_that_names_put() {
    let refused = notes().post("/notes", &[], r#"{"id":"018f4e5c-7d6e-7c3a-9a53-6f5d2b1c0a99","text":"milk"}"#).await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.json()["errors"][0]["pointer"], "/id");
    assert!(refused.json()["detail"].as_str().unwrap().contains("PUT"));
}

#[tokio::test]
async fn post_ignores_conditions_unless_they_are_malformed() {
    let api = notes();
    for condition in ["If-Match: \"1\"", "If-None-Match: *"] {
        assert_eq!(api.post("/notes", &[condition], r#"{"text":"milk"}"#).await.status, 201);
    }
    assert_eq!(api.post("/notes", &["If-Match: abc"], r#"{"text":"milk"}"#).await.status, 400);
}

#[tokio::test]
async fn post_is_not_offered_where_no_id_can_be_made_up() {
    let refused = tasks().post("/tasks", &[], r#"{"title":"milk"}"#).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (405, "method-not-allowed".to_owned()));
    assert_eq!(refused.header("allow"), Some("GET, HEAD, OPTIONS"));
}

#[tokio::test]
async fn a_body_that_is_no_note_is_told_what_it_lacks() {
    let api = notes();
    let syntax = api.post("/notes", &[], "{\n  \"text\" 7}").await;
    assert_eq!((syntax.status.as_u16(), syntax.problem()), (400, "malformed-body".to_owned()));
    assert_eq!((syntax.json()["line"].as_u64(), syntax.json()["column"].as_u64()), (Some(2), Some(10)));
    let shape = api.post("/notes", &[], r#"{"text":7}"#).await;
    assert_eq!((shape.status.as_u16(), shape.json()["errors"][0]["pointer"].as_str()), (422, Some("/text")));
    let missing = api.post("/notes", &[], "{}").await;
    assert_eq!(missing.status, 422);
    assert!(missing.json()["errors"][0]["detail"].as_str().unwrap().contains("text"));
    assert_eq!(api.post("/notes", &[], "[]").await.status, 422);
    assert_eq!(api.post("/notes", &[], [0xFF, 0xFE].as_slice()).await.status, 400);
}

#[tokio::test]
async fn post_of_other_types_is_415_with_accept_post() {
    let refused = notes().call("POST /notes", &["Content-Type: text/plain"], "milk").await;
    assert_eq!((refused.status.as_u16(), refused.header("accept-post")), (415, Some("application/json")));
}

#[tokio::test]
async fn other_resources_ids_are_refused_in_their_own_words() {
    let api = notes();
    assert_eq!(api.get("/notes/7", &[]).await.status, 404);
    assert_eq!(api.delete("/notes/7", &["If-Match: *"]).await.status, 404);
    let refused = api.put("/notes/7", &[], r#"{"text":"milk"}"#).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (400, "malformed-path".to_owned()));
    assert!(refused.json()["detail"].as_str().unwrap().contains("a UUID"));
}
