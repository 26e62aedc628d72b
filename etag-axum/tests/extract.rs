//! Preconditions as extractors (rules H2, P4, H6).

use axum::body::{Body, to_bytes};
use axum::response::Response;
use axum::routing::{self, get};
use axum::{Extension, Router};
use etag_axum::{IfHeaders, IfMatch, IfNoneMatch};
use etag_core::{EntityTags, TagLimits};
use http::{HeaderValue, Method, Request};
use serde_json::{Value, json};
use tower::ServiceExt;

#[tokio::test]
async fn a_write_without_if_match_is_428() {
    let answer = send(&app(), put("/if-match", &[])).await;
    assert_eq!(answer.status(), 428);
    let problem = problem(answer).await;
    assert_eq!(problem["header"], "If-Match");
    assert_eq!(problem["status"], 428);
    assert_eq!(problem["detail"], "If-Match is missing; send the ETag of the state that you have seen");
}

#[tokio::test]
async fn an_optional_if_match_is_none_only_without_the_header() {
    let app = app();
    assert_eq!(text(send(&app, put("/optional-if-match", &[])).await).await, "None");
    assert_eq!(text(send(&app, put("/optional-if-match", &[("if-match", b"*")])).await).await, "Some(IfMatch(Any))");
    for malformed in [&b""[..], b"1", b"\"1", b"W/1", b",", b"\"1\" \"2\""] {
        let answer = send(&app, put("/optional-if-match", &[("if-match", malformed)])).await;
        assert_eq!(answer.status(), 400, "{malformed:?}");
    }
}

#[tokio::test]
async fn an_optional_if_none_match_is_none_only_without_the_header() {
    let app = app();
    assert_eq!(text(send(&app, put("/optional-if-none-match", &[])).await).await, "None");
    let answer = send(&app, put("/optional-if-none-match", &[("if-none-match", b"abc")])).await;
    assert_eq!(answer.status(), 400);
    assert_eq!(send(&app, put("/if-none-match", &[])).await.status(), 428);
}

#[tokio::test]
async fn a_malformed_field_is_named_with_its_line_and_byte() {
    let lines = [("if-match", &b"\"a,b\", W/\"\xFF\""[..]), ("if-match", b"\"c\", d")];
    for path in ["/if-match", "/if-headers"] {
        let answer = send(&app(), put(path, &lines)).await;
        assert_eq!(answer.headers()["content-type"], "application/problem+json");
        let problem = problem(answer).await;
        assert_eq!(problem["status"], 400);
        assert_eq!(
            (&problem["header"], &problem["line"], &problem["byte"]),
            (&json!("If-Match"), &json!(2), &json!(6))
        );
        let detail = problem["detail"].as_str().unwrap();
        assert!(detail.starts_with("If-Match, line 2, byte 6: expected a double quote"), "{detail}");
    }
}

#[tokio::test]
async fn all_lines_of_a_field_are_read() {
    let lines = [("if-match", &b"\"a,b\""[..]), ("if-match", b"\"\xFF\"")];
    assert_eq!(text(send(&app(), put("/if-match", &lines)).await).await, "2");
}

#[tokio::test]
async fn a_malformed_if_none_match_is_let_through_on_reads_only() {
    let malformed = [("if-none-match", &b"abc"[..])];
    for (method, status) in [(Method::GET, 200), (Method::HEAD, 200), (Method::PUT, 400), (Method::DELETE, 400)] {
        let answer = send(&app(), request(method.clone(), "/if-headers", &malformed)).await;
        assert_eq!(answer.status(), status, "{method}");
    }
    assert_eq!(text(send(&app(), request(Method::GET, "/if-headers", &malformed)).await).await, "not absent");
}

#[tokio::test]
async fn a_malformed_if_match_is_400_on_reads_too() {
    let answer = send(&app(), request(Method::GET, "/if-headers", &[("if-match", b"abc")])).await;
    assert_eq!(answer.status(), 400);
}

#[tokio::test]
async fn an_invalid_date_is_ignored() {
    let dates = [("if-unmodified-since", &b"yesterday"[..]), ("if-modified-since", b"tomorrow")];
    assert_eq!(text(send(&app(), put("/if-headers", &dates)).await).await, "absent");
}

#[tokio::test]
async fn a_field_past_a_limit_is_431() {
    let tags = vec!["\"1\""; 1001].join(",");
    let long = format!("\"{}\"", "a".repeat(64 * 1024));
    for line in [tags, long] {
        for path in ["/if-match", "/optional-if-match", "/if-headers"] {
            let answer = send(&app(), put(path, &[("if-match", line.as_bytes())])).await;
            assert_eq!(answer.status(), 431, "{path}");
            assert_eq!(problem(answer).await["header"], "If-Match");
        }
    }
}

#[tokio::test]
async fn an_extension_sets_other_limits() {
    let app = app().layer(Extension(TagLimits { tags: 1, ..TagLimits::default() }));
    for path in ["/if-match", "/if-headers"] {
        assert_eq!(send(&app, put(path, &[("if-match", b"\"1\"")])).await.status(), 200);
        assert_eq!(send(&app, put(path, &[("if-match", b"\"1\", \"2\"")])).await.status(), 431);
    }
}

fn app() -> Router {
    let if_headers =
        |IfHeaders(conditions): IfHeaders| async move { if conditions.is_empty() { "absent" } else { "not absent" } };
    let count = |IfMatch(tags): IfMatch| async move {
        match tags {
            EntityTags::Any => String::from("any"),
            EntityTags::List(tags) => tags.len().to_string(),
        }
    };
    Router::new()
        .route("/if-headers", get(if_headers).put(if_headers).delete(if_headers))
        .route("/if-match", get(count).put(count))
        .route("/if-none-match", get(|_: IfNoneMatch| async {}).put(|_: IfNoneMatch| async {}))
        .route("/optional-if-match", routing::put(|tags: Option<IfMatch>| async move { format!("{tags:?}") }))
        .route("/optional-if-none-match", routing::put(|tags: Option<IfNoneMatch>| async move { format!("{tags:?}") }))
}

fn put(path: &str, lines: &[(&'static str, &[u8])]) -> Request<Body> {
    request(Method::PUT, path, lines)
}

fn request(method: Method, path: &str, lines: &[(&'static str, &[u8])]) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path).body(Body::empty()).unwrap();
    for (name, line) in lines {
        request.headers_mut().append(*name, HeaderValue::from_bytes(line).unwrap());
    }
    request
}

async fn send(app: &Router, request: Request<Body>) -> Response {
    app.clone().oneshot(request).await.unwrap()
}

async fn problem(answer: Response) -> Value {
    serde_json::from_str(&text(answer).await).unwrap()
}

async fn text(answer: Response) -> String {
    String::from_utf8(to_bytes(answer.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap()
}
