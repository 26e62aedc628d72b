//! Refusals, in the standard's form and in another one.

use axum::{
    Router,
    routing::{any, get},
};
use etag_axum::Refused;
use etag_core::{
    Dialect, ErrorBody, ErrorContext, ErrorEnvelope, ErrorFormat, Refusal, RefusalKind, TagMember, TagPlacement,
    TagText,
};
use http::{Request, StatusCode, header};
use serde_json::{Value, json};

use crate::server::{Answer, Server};

#[derive(Debug)]
struct Told;

impl ErrorFormat for Told {
    fn echoed_headers(&self) -> &'static [&'static str] {
        &["x-request"]
    }

    fn write(&self, refusal: &Refusal, context: &ErrorContext<'_>) -> ErrorBody {
        let kind = format!("{:?}", refusal.kind);
        let body = json!({ "kind": kind, "status": context.status, "echo": (context.header)("x-request") });
        ErrorBody { content_type: "application/vnd.told+json".into(), body: body.to_string().into() }
    }

    fn read(&self, _status: u16, _body: &[u8]) -> Option<RefusalKind> {
        None
    }
}

const TOLD: Dialect = Dialect { error_envelope: ErrorEnvelope::Own(&Told), ..Dialect::RFC_9110 };

/// Asserts a problem (RFC 9457).
#[track_caller]
fn expect_problem(answer: &Answer, status: u16, kind: &str) {
    assert_eq!(answer.header(header::CONTENT_TYPE), Some("application/problem+json"));
    let problem = answer.json();
    assert_eq!((answer.status.as_u16(), &problem["status"], &problem["type"]), (status, &json!(status), &json!(kind)));
}

#[track_caller]
fn expect_told(answer: &Answer, status: u16, kind: &str) {
    assert_eq!(answer.header(header::CONTENT_TYPE), Some("application/vnd.told+json"));
    assert_eq!(answer.status.as_u16(), status);
    assert_eq!(answer.json(), json!({ "kind": kind, "status": status, "echo": "7" }));
}

fn echoed(request: http::request::Builder) -> http::request::Builder {
    request.header("x-request", "7")
}

#[tokio::test]
async fn refusals_are_problems_in_the_standard() {
    let server = Server::new(Dialect::RFC_9110);
    expect_problem(&server.get("/notes/1").await, 404, "/problems/not-found");
    server.fill().await;
    let stale = Request::delete("/notes/1").header("if-match", "\"x\"");
    expect_problem(&server.send(stale, &Value::Null).await, 412, "/problems/condition-failed");
    let missing = server.send(Request::delete("/notes/1"), &Value::Null).await;
    expect_problem(&missing, 428, "/problems/condition-required");
}

#[tokio::test]
async fn unknown_paths_and_methods_are_problems() {
    let server = Server::new(Dialect::RFC_9110);
    expect_problem(&server.get("/nowhere").await, 404, "/problems/not-found");
    let answer = server.send(Request::delete("/notes"), &Value::Null).await;
    expect_problem(&answer, 405, "/problems/method-not-allowed");
    let allow = answer.header(header::ALLOW).unwrap();
    assert!(allow.contains("GET") && allow.contains("POST"), "{allow}");
}

#[tokio::test]
async fn a_405_of_a_handler_names_the_methods_that_it_has() {
    let dispatch = async || Refused::from(Refusal::method_not_allowed(&["GET", "PATCH"]));
    let server = Server::with(Dialect::RFC_9110, Router::new().route("/any", any(dispatch)));
    let answer = server.send(Request::put("/any"), &Value::Null).await;
    expect_problem(&answer, 405, "/problems/method-not-allowed");
    assert_eq!(answer.header(header::ALLOW), Some("GET, PATCH"));
}

#[tokio::test]
async fn conditions_past_the_limits_have_a_status_of_their_own() {
    let tags = "\"x\", ".repeat(10_000);
    let dialect = Dialect { malformed_status: 412, ..Dialect::RFC_9110 };
    for (dialect, expected) in [(dialect.clone(), 431), (Dialect { too_long_status: 400, ..dialect }, 400)] {
        let server = Server::new(dialect);
        server.fill().await;
        let write = Request::delete("/notes/1").header("if-match", &tags);
        expect_problem(&server.send(write, &Value::Null).await, expected, "/problems/condition-too-large");
        let read = Request::get("/notes/1").header("if-none-match", &tags);
        expect_problem(&server.send(read, &Value::Null).await, expected, "/problems/condition-too-large");
    }
}

#[tokio::test]
async fn an_id_that_is_taken_is_no_failed_condition() {
    let server = Server::new(Dialect::RFC_9110);
    let first = server.fill().await;
    let create = Request::post("/notes");
    let answer = server.send(create, &json!(first.value())).await;
    expect_problem(&answer, 409, "/problems/already-exists");
}

