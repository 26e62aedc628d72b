//! References from an item to an earlier one.

use etag_axum::{Api, Resource};
use etag_core::{MemoryStore, Versioned};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use uuid::Uuid;

use super::support::*;
use crate::support::*;

#[derive(Serialize, Deserialize, ToSchema, Versioned)]
#[versioned(collection = "notes", validator = digest)]
struct Note {
    #[versioned(id)]
    id: Uuid,
    text: String,
    #[serde(default)]
    others: Vec<String>,
}

fn notes() -> Client {
    let api = Api::new(MemoryStore::new()).resource(Resource::<Note>::new()).resource(Resource::<Task>::new());
    Client(api.router())
}

fn post(name: &str, text: &str) -> Value {
    json!({ "id": name, "method": "POST", "path": "/notes", "body": { "text": text } })
}

#[tokio::test]
async fn the_id_of_an_earlier_item_stands_in_paths_and_bodies() {
    let api = notes();
    let done = api
        .batch(json!([
            post("a", "milk"),
            { "method": "POST", "path": "/notes", "body": { "text": "$a.id", "others": ["x", "$a.id", "$$a.id"] } },
            {
                "method": "PUT", "path": "/notes/$a.id", "headers": { "If-Match": "$a.etag" },
                "body": { "id": "$a.id", "text": "eggs" },
            },
        ]))
        .await;
    assert_eq!(done.statuses(), [201, 201, 200], "{done:?}");
    let path = done.item(0)["headers"]["Location"].as_str().unwrap().to_owned();
    let id = path.rsplit('/').next().unwrap();
    let second = done.item(1);
    assert_eq!((&second["body"]["text"], &second["body"]["others"]), (&json!(id), &json!(["x", id, "$a.id"])));
    assert_eq!(api.get(&path, &[]).await.json(), json!({ "id": id, "text": "eggs", "others": [] }));
    assert_eq!(etag_of(&done.item(2)), api.get(&path, &[]).await.etag());
}

#[tokio::test]
async fn ids_are_percent_encoded_where_they_stand_in_a_path() {
    let api = notes();
    let odd = json!({ "id": "a", "method": "PUT", "path": "/tasks/a%2Fb%20%24", "body": { "title": "milk" } });
    let check = json!({ "method": "HEAD", "path": "/tasks/$a.id", "headers": { "If-Match": "$a.etag" } });
    let done = api.batch(json!([odd, check, put("$$x", "tea"), put("%24y", "rice")])).await;
    assert_eq!(done.statuses(), [201, 200, 201, 201], "{done:?}");
    assert_eq!(api.get("/tasks/%24x", &[]).await.json()["id"], "$x");
    assert_eq!(api.get("/tasks/$y", &[]).await.json()["id"], "$y");
}

#[tokio::test]
async fn the_tag_of_an_earlier_item_is_the_condition_of_a_later_one() {
    let api = notes();
    let etag = api.create("/tasks/1", "milk").await;
    let chain = json!([
        named("a", put_if("1", &etag, "cream")),
        named("b", merge_if("1", "$a.etag", &json!({ "tags": ["a"] }))),
        named("c", check_if("1", "$b.etag")),
        delete_if("1", "$b.etag"),
    ]);
    assert_eq!(api.batch(chain).await.statuses(), [204, 204, 200, 204]);
    let passed = json!([named("a", put("1", "cream")), put_if("1", "*", "eggs"), put_if("1", "$a.etag", "tea"),]);
    let refused = api.batch(passed).await;
    assert_eq!((refused.refused(), &refused.item(2)["body"]["header"]), (vec![424, 424, 412], &json!("If-Match")));
    let checked = json!([named("a", check_if("1", "*")), put_if("1", "$a.etag", "tea")]);
    assert_eq!(api.batch(checked).await.refused(), [404, 424]);
    api.create("/tasks/1", "milk").await;
    let checked = json!([named("a", check_if("1", "*")), merge_if("1", "$a.etag", &json!({ "tags": ["b"] }))]);
    assert_eq!(api.batch(checked).await.statuses(), [200, 200]);
}

