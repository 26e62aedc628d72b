//! Answers to reads.

use etag_core::{Dialect, StoreExt as _};
use http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};

use crate::server::{Answer, Server, note};

async fn read(server: &Server, method: Method, conditions: &[(&str, &str)]) -> Answer {
    let request = Request::builder().method(method).uri("/notes/1");
    let request = conditions.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    server.send(request, &Value::Null).await
}

#[tokio::test]
async fn a_read_gives_the_representation_and_its_tag() {
    let server = Server::new(Dialect::RFC_9110);
    let note = server.fill().await;
    let answer = read(&server, Method::GET, &[]).await;
    assert_eq!((answer.status, answer.json()), (StatusCode::OK, json!({ "id": 1, "text": "milk", "colour": "" })));
    assert_eq!(answer.etag(), Some(&*note.etag().to_string()));
    assert_eq!(answer.header(header::CONTENT_TYPE), Some("application/json"));
}

#[tokio::test]
async fn who_has_the_state_gets_304_with_its_tag_and_no_body() {
    let server = Server::new(Dialect::RFC_9110);
    let etag = server.fill().await.etag().to_string();
    for method in [Method::GET, Method::HEAD] {
        for known in [etag.clone(), format!("W/{etag}"), format!("\"x\", {etag}"), "*".to_owned()] {
            let answer = read(&server, method.clone(), &[("if-none-match", &known)]).await;
            assert_eq!((answer.status, answer.etag()), (StatusCode::NOT_MODIFIED, Some(&*etag)), "{known}");
            assert!(answer.body.is_empty() && answer.header(header::CONTENT_TYPE).is_none());
        }
    }
}

#[tokio::test]
async fn who_has_another_state_gets_this_one() {
    let server = Server::new(Dialect::RFC_9110);
    let before = server.fill().await;
    server.store.replace(&note(1, "tea"), before.etag()).await.unwrap();
    let answer = read(&server, Method::GET, &[("if-none-match", &before.etag().to_string())]).await;
    assert_eq!((answer.status, &answer.json()["text"]), (StatusCode::OK, &json!("tea")));
}

#[tokio::test]
async fn a_malformed_if_none_match_spares_nothing() {
    let server = Server::new(Dialect::RFC_9110);
    server.fill().await;
    assert_eq!(read(&server, Method::GET, &[("if-none-match", "x")]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_read_may_demand_a_state() {
    let server = Server::new(Dialect::RFC_9110);
    let etag = server.fill().await.etag().to_string();
    assert_eq!(read(&server, Method::GET, &[("if-match", &etag)]).await.status, StatusCode::OK);
    assert_eq!(read(&server, Method::GET, &[("if-match", "\"x\"")]).await.status, StatusCode::PRECONDITION_FAILED);
    assert_eq!(read(&server, Method::GET, &[("if-match", "x")]).await.status, StatusCode::BAD_REQUEST);
}
