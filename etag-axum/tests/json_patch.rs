//! JSON Patch (RFC 6902), where it is easily got wrong.

use axum::{Router, body::Body};
use etag_axum::{Api, Resource};
use etag_core::{Expectation, MemoryStore, StoreExt as _, Versioned};
use http::{Request, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use utoipa::ToSchema;

/// Its float is stored as `3.0`, which no JavaScript client can write.
#[derive(Serialize, Deserialize, ToSchema, Versioned)]
#[versioned(collection = "tasks", validator = digest)]
struct Task {
    #[versioned(id)]
    id: String,
    estimate: f64,
}

async fn app() -> Router {
    let store = MemoryStore::new();
    store.put(&Task { id: "1".to_owned(), estimate: 3.0 }, Expectation::Absent).await.unwrap();
    Api::new(store).resource(Resource::<Task>::new()).router()
}

async fn patch(operations: Vec<Value>) -> Response<Body> {
    let request =
        Request::patch("/tasks/1").header("if-match", "*").header("content-type", "application/json-patch+json");
    let body = Value::from(operations).to_string();
    app().await.oneshot(request.body(Body::from(body)).unwrap()).await.unwrap()
}

#[tokio::test]
async fn a_test_compares_numbers_by_value() {
    for (value, status) in [("3", 200), ("3.0", 200), ("3e0", 200), ("3.5", 409), ("\"3\"", 409)] {
        let value: Value = serde_json::from_str(value).unwrap();
        let answer = patch(vec![json!({ "op": "test", "path": "/estimate", "value": value })]).await;
        assert_eq!(answer.status(), status, "{value}");
    }
}

fn large() -> Value {
    json!({ "op": "add", "path": "/large", "value": vec![0; 100_000] })
}

#[tokio::test]
async fn what_is_moved_deeper_over_and_over_is_bounded_as_copies_are() {
    let moves = [
        json!({ "op": "move", "from": "/large", "path": "/below/large" }),
        json!({ "op": "move", "from": "/below/large", "path": "/large" }),
    ];
    let below = json!({ "op": "add", "path": "/below", "value": {} });
    let operations = |times| [large(), below.clone()].into_iter().chain(moves.clone().into_iter().cycle().take(times));
    assert_eq!(patch(operations(2).collect()).await.status(), 200);
    assert_eq!(patch(operations(900).collect()).await.status(), 422);
}

#[tokio::test]
async fn a_move_that_leads_no_deeper_is_free() {
    let moves = [
        json!({ "op": "move", "from": "/large", "path": "/other" }),
        json!({ "op": "move", "from": "/other", "path": "/large" }),
    ];
    let operations = [large()].into_iter().chain(moves.into_iter().cycle().take(900));
    assert_eq!(patch(operations.collect()).await.status(), 200);
}

#[tokio::test]
async fn moves_do_not_lead_below_what_can_be_read_again() {
    let nest = |_| {
        [
            json!({ "op": "add", "path": "/outer", "value": {} }),
            json!({ "op": "move", "from": "/inner", "path": "/outer/inner" }),
            json!({ "op": "move", "from": "/outer", "path": "/inner" }),
        ]
    };
    let start = json!({ "op": "add", "path": "/inner", "value": {} });
    let operations = |depth| [start.clone()].into_iter().chain((0..depth).flat_map(nest)).collect();
    assert_eq!(patch(operations(50)).await.status(), 200);
    assert_eq!(patch(operations(200)).await.status(), 422);
}
