//! States that are answered as the store has them.

use axum::{Router, extract::Path, response::Response, routing::get};
use etag_axum::{Exchange, Refused, Representation};
use etag_core::{
    Batch, Dialect, Expectation, Store as _, StoreExt as _, TagMember, TagPlacement, TagText, Versioned, put_document,
};
use http::{Request, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json, value::RawValue};

use crate::server::{Note, Server, note};

const IN_BODIES: Dialect = Dialect {
    tag_placement: TagPlacement::HeaderAndMember(TagMember::new("etag", TagText::Bare)),
    ..Dialect::RFC_9110
};

/// A document that is no note.
const DOCUMENT: &str = r#"{"id":1, "no": [ "note" ]}"#;

async fn with_document(dialect: Dialect) -> Server {
    let server = Server::with(dialect, Router::new().route("/values/{id}", get(value)).route("/views/{id}", get(view)));
    let mut put = put_document(&server.store, &note(1, "milk"), Expectation::Absent).unwrap();
    put.body = DOCUMENT.into();
    server.store.commit(Batch::new().put(put)).await.unwrap();
    server
}

async fn value(exchange: Exchange, Path(id): Path<u64>) -> Result<Response, Refused> {
    let note = exchange.fetch::<Note>(&id).await?.decode()?;
    exchange.read(&note, note.value())
}

#[derive(Serialize, Deserialize)]
struct View<'a> {
    id: u64,
    #[serde(borrow)]
    no: &'a RawValue,
}

async fn view(exchange: Exchange, Path(id): Path<u64>) -> Result<Response, Refused> {
    let note = exchange.fetch::<Note>(&id).await?;
    let sent = Representation::new().with("kind", "note")?.with_all(&note.view::<View<'_>>()?)?;
    exchange.read(&note, sent.with("last", &true)?)
}

#[tokio::test]
async fn what_is_answered_as_stored_is_not_decoded() {
    let server = with_document(Dialect::RFC_9110).await;
    let answer = server.get("/notes/1").await;
    assert_eq!((answer.status, &answer.body[..]), (StatusCode::OK, DOCUMENT.as_bytes()));
    assert_eq!(server.get("/values/1").await.status, StatusCode::INTERNAL_SERVER_ERROR);
}

#[tokio::test]
async fn a_304_decodes_nothing() {
    let server = with_document(Dialect::RFC_9110).await;
    let etag = server.get("/notes/1").await.etag().unwrap().to_owned();
    let answer = server.send(Request::get("/notes/1").header("if-none-match", etag), &Value::Null).await;
    assert_eq!(answer.status, StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn the_tag_stands_before_the_members_that_are_stored() {
    let server = with_document(IN_BODIES).await;
    let answer = server.get("/notes/1").await;
    let etag = answer.etag().unwrap().trim_matches('"');
    assert_eq!(answer.body, format!(r#"{{"etag":"{etag}","id":1, "no": [ "note" ]}}"#));
}

/// As a repository of somebody's own may keep it.
#[tokio::test]
async fn white_space_around_a_document_is_none_of_its_members() {
    async fn piece(exchange: Exchange, Path(id): Path<u64>) -> Result<Response, Refused> {
        let note = exchange.fetch::<Note>(&id).await?;
        exchange.read(&note, Representation::new().with_all(&note)?.with("last", &true)?)
    }
    let server = Server::with(IN_BODIES, Router::new().route("/pieces/{id}", get(piece)));
    let mut put = put_document(&server.store, &note(1, "milk"), Expectation::Absent).unwrap();
    put.body = "\n{ \"id\": 1 }\n".into();
    server.store.commit(Batch::new().put(put)).await.unwrap();
    let answer = server.get("/pieces/1").await;
    assert_eq!((&answer.json()["id"], &answer.json()["last"]), (&json!(1), &json!(true)), "{:?}", answer.body);
}

#[tokio::test]
async fn a_view_is_what_its_members_are_and_raw_ones_are_as_stored() {
    let server = with_document(Dialect::RFC_9110).await;
    assert_eq!(server.get("/views/1").await.body, r#"{"kind":"note","id":1,"no":[ "note" ],"last":true}"#);
}

#[tokio::test]
async fn a_view_that_does_not_fit_is_500_and_does_not_say_why() {
    let server = with_document(Dialect::RFC_9110).await;
    server.store.create(&note(2, "milk")).await.unwrap();
    let answer = server.get("/views/2").await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!answer.json().to_string().contains("missing field"), "{:?}", answer.body);
}

#[derive(Serialize, Deserialize, Versioned)]
#[versioned(collection = "boards", validator = revision, schema = 2, upgrade = named)]
struct Board {
    #[versioned(id)]
    id: u64,
    name: String,
    #[versioned(revision)]
    revision: u64,
}

/// Names were called titles.
fn named(_schema: u32, mut document: Value) -> Result<Value, String> {
    document["name"] = document["title"].take();
    document.as_object_mut().ok_or("no object")?.remove("title");
    Ok(document)
}

async fn board(exchange: Exchange, Path(id): Path<u64>) -> Result<Response, Refused> {
    let board = exchange.fetch::<Board>(&id).await?;
    exchange.read(&board, &board)
}

async fn numbered(exchange: Exchange, Path(id): Path<u64>) -> Result<Response, Refused> {
    #[derive(Serialize, Deserialize)]
    struct Numbered {
        name: String,
        revision: u64,
    }
    let board = exchange.fetch::<Board>(&id).await?;
    exchange.read(&board, &board.view::<Numbered>()?)
}

#[tokio::test]
async fn stamps_and_upgrades_are_in_what_is_answered_as_stored() {
    let routes = Router::new().route("/boards/{id}", get(board)).route("/numbers/{id}", get(numbered));
    let server = Server::with(Dialect::RFC_9110, routes);
    let mut put =
        put_document(&server.store, &Board { id: 1, name: "x".into(), revision: 0 }, Expectation::Absent).unwrap();
    (put.schema, put.body) = (1, r#"{"id":1,"title":"Release"}"#.into());
    server.store.commit(Batch::new().put(put)).await.unwrap();
    assert_eq!(server.get("/boards/1").await.json(), json!({ "id": 1, "name": "Release", "revision": 1 }));
    assert_eq!(server.get("/numbers/1").await.json(), json!({ "name": "Release", "revision": 1 }));
}
