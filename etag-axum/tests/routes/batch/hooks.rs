//! Who may do what in a batch (rule H8).

use std::sync::{Arc, Mutex};

use etag_axum::{AccessRequest, Action, Api, Denied, Principal, Resource, ValueAccess};
use etag_core::MemoryStore;
use http::HeaderValue;
use serde_json::json;

use super::support::*;
use crate::support::*;

#[tokio::test]
async fn the_hook_sees_the_batch_and_then_each_item_as_a_request_of_its_own() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let hook = {
        let seen = Arc::clone(&seen);
        move |request: AccessRequest| {
            let key = request.key.map_or("-".to_owned(), |key| key.to_string());
            let header = |name: &str| request.parts.headers.get(name).map_or("-", |value| value.to_str().unwrap());
            let (action, method, path) = (request.action, &request.parts.method, request.parts.uri.path());
            let line = format!("{action:?} {key} {method} {path} {} {}", header("authorization"), header("if-match"));
            seen.lock().unwrap().push(line);
            std::future::ready(Ok(Principal::anonymous()))
        }
    };
    let api = Client(Api::new(MemoryStore::new()).resource(Resource::<Task>::new()).authorize(hook).router());
    let items = json!([put("1", "milk"), put_if("1", "*", "tea"), check_if("1", "*"), delete_if("1", "*")]);
    assert_eq!(api.batch_with(&["Authorization: ada"], items).await.status, 200);
    let expected = [
        "Batch - POST /$batch ada -",
        "Replace tasks/1 PUT /tasks/1 ada -",
        "Replace tasks/1 PUT /tasks/1 ada *",
        "Read tasks/1 HEAD /tasks/1 ada *",
        "Delete tasks/1 DELETE /tasks/1 ada *",
    ];
    assert_eq!(*seen.lock().unwrap(), expected);
}

#[tokio::test]
async fn who_may_not_do_one_item_does_none() {
    let hook = |request: AccessRequest| async move {
        match (request.action, request.parts.headers.contains_key("authorization")) {
            (_, false) => Err(Denied::Unauthenticated(HeaderValue::from_static("Bearer"))),
            (Action::Delete, _) => Err(Denied::Forbidden),
            _ => Ok(Principal::new("ada")),
        }
    };
    let api = Client(Api::new(MemoryStore::new()).resource(Resource::<Task>::new()).authorize(hook).router());
    let unknown = api.batch(json!([7])).await;
    assert_eq!((unknown.status.as_u16(), unknown.header("www-authenticate")), (401, Some("Bearer")));
    assert_eq!(api.call("GET /$batch", &[], "").await.status, 401);
    let ada = ["Authorization: ada"];
    assert_eq!(api.batch_with(&ada, json!([put("1", "milk"), delete_if("1", "*")])).await.refused(), [424, 403]);
    assert_eq!(api.get("/tasks/1", &ada).await.status, 404);
    assert_eq!(api.batch_with(&ada, json!([put("1", "milk")])).await.statuses(), [201]);
}

/// Tasks belong to whom their first tag names; nobody else sees them or touches them.
fn owned(access: &ValueAccess<'_, Task>) -> Result<(), Denied> {
    let owns = |task: &Task| task.tags.first().is_some_and(|owner| owner == access.principal.name());
    if access.stored.is_some_and(|task| !owns(task)) {
        return Err(Denied::Hidden);
    }
    if access.new.is_some_and(|task| !owns(task)) { Err(Denied::Forbidden) } else { Ok(()) }
}

fn owners() -> Client {
    let who = |request: AccessRequest| async move {
        let name = request.parts.headers.get("authorization").map_or("", |name| name.to_str().unwrap());
        Ok(Principal::new(name))
    };
    let tasks = Resource::<Task>::new().authorize_value(owned);
    Client(Api::new(MemoryStore::new()).resource(tasks).authorize(who).router())
}

