//! What hand-written handlers answer to writes.

use axum::{Router, body::Body, extract::Path, response::Response, routing};
use etag_axum::{Change, DialectJson, Dialogue, Exchange, Refused};
use etag_core::{Dialect, LinkRule, MemoryStore, OnDelete, Put, StoreExt as _, Versioned, WriteKind};
use http::{Request, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tower::ServiceExt as _;

#[derive(Clone, Serialize, Deserialize, Versioned)]
#[versioned(collection = "boards", validator = revision)]
struct Board {
    #[versioned(id)]
    id: u64,
    title: String,
    #[serde(default)]
    #[versioned(derived)]
    tasks: u32,
}

#[derive(Clone, Serialize, Deserialize, Versioned)]
#[versioned(collection = "tasks", validator = revision)]
struct Task {
    #[versioned(id)]
    id: u64,
    #[versioned(parent(Board, touch = content, derive = Board::count))]
    board_id: u64,
}

impl Board {
    fn count(&mut self, before: Option<&Task>, after: Option<&Task>) {
        self.tasks += u32::from(after.is_some());
        self.tasks -= u32::from(before.is_some());
    }
}

async fn rename(
    exchange: Exchange,
    Path(id): Path<u64>,
    DialectJson(title): DialectJson<String>,
) -> Result<Response, Refused> {
    let change = |_: Option<&_>| Ok(Change::put(Board { id, title: title.clone(), tasks: 99 }));
    let done = exchange.write::<Board>(WriteKind::Update, &id).run(change).await?;
    let board = done.state()?;
    exchange.answer(StatusCode::OK, board, board.value())
}

async fn create(exchange: Exchange, Path(id): Path<u64>) -> Result<Response, Refused> {
    let change = |_: Option<&_>| Ok(Change::put(Board { id, title: String::new(), tasks: 0 }));
    let exchange = exchange.without_conditions();
    let done = exchange.write::<Board>(WriteKind::Create, &id).run(change).await?;
    Ok(exchange.bare(StatusCode::CREATED, done.state()?))
}

async fn answer(store: &MemoryStore, request: http::request::Builder, body: &Value) -> (StatusCode, Value) {
    let routes = Router::new().route("/boards/{id}", routing::patch(rename).post(create));
    let app = Dialogue::new(store.clone(), Dialect::RFC_9110).serve(routes);
    let response = app.oneshot(request.body(Body::from(body.to_string())).unwrap()).await.unwrap();
    let status = response.status();
    let body = axum::body::to_bytes(response.into_body(), 1 << 16).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap_or_default())
}

#[tokio::test]
async fn an_answer_says_what_is_derived_from_children() {
    let store = MemoryStore::new();
    store.create(&Board { id: 1, title: "a".into(), tasks: 0 }).await.unwrap();
    store.create(&Task { id: 7, board_id: 1 }).await.unwrap();
    let board = store.get::<Board>(&1).await.unwrap();
    let request = Request::patch("/boards/1").header("if-match", board.etag());
    let (status, body) = answer(&store, request, &json!("b")).await;
    assert_eq!((status, body), (StatusCode::OK, json!({ "id": 1, "title": "b", "tasks": 1 })));
}

#[tokio::test]
async fn an_unconditional_create_looks_at_no_tag() {
    let store = MemoryStore::new();
    let request = || Request::post("/boards/1").header("if-match", "\"of-something-else\"");
    assert_eq!(answer(&store, request(), &Value::Null).await.0, StatusCode::CREATED);
    assert_eq!(answer(&store, request(), &Value::Null).await.0, StatusCode::CONFLICT);
}

/// A task that goes with its board, although its model keeps the board from being deleted.
async fn add(exchange: Exchange, Path(id): Path<u64>) -> Result<Response, Refused> {
    let cascade = |put: &mut Put| {
        put.parents = put.parents.with_rules(|link| LinkRule { on_delete: OnDelete::Cascade, ..link.rule });
    };
    let write = exchange.write::<Task>(WriteKind::Create, &id).adjusting(cascade);
    let done = write.run(|_| Ok(Change::put(Task { id, board_id: 1 }))).await?;
    Ok(exchange.bare(StatusCode::CREATED, done.state()?))
}

#[tokio::test]
async fn what_is_stored_besides_the_value_can_be_adjusted() {
    let store = MemoryStore::new();
    let board = store.create(&Board { id: 1, title: "a".into(), tasks: 0 }).await.unwrap();
    let app =
        Dialogue::new(store.clone(), Dialect::RFC_9110).serve(Router::new().route("/tasks/{id}", routing::post(add)));
    let response = app.oneshot(Request::post("/tasks/7").body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(response.status(), StatusCode::CREATED);
    assert!(store.delete::<Board>(&1, board.etag()).await.unwrap_err().is_stale());
    let touched = store.get::<Board>(&1).await.unwrap();
    store.delete::<Board>(&1, touched.etag()).await.unwrap();
    assert!(store.find::<Task>(&7).await.unwrap().is_none());
}
