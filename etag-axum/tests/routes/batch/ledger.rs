//! `Idempotency-Key` on a batch (rule P6).

use etag_axum::{AccessRequest, Action, Api, Denied, Principal, Resource};
use etag_core::{LedgerKey, MemoryStore, Store, Versioned};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;

use super::support::*;
use crate::support::*;

const KEY: &str = "Idempotency-Key: k1";

#[derive(Serialize, Deserialize, ToSchema, Versioned)]
#[versioned(collection = "notes", validator = revision)]
struct Note {
    #[versioned(id)]
    id: Uuid,
    text: String,
}

fn notes(store: impl Store) -> Api {
    Api::new(store).resource(Resource::<Note>::new()).resource(Resource::<Task>::new())
}

#[tokio::test]
async fn a_batch_is_done_once_however_often_it_is_sent() {
    let api = Client(notes(MemoryStore::new()).router());
    let etag = api.create("/tasks/1", "milk").await;
    api.create("/tasks/2", "tea").await;
    let items = json!([
        { "id": "a", "method": "POST", "path": "/notes", "body": { "text": "rice" } },
        put_if("1", &etag, "cream"),
        merge_if("1", "*", &json!({ "tags": ["a"] })),
        check_if("1", "*"),
        delete_if("2", "*"),
        { "method": "PUT", "path": "/notes/$a.id", "headers": { "If-Match": "$a.etag" }, "body": { "text": "salt" } },
    ]);
    let first = api.batch_with(&[KEY], items.clone()).await;
    assert_eq!(first.statuses(), [201, 204, 200, 200, 204, 200], "{first:?}");
    let again = api.batch_with(&[KEY], items).await;
    assert_eq!((again.status.as_u16(), again.json()), (200, first.json()));
    assert_eq!((first.header("idempotency-replayed"), again.header("idempotency-replayed")), (None, Some("true")));
    assert_eq!(api.get("/notes", &[]).await.json()["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_repeat_after_others_changed_a_resource_tells_its_tag_and_no_body() {
    let api = tasks();
    let items = json!([put("1", "milk"), put("2", "tea")]);
    let first = api.batch_with(&[KEY], items.clone()).await;
    api.put("/tasks/1", &["If-Match: *"], r#"{"title":"eggs"}"#).await;
    let again = api.batch_with(&[KEY], items).await;
    assert_eq!(again.statuses(), [201, 201]);
    assert_eq!(etag_of(&again.item(0)), etag_of(&first.item(0)));
    assert_eq!((again.item(0).get("body"), &again.item(1)), (None, &first.item(1)));
    assert_eq!(api.titles().await, ["eggs", "tea"]);
}

#[tokio::test]
async fn one_key_is_for_one_batch() {
    let api = tasks();
    api.batch_with(&[KEY], json!([put("1", "milk")])).await;
    for other in [json!([put("1", "tea")]), json!([put("1", "milk"), put("2", "tea")]), json!([7])] {
        let refused = api.batch_with(&[KEY], other).await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (422, "idempotency-key-reused".to_owned()));
    }
    assert_eq!(api.put("/tasks/1", &[KEY, "If-Match: *"], r#"{"title":"tea"}"#).await.status, 422);
}

#[tokio::test]
async fn a_batch_that_was_refused_is_not_recorded() {
    let api = tasks();
    let items = json!([put_if("1", "*", "eggs"), put("2", "tea")]);
    assert_eq!(api.batch_with(&[KEY], items.clone()).await.refused(), [412, 424]);
    assert_eq!(api.batch_with(&[KEY], json!([put("1", ""), put("2", "tea")])).await.refused(), [422, 424]);
    api.create("/tasks/1", "milk").await;
    assert_eq!(api.batch_with(&[KEY], items).await.statuses(), [200, 201]);
}

#[tokio::test]
async fn a_batch_that_is_under_way_is_409() {
    let store = MemoryStore::new();
    let api = Client(notes(store.clone()).router());
    let mark = store.coordinator().begin(&LedgerKey { principal: String::new(), key: "k1".into() }).unwrap();
    let refused = api.batch_with(&[KEY], json!([put("1", "milk")])).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (409, "idempotency-key-in-flight".to_owned()));
    drop(mark);
    assert_eq!(api.batch_with(&[KEY], json!([put("1", "milk")])).await.status, 200);
}

#[tokio::test]
async fn a_repeat_is_for_who_may_still_do_each_item_and_two_principals_share_no_key() {
    let hook = |request: AccessRequest| async move {
        let name = request.parts.headers.get("authorization").map_or("", |name| name.to_str().unwrap()).to_owned();
        let is_two = request.key.is_some_and(|key| key.id() == "2");
        let is_barred = request.parts.headers.contains_key("barred") && request.action == Action::Replace && is_two;
        if is_barred { Err(Denied::Forbidden) } else { Ok(Principal::new(name)) }
    };
    let api = Client(notes(MemoryStore::new()).authorize(hook).router());
    let items = || json!([put("1", "milk"), put("2", "tea")]);
    assert_eq!(api.batch_with(&[KEY, "Authorization: ada"], items()).await.statuses(), [201, 201]);
    assert_eq!(api.batch_with(&[KEY, "Authorization: ada"], items()).await.statuses(), [201, 201]);
    assert_eq!(api.batch_with(&[KEY, "Authorization: ada", "Barred: yes"], items()).await.refused(), [424, 403]);
    assert_eq!(api.batch_with(&[KEY, "Authorization: bob"], items()).await.refused(), [428, 428]);
}
