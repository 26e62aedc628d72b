//! Fields that follow children are the server's (rule F5).

use etag_axum::{Api, Resource};
use etag_core::{MemoryStore, Versioned};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::support::*;

#[derive(Serialize, Deserialize, ToSchema, Versioned)]
#[versioned(collection = "boards", validator = revision)]
struct Board {
    #[versioned(id)]
    id: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    #[versioned(derived)]
    card_count: u32,
}

#[derive(Serialize, Deserialize, ToSchema, Versioned)]
#[versioned(collection = "cards", validator = revision)]
struct Card {
    #[versioned(id)]
    id: String,
    #[versioned(parent(Board, touch = content, on_delete = cascade, derive = Board::follow))]
    board_id: String,
}

impl Board {
    fn follow(&mut self, before: Option<&Card>, after: Option<&Card>) {
        self.card_count = self.card_count + u32::from(after.is_some()) - u32::from(before.is_some());
    }
}

/// The board `1` with one card.
async fn board() -> Client {
    let api = Client(
        Api::new(MemoryStore::new()).resource(Resource::<Board>::new()).resource(Resource::<Card>::new()).router(),
    );
    let made = api.put("/boards/1", &["if-none-match: *"], r#"{"name":"a","card_count":7}"#).await;
    assert_eq!((made.status.as_u16(), made.json()["card_count"].clone()), (201, json!(0)));
    assert_eq!(api.put("/cards/1", &["if-none-match: *"], r#"{"board_id":"1"}"#).await.status, 201);
    api
}

#[tokio::test]
async fn a_put_is_answered_with_what_was_derived_and_not_with_what_it_said() {
    let api = board().await;
    let held = api.get("/boards/1", &[]).await;
    assert_eq!(held.json()["card_count"], 1);
    let put = api.put("/boards/1", &[&if_match(&held.etag())], r#"{"name":"b","card_count":"what?"}"#).await;
    assert_eq!(put.json(), json!({ "id": "1", "name": "b", "card_count": 1 }));
    assert_eq!(api.get("/boards/1", &[]).await.json(), put.json());
    let same = api.put("/boards/1", &[&if_match(&put.etag())], r#"{"name":"b","card_count":9}"#).await;
    assert_eq!((same.etag(), same.json()), (put.etag(), put.json()));
}

#[tokio::test]
async fn a_patch_of_a_derived_field_is_422_and_of_others_keeps_it() {
    let api = board().await;
    let etag = api.get("/boards/1", &[]).await.etag();
    assert_eq!(api.merge("/boards/1", &[&if_match(&etag)], r#"{"card_count":9}"#).await.status, 422);
    let patch = r#"[{"op":"replace","path":"/card_count","value":9}]"#;
    assert_eq!(api.json_patch("/boards/1", &[&if_match(&etag)], patch).await.status, 422);
    let patched = api.merge("/boards/1", &[&if_match(&etag)], r#"{"name":"b"}"#).await;
    assert_eq!(patched.json(), json!({ "id": "1", "name": "b", "card_count": 1 }));
}

#[tokio::test]
async fn a_delete_of_the_child_is_followed() {
    let api = board().await;
    let etag = api.get("/cards/1", &[]).await.etag();
    assert_eq!(api.delete("/cards/1", &[&if_match(&etag)]).await.status, 204);
    assert_eq!(api.get("/boards/1", &[]).await.json()["card_count"], 0);
}

#[tokio::test]
async fn derived_fields_are_described_in_answers_only() {
    let schemas = board().await.get("/openapi.json", &[]).await.json()["components"]["schemas"].clone();
    assert!(schemas["Board"]["properties"]["card_count"].is_object());
    for input in ["BoardInput", "BoardCreation", "BoardMergePatch"] {
        assert!(schemas[input]["properties"]["card_count"].is_null(), "{input}");
    }
}
