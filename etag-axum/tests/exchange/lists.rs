//! Lists, which have tags of their own.

use axum::{Router, extract::Query, response::Response, routing::get};
use etag_axum::{Exchange, Listed, Refused, Representation, Stored};
use etag_core::{Dialect, Snapshot, StoreExt as _, TagMember, TagPlacement, TagText};
use http::Request;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::server::{Answer, Note, Server, note};

#[derive(Deserialize)]
struct Place {
    after: Option<String>,
    beside: Option<u64>,
}

/// The texts of two notes each, and the colour of one beside.
async fn texts(exchange: Exchange, Query(place): Query<Place>) -> Result<Response, Refused> {
    let scan = exchange.scan::<Note>(2, place.after.as_deref())?;
    let beside = match place.beside {
        Some(id) => Some(exchange.get::<Note>(&id).await?),
        None => None,
    };
    let heads: Vec<_> = beside.iter().map(Snapshot::head).collect();
    let body = |page: Listed<Note>| {
        let notes = page.items.into_iter().map(Stored::decode).collect::<Result<Vec<_>, _>>()?;
        let texts = Representation::new().with_list("texts", notes.iter().map(|note| &*note.text))?;
        texts.with("next", &page.next)?.with("colour", &beside.as_ref().map(|note| &note.colour))
    };
    exchange.list(&scan, &heads, body).await
}

async fn server(dialect: Dialect, notes: u64) -> Server {
    let server = Server::with(dialect, Router::new().route("/texts", get(texts)));
    for id in 1..=notes {
        server.store.create(&note(id, &format!("note {id}"))).await.unwrap();
    }
    server
}

async fn ask(server: &Server, path: &str, header: &'static str, value: &str) -> Answer {
    server.send(Request::get(path).header(header, value), &Value::Null).await
}

#[tokio::test]
async fn a_list_under_its_current_tag_is_304() {
    let server = server(Dialect::RFC_9110, 2).await;
    let etag = server.get("/texts").await.etag().unwrap().to_owned();
    let answer = ask(&server, "/texts", "if-none-match", &etag).await;
    assert_eq!((answer.status.as_u16(), answer.etag(), answer.body.len()), (304, Some(&*etag), 0));

    server
        .store
        .modify::<Note, _>(&1, |note| {
            note.text.push('!');
            Ok(())
        })
        .await
        .unwrap();
    let answer = ask(&server, "/texts", "if-none-match", &etag).await;
    assert_eq!(answer.json()["texts"], json!(["note 1!", "note 2"]));
    assert_ne!(answer.etag(), Some(&*etag));
}

#[tokio::test]
async fn the_same_page_has_one_tag_whether_an_index_or_its_rows_made_it() {
    let server = server(Dialect::RFC_9110, 3).await;
    let first = server.get("/texts").await;
    let again = ask(&server, "/texts", "if-none-match", "\"another\"").await;
    assert_eq!((again.status.as_u16(), again.etag()), (200, first.etag()));
}

#[tokio::test]
async fn what_a_list_tells_of_others_is_in_its_tag() {
    let server = server(Dialect::RFC_9110, 3).await;
    let path = "/texts?beside=3";
    let etag = server.get(path).await.etag().unwrap().to_owned();
    assert_eq!(ask(&server, path, "if-none-match", &etag).await.status, 304);
    server
        .store
        .modify::<Note, _>(&3, |note| {
            note.colour = "red".to_owned();
            Ok(())
        })
        .await
        .unwrap();
    assert_eq!(ask(&server, path, "if-none-match", &etag).await.json()["colour"], "red");
}

#[tokio::test]
async fn pages_follow_each_other_with_tags_of_their_own() {
    let server = server(Dialect::RFC_9110, 3).await;
    let first = server.get("/texts").await;
    let next = first.json()["next"].as_str().unwrap().to_owned();
    let second = server.get(&format!("/texts?after={next}")).await;
    assert_eq!(second.json(), json!({ "texts": ["note 3"], "next": null, "colour": null }));
    assert_ne!(second.etag(), first.etag());
}

#[tokio::test]
async fn a_place_that_no_page_named_is_refused() {
    let server = server(Dialect::RFC_9110, 1).await;
    assert_eq!(server.get("/texts?after=1").await.status, 400);
}

#[tokio::test]
async fn a_condition_that_can_not_be_read_is_never_304() {
    let server = server(Dialect::RFC_9110, 1).await;
    assert_ne!(ask(&server, "/texts", "if-none-match", "bare").await.status, 304);
}

#[tokio::test]
async fn a_failed_if_match_is_a_mismatch() {
    let server = server(Dialect::RFC_9110, 1).await;
    let etag = server.get("/texts").await.etag().unwrap().to_owned();
    assert_eq!(ask(&server, "/texts", "if-match", &etag).await.status, 200);
    assert_eq!(ask(&server, "/texts", "if-match", "\"another\"").await.status, 412);
}

#[tokio::test]
async fn a_lists_tag_stands_where_the_dialect_has_tags() {
    const BOTH: TagPlacement = TagPlacement::HeaderAndMember(TagMember::new("etag", TagText::Quoted));
    let server = server(Dialect { tag_placement: BOTH, ..Dialect::RFC_9110 }, 1).await;
    let answer = server.get("/texts").await;
    assert_eq!(answer.json()["etag"].as_str(), answer.etag());
}
