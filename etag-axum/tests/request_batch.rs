//! Several requests in one, in a form that is made up for these tests.

#[path = "request_batch/api.rs"]
mod api;
#[path = "request_batch/form.rs"]
mod form;
#[path = "request_batch/forms.rs"]
mod forms;
#[path = "request_batch/order.rs"]
mod order;
#[path = "request_batch/parts.rs"]
mod parts;
#[path = "request_batch/races.rs"]
mod races;
#[path = "request_batch/random.rs"]
mod random;
#[path = "request_batch/together.rs"]
mod together;

use api::{Server, rules};
use form::{Part, alone, together as all};
use http::{Method, StatusCode, header};
use serde_json::json;

#[tokio::test]
async fn each_request_is_answered_as_if_it_had_come_alone() {
    let server = Server::new();
    let answer = server
        .batch(&[
            alone(Part::post("/api/notes").json(&json!({"id": "1", "text": "milk"})).id("a")),
            alone(Part::get("/api/notes/1").id("b")),
            alone(Part::get("/api/notes/2")),
        ])
        .await;
    assert_eq!((answer.status, answer.statuses()), (StatusCode::OK, vec![201, 200, 404]));
    assert_eq!(answer.ids(), [Some("a"), Some("b"), None]);
    assert_eq!(answer.parts()[1].json()["text"], "milk");
    assert_eq!(answer.parts()[1].header("etag"), server.tag("1").await);
    assert_eq!(answer.parts()[2].json()["type"], "/problems/not-found");
}

#[tokio::test]
async fn what_fails_undoes_nothing_else() {
    let server = Server::new();
    let create = || alone(Part::post("/api/notes").json(&json!({"id": "1", "text": "milk"})));
    let answer = server.batch(&[create(), create(), alone(Part::get("/api/notes/1"))]).await;
    assert_eq!(answer.statuses(), [201, 409, 200]);
}

#[tokio::test]
async fn a_body_that_is_not_of_the_form_is_400() {
    let answer = Server::new().send("{").await;
    assert_eq!((answer.status, answer.content_type()), (StatusCode::BAD_REQUEST, "application/problem+json"));
    assert!(answer.text().contains("the body is not of the form"));
}

#[tokio::test]
async fn too_many_requests_are_400() {
    let server = Server::new();
    let few = vec![alone(Part::get("/api/notes/1")); rules().most_parts];
    assert_eq!(server.batch(&few).await.status, StatusCode::OK);
    let many = vec![alone(Part::get("/api/notes/1")); rules().most_parts + 1];
    let answer = server.batch(&many).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.text().contains("send 20 at most"));
}

#[tokio::test]
async fn too_long_a_body_is_413() {
    let server = Server::new().with_limit(64);
    assert_eq!(server.send(&" ".repeat(65)).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(server.send(&format!("[]{}", " ".repeat(62))).await.status, StatusCode::OK);
}

#[tokio::test]
async fn nothing_at_all_is_a_batch() {
    let answer = Server::new().batch(&[]).await;
    assert_eq!((answer.status, answer.statuses()), (StatusCode::OK, vec![]));
}

#[tokio::test]
async fn a_batch_is_posted() {
    let server = Server::new();
    let answer = server.request(Method::GET, &[], "").await;
    assert_eq!(
        (answer.status, answer.headers[header::ALLOW].to_str().unwrap()),
        (StatusCode::METHOD_NOT_ALLOWED, "POST")
    );
    assert_eq!(answer.content_type(), "application/problem+json");
    assert!(answer.text().contains("/problems/method-not-allowed"));
}

/// A note through the routes that [`etag_axum::Api`] makes.
fn made(id: &str) -> Part {
    let put = Part::new("PUT", &format!("/made/notes/{id}")).header("If-None-Match", "*");
    put.json(&json!({"id": id, "text": "milk"}))
}

#[tokio::test]
async fn routes_that_are_made_happen_together_with_others() {
    let server = Server::new();
    let answer = server.batch(&[all([made("1"), note("2", 1)])]).await;
    assert_eq!(answer.statuses(), [201, 201]);
    assert_eq!(answer.parts()[0].header("etag"), server.tag("1").await);
    assert_eq!(server.batch(&[all([made("3"), made("1")])]).await.statuses(), [412]);
    assert_eq!(server.text("3").await, None);
    assert_eq!(server.batch(&[all([made("3"), note("1", 1)])]).await.statuses(), [409]);
    assert_eq!(server.text("3").await, None);
}

fn note(id: &str, length: usize) -> Part {
    Part::post("/api/notes").json(&json!({"id": id, "text": "x".repeat(length)})).id(id)
}

#[tokio::test]
async fn past_what_answers_may_have_the_rest_is_413_and_not_done() {
    let server = Server::new().with_room(1000);
    let steps = [alone(note("1", 10)), alone(note("2", 2000)), alone(note("3", 10)), alone(Part::get("/api/notes/2"))];
    let answer = server.batch(&steps).await;
    assert_eq!(answer.statuses(), [201, 201, 413, 413]);
    assert_eq!(answer.parts()[2].json()["type"], "/problems/body-too-large");
    let is_there =
        [server.text("1").await.is_some(), server.text("2").await.is_some(), server.text("3").await.is_some()];
    assert_eq!(is_there, [true, true, false]);
}

#[tokio::test]
async fn of_those_that_happen_together_none_is_done_where_there_is_no_room_to_tell_of_them() {
    let server = Server::new().with_room(1000);
    let answer = server.batch(&[alone(note("1", 2000)), all([note("2", 10), note("3", 10)])]).await;
    assert_eq!((answer.statuses(), server.text("2").await), (vec![201, 413], None));
    let read = || Part::get("/api/notes/1");
    let answer = server.batch(&[all([note("2", 10), read(), read(), note("3", 10)])]).await;
    assert_eq!((answer.statuses(), server.text("2").await), (vec![413], None));
    let answer = server.batch(&[all([note("2", 10), note("3", 10), read()])]).await;
    assert_eq!((answer.statuses(), server.text("2").await.is_some()), (vec![201, 201, 200], true));
}