#[tokio::test]
async fn a_reference_that_is_wrong_is_told_with_its_place() {
    let api = notes();
    api.create("/tasks/1", "milk").await;
    let a = || named("a", put_if("1", "*", "cream"));
    let body =
        |text: &str| json!({ "method": "POST", "path": "/notes", "body": { "text": "x", "others": ["y", text] } });
    for (items, pointer) in [
        (json!([a(), named("a", put("2", "tea"))]), "/items/1/id"),
        (json!([put("$a.id", "tea"), a()]), "/items/0/path"),
        (json!([named("b", put("$b.id", "tea"))]), "/items/0/path"),
        (json!([a(), put("$a.etag", "tea")]), "/items/1/path"),
        (json!([a(), put("$b.id", "tea")]), "/items/1/path"),
        (json!([a(), put("$", "tea")]), "/items/1/path"),
        (json!([a(), body("$5")]), "/items/1/body/others/1"),
        (json!([a(), body("$a.etag")]), "/items/1/body/others/1"),
        (json!([a(), body("$c.id")]), "/items/1/body/others/1"),
        (json!([body("\u{24}5")]), "/items/0/body/others/1"),
        (json!([put_if("1", "$a.etag", "tea"), a()]), "/items/0/headers/If-Match"),
        (json!([a(), put_if("1", "$a.id", "tea")]), "/items/1/headers/If-Match"),
        (json!([a(), put_if("1", "$$a.etag", "tea")]), "/items/1/headers/If-Match"),
        (json!([a(), put_if("2", "$a.etag", "tea")]), "/items/1/headers/If-Match"),
        (json!([named("d", delete_if("1", "*")), put_if("1", "$d.etag", "tea")]), "/items/1/headers/If-Match"),
    ] {
        assert_eq!(api.batch(items.clone()).await.mistakes(), [pointer], "{items}");
    }
    let mut two = put_if("1", "$a.etag", "tea");
    two["headers"]["If-None-Match"] = "\"x\"".into();
    assert_eq!(api.batch(json!([a(), two])).await.mistakes(), ["/items/1/headers"]);
    assert_eq!(api.titles().await, ["milk"]);
}

#[tokio::test]
async fn an_escaped_dollar_is_a_dollar() {
    let api = notes();
    let escaped = r#"{"items":[{"method":"PUT","path":"/tasks/1","body":{"title":"\u0024a.id"}}]}"#;
    assert_eq!(api.post("/$batch", &[], escaped).await.mistakes(), ["/items/0/body/title"]);
    let doubled = r#"{"items":[{"method":"PUT","path":"/tasks/1","body":{"title":"\u0024$5","tags":["a$b", "$$$"]}}]}"#;
    assert_eq!(api.post("/$batch", &[], doubled).await.status, 200);
    assert_eq!(api.get("/tasks/1", &[]).await.json(), json!({ "id": "1", "title": "$5", "tags": ["a$b", "$$"] }));
}

#[tokio::test]
async fn an_item_that_refers_to_one_that_is_nowhere_is_not_to_blame() {
    let api = notes();
    let nowhere = json!({ "id": "a", "method": "POST", "path": "/nothing", "body": {} });
    let body = json!({ "method": "POST", "path": "/notes", "body": { "text": "$a.id" } });
    let refused = api.batch(json!([nowhere, put("$a.id", "tea"), body, put("2", "rice")])).await;
    assert_eq!(refused.refused(), [404, 424, 424, 424]);
    let broken = json!({ "id": "a", "method": "POST", "path": "/notes", "body": {} });
    let patch = json!({
        "method": "PATCH", "path": "/notes/$a.id", "body": {},
        "headers": { "If-Match": "*", "Content-Type": "application/merge-patch+json" },
    });
    assert_eq!(api.batch(json!([broken, patch])).await.refused(), [422, 424]);
}