#[tokio::test]
async fn lines_of_a_field_are_echoed_as_one() {
    let server = Server::new(TOLD);
    let request = Request::get("/nowhere").header("x-request", "7").header("x-request", "8");
    assert_eq!(server.send(request, &Value::Null).await.json()["echo"], "7, 8");
}

#[tokio::test]
async fn what_extractors_refuse_is_told_in_the_dialect() {
    let server = Server::new(Dialect::RFC_9110);
    expect_problem(&server.get("/notes/one").await, 400, "/problems/invalid");
    let server = Server::new(TOLD);
    expect_told(&server.send(echoed(Request::get("/notes/one")), &Value::Null).await, 400, "Invalid");
}

#[tokio::test]
async fn another_form_tells_all_refusals_with_what_it_echoes() {
    let server = Server::new(TOLD);
    expect_told(&server.send(echoed(Request::get("/nowhere")), &Value::Null).await, 404, "NotFound");
    let answer = server.send(echoed(Request::delete("/notes")), &Value::Null).await;
    expect_told(&answer, 405, "MethodNotAllowed");
    assert!(answer.header(header::ALLOW).is_some());
    server.fill().await;
    let stale = echoed(Request::delete("/notes/1").header("if-match", "\"x\""));
    expect_told(&server.send(stale, &Value::Null).await, 412, "Stale");
}

#[tokio::test]
async fn a_body_of_another_type_or_shape_is_told() {
    let server = Server::new(TOLD);
    server.fill().await;
    let edit = || echoed(Request::patch("/notes/1").header("if-match", "*"));
    expect_told(&server.send(edit(), &json!({ "text": 7 })).await, 400, "Invalid");
    let create = || echoed(Request::post("/notes"));
    for list in [json!([1, "milk", ""]), json!([])] {
        expect_told(&server.send(create(), &list).await, 400, "Invalid");
    }
    let xml = edit().header("content-type", "text/xml");
    expect_told(&server.send(xml, &json!("<text/>")).await, 415, "UnsupportedMediaType");
    let long = json!({ "text": "x".repeat(3 << 20) });
    expect_told(&server.send(edit(), &long).await, 413, "TooLarge");
}

#[tokio::test]
async fn a_body_may_be_of_any_type_that_is_json_and_of_none() {
    let server = Server::new(Dialect::RFC_9110);
    server.fill().await;
    for media_type in ["application/json; charset=utf-8", "Application/JSON", "application/merge-patch+json"] {
        let edit = Request::patch("/notes/1").header("if-match", "*").header("content-type", media_type);
        assert_eq!(server.send(edit, &json!({ "text": "tea" })).await.status, StatusCode::OK, "{media_type}");
    }
    assert_eq!(server.edit(&[("if-match", "*")]).await, StatusCode::OK);
}

#[tokio::test]
async fn a_refusal_has_the_status_that_it_names_and_says_when_to_come_again() {
    let later = async || Refused::from(RefusalKind::Unavailable);
    let teapot = async || Refused::from(Refusal::new(RefusalKind::Invalid).with_status(418).saying("short and stout"));
    let mut in_a_minute = Refusal::new(RefusalKind::Unavailable);
    in_a_minute.retry_after = Some(std::time::Duration::from_secs(60));
    let in_a_minute = async move || Refused::from(in_a_minute);
    let routes = Router::new().route("/later", get(later)).route("/teapot", get(teapot));
    let server = Server::with(Dialect::RFC_9110, routes.route("/minute", get(in_a_minute)));
    let answer = server.get("/later").await;
    assert_eq!((answer.status.as_u16(), answer.header(header::RETRY_AFTER)), (503, Some("1")));
    assert_eq!(server.get("/minute").await.header(header::RETRY_AFTER), Some("60"));
    let answer = server.get("/teapot").await;
    assert_eq!((answer.status.as_u16(), &answer.json()["detail"]), (418, &json!("short and stout")));
}

#[tokio::test]
async fn a_representation_that_can_take_no_tag_is_500_and_tells_nothing() {
    async fn list(exchange: etag_axum::Exchange) -> Result<axum::response::Response, Refused> {
        let note = exchange.get::<crate::server::Note>(&1).await?;
        exchange.answer(StatusCode::OK, &note, &["no", "object"])
    }
    let tag_placement = TagPlacement::Member(TagMember::new("etag", TagText::Quoted));
    let dialect = Dialect { tag_placement, ..Dialect::RFC_9110 };
    let server = Server::with(dialect, Router::new().route("/list", get(list)));
    server.fill().await;
    let answer = server.get("/list").await;
    expect_problem(&answer, 500, "/problems/internal");
    assert!(!String::from_utf8_lossy(&answer.body).contains("JSON object"));
}