const ADA: &[&str] = &["Authorization: ada"];
const BOB: &[&str] = &["Authorization: bob"];

#[tokio::test]
async fn the_value_hook_sees_what_each_item_meets_and_writes() {
    let api = owners();
    let hers = |id: &str| json!({ "method": "PUT", "path": format!("/tasks/{id}"), "body": { "title": "milk", "tags": ["ada"] } });
    assert_eq!(api.batch_with(ADA, json!([hers("1"), hers("2")])).await.statuses(), [201, 201]);
    assert_eq!(api.batch_with(BOB, json!([hers("3")])).await.refused(), [403]);
    for item in [
        put_if("1", "*", "tea"),
        merge_if("1", "*", &json!({})),
        delete_if("1", "*"),
        check_if("1", "*"),
        put_if("1", "\"x\"", "tea"),
    ] {
        let refused = api.batch_with(BOB, json!([item])).await;
        assert_eq!(refused.refused(), [404], "{item}");
        assert_eq!(refused.item(0)["headers"].get("ETag"), None, "{item}");
    }
    let given_away =
        json!([merge_if("1", "*", &json!({ "tags": ["bob"] })), merge_if("1", "*", &json!({ "title": "tea" }))]);
    assert_eq!(api.batch_with(ADA, given_away).await.refused(), [403, 424]);
    let chain = json!([hers("4"), merge_if("4", "*", &json!({ "title": "tea" })), delete_if("4", "*"), hers("4")]);
    assert_eq!(api.batch_with(ADA, chain).await.statuses(), [201, 204, 204, 201]);
    let moved = json!([merge_if("4", "*", &json!({ "title": "rice" })), check_if("4", "*"), delete_if("4", "\"x\"")]);
    assert_eq!(api.batch_with(ADA, moved).await.refused(), [424, 424, 412]);
}

#[tokio::test]
async fn the_value_hook_sees_what_an_earlier_item_leaves() {
    let keeps_locked = |access: &ValueAccess<'_, Task>| {
        let is_locked = access.stored.is_some_and(|task| task.title == "locked");
        if is_locked { Err(Denied::Forbidden) } else { Ok(()) }
    };
    let api = serve(Resource::<Task>::new().authorize_value(keeps_locked));
    for item in [put_if("1", "*", "open"), merge_if("1", "*", &json!({})), delete_if("1", "*"), check_if("1", "*")] {
        assert_eq!(api.batch(json!([put("1", "locked"), item])).await.refused(), [424, 403], "{item}");
    }
    assert_eq!(api.batch(json!([put("1", "open"), put_if("1", "*", "locked")])).await.statuses(), [201, 200]);
}

#[tokio::test]
async fn a_right_to_write_is_none_to_read() {
    let hook = |request: AccessRequest| async move {
        if request.action == Action::Read { Err(Denied::Forbidden) } else { Ok(Principal::new("ada")) }
    };
    let api = Client(Api::new(MemoryStore::new()).resource(Resource::<Task>::new()).authorize(hook).router());
    assert_eq!(api.batch(json!([put("1", "milk")])).await.statuses(), [201]);
    let refused = api.batch(json!([put_if("1", "\"x\"", "tea")])).await;
    assert_eq!((refused.refused(), refused.item(0)["headers"].get("ETag")), (vec![412], None));
    assert_eq!(api.batch(json!([check_if("1", "*")])).await.refused(), [403]);
    let guess = json!({
        "method": "PATCH", "path": "/tasks/1", "body": [{ "op": "test", "path": "/title", "value": "milk" }],
        "headers": { "If-Match": "*", "Content-Type": "application/json-patch+json" },
    });
    assert_eq!(api.batch(json!([guess])).await.refused(), [403]);
    let patched = api.batch(json!([merge_if("1", "*", &json!({ "tags": ["a"] }))])).await;
    assert_eq!((patched.statuses(), patched.item(0).get("body")), (vec![204], None));
}
