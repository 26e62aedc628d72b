//! Which of several faults is told.

use etag_core::{Dialect, TagOfAbsent};
use http::{Request, StatusCode};
use serde_json::{Value, json};

use crate::server::Server;

#[tokio::test]
async fn what_is_absent_is_404_before_any_condition() {
    let server = Server::new(Dialect::RFC_9110);
    for condition in ["\"stale\"", "*", "malformed", ""] {
        for request in [Request::patch("/notes/1"), Request::delete("/notes/1"), Request::post("/notes/1")] {
            let answer = server.send(request.header("if-match", condition), &json!({})).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{condition:?}");
        }
        let answer = server.send(Request::get("/notes/1").header("if-match", condition), &Value::Null).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{condition:?}");
    }
}

#[tokio::test]
async fn what_a_put_could_create_is_412_under_a_tag() {
    let server = Server::new(Dialect::RFC_9110);
    let put = |condition| Request::put("/notes/1").header("if-match", condition);
    for condition in ["\"stale\"", "*"] {
        assert_eq!(server.send(put(condition), &json!("tea")).await.status, StatusCode::PRECONDITION_FAILED);
    }
    let server = Server::new(Dialect { tag_of_absent: TagOfAbsent::NotFound, ..Dialect::RFC_9110 });
    assert_eq!(server.send(put("\"stale\""), &json!("tea")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_malformed_condition_comes_before_a_missing_and_a_stale_one() {
    let server = Server::new(Dialect::RFC_9110);
    server.fill().await;
    assert_eq!(server.edit(&[("if-match", "stale"), ("if-none-match", "*")]).await, StatusCode::BAD_REQUEST);
    assert_eq!(server.edit(&[("if-match", "\"stale\""), ("if-none-match", "x")]).await, StatusCode::BAD_REQUEST);
    assert_eq!(server.edit(&[]).await, StatusCode::PRECONDITION_REQUIRED);
    assert_eq!(server.edit(&[("if-match", "\"stale\"")]).await, StatusCode::PRECONDITION_FAILED);
}

#[tokio::test]
async fn a_condition_comes_before_what_the_handler_refuses() {
    let server = Server::new(Dialect::RFC_9110);
    let note = server.fill().await;
    let act = |etag: &str| Request::post("/notes/1").header("if-match", etag.to_owned());
    assert_eq!(server.send(act("\"stale\""), &Value::Null).await.status, StatusCode::PRECONDITION_FAILED);
    let answer = server.send(act(&note.etag().to_string()), &Value::Null).await;
    assert_eq!((answer.status, &answer.json()["detail"]), (StatusCode::CONFLICT, &json!("not today")));
}

#[tokio::test]
async fn statuses_are_those_of_the_dialect() {
    let dialect = Dialect { missing_status: 403, mismatch_status: 409, malformed_status: 422, ..Dialect::RFC_9110 };
    let server = Server::new(dialect);
    server.fill().await;
    assert_eq!(server.edit(&[]).await, StatusCode::FORBIDDEN);
    assert_eq!(server.edit(&[("if-match", "\"stale\"")]).await, StatusCode::CONFLICT);
    assert_eq!(server.edit(&[("if-match", "stale")]).await, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_create_of_what_exists_is_409_and_412_where_it_may_only_create() {
    let server = Server::new(Dialect::RFC_9110);
    let create = || Request::post("/notes");
    let body = json!({ "id": 1, "text": "milk" });
    assert_eq!(server.send(create(), &body).await.status, StatusCode::CREATED);
    assert_eq!(server.send(create(), &body).await.status, StatusCode::CONFLICT);
    let put = Request::put("/notes/1").header("if-none-match", "*");
    assert_eq!(server.send(put, &json!("tea")).await.status, StatusCode::PRECONDITION_FAILED);
}

#[tokio::test]
async fn a_put_says_whether_it_created() {
    let server = Server::new(Dialect::RFC_9110);
    let created = server.send(Request::put("/notes/1"), &json!("milk")).await;
    assert_eq!(created.status, StatusCode::CREATED);
    let put = Request::put("/notes/1").header("if-match", created.etag().unwrap());
    assert_eq!(server.send(put, &json!("tea")).await.status, StatusCode::OK);
    let delete = Request::delete("/notes/1").header("if-match", "*");
    assert_eq!(server.send(delete, &Value::Null).await.status, StatusCode::NO_CONTENT);
    assert_eq!(server.get("/notes/1").await.status, StatusCode::NOT_FOUND);
}
