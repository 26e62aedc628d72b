//! A response that carries a tag and turns itself into 304 or 412 (rule H2, trap 11).

use std::collections::HashMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::body::to_bytes;
use axum::response::{IntoResponse, Response};
use axum::{Json, Router, routing::get};
use etag_axum::{IfHeaders, Tagged};
use etag_core::{ETag, EntityTags, LastModified, MethodKind, Preconditions, TagLimits};
use http::header::{
    CACHE_CONTROL, CONTENT_LANGUAGE, CONTENT_LOCATION, DATE, EXPIRES, HeaderMap, HeaderName, HeaderValue, VARY,
};
use http::{Request, StatusCode};
use serde_json::Value;
use tower::ServiceExt;

const MODIFIED: &str = "Sun, 06 Nov 1994 08:49:37 GMT";

#[tokio::test]
async fn a_value_is_sent_with_its_validators() {
    let answer = page(Json("tea")).into_response();
    assert_eq!(answer.status(), 200);
    assert_eq!(header(&answer, "etag"), "\"1\"");
    assert_eq!(header(&answer, "last-modified"), MODIFIED);
    assert_eq!(header(&answer, "content-type"), "application/json");
    assert_eq!(body(answer).await, "\"tea\"");
}

#[tokio::test]
async fn json_is_what_axum_makes_of_the_value() {
    let value = serde_json::json!({ "name": "tea", "steps": vec!["boil"; 1000] });
    let theirs = page(Json(&value)).into_response();
    let ours = Tagged::json(tag("\"1\""), &value).with_last_modified(LastModified::weak(modified())).into_response();
    assert_eq!((ours.status(), ours.headers()), (theirs.status(), theirs.headers()));
    assert_eq!(body(ours).await, body(theirs).await);
}

#[tokio::test]
async fn a_value_that_is_no_json_is_500_without_a_tag() {
    let answer = Tagged::json(tag("\"1\""), HashMap::from([([1], 2)])).into_response();
    assert_eq!((answer.status(), answer.headers().get("etag")), (StatusCode::INTERNAL_SERVER_ERROR, None));
    let problem: Value = serde_json::from_str(&body(answer).await).unwrap();
    assert_eq!(problem["type"], "/problems/internal");
}

#[tokio::test]
async fn a_304_keeps_what_caches_need_and_drops_what_describes_the_body() {
    let kept = [CACHE_CONTROL, VARY, CONTENT_LOCATION, DATE, EXPIRES];
    let all = kept.iter().chain([&CONTENT_LANGUAGE]);
    let page = all.fold(page("tea"), |page, name| page.with_header(name.clone(), HeaderValue::from_static("some")));
    let answer = page.respond(&seen("\"1\""), MethodKind::Read);
    assert_eq!(answer.status(), 304);
    let mut names: Vec<&HeaderName> = answer.headers().keys().collect();
    names.sort_by_key(|name| name.as_str());
    assert_eq!(names, ["cache-control", "content-location", "date", "etag", "expires", "vary"]);
    assert_eq!(header(&answer, "etag"), "\"1\"");
    assert_eq!(body(answer).await, "");
}

#[test]
fn no_body_is_made_for_304_and_412() {
    let untouched = || -> Json<u8> { panic!("nobody wants the body") };
    let read = page(untouched).respond_with(&seen("W/\"1\""), MethodKind::Read);
    assert_eq!(read.status(), 304);
    let write = page(untouched).respond_with(&Preconditions::none().with_if_match(tag("\"0\"")), MethodKind::Write);
    assert_eq!(write.status(), 412);
}

#[tokio::test]
async fn a_body_is_made_where_the_conditions_let_it_pass() {
    let answer = page(|| Json("tea")).respond_with(&seen("\"0\""), MethodKind::Read);
    assert_eq!((answer.status(), header(&answer, "etag")), (StatusCode::OK, "\"1\""));
    assert_eq!(body(answer).await, "\"tea\"");
}

#[tokio::test]
async fn a_412_names_the_header_and_carries_the_current_tag() {
    let conditions = [
        ("If-Match", Preconditions::none().with_if_match(tag("\"0\""))),
        ("If-None-Match", Preconditions::none().with_if_none_match(EntityTags::Any)),
        ("If-Unmodified-Since", Preconditions::none().with_if_unmodified_since(UNIX_EPOCH)),
    ];
    for (name, conditions) in conditions {
        let answer = page("tea").respond(&conditions, MethodKind::Write);
        assert_eq!((answer.status(), header(&answer, "etag")), (StatusCode::PRECONDITION_FAILED, "\"1\""));
        let problem: Value = serde_json::from_str(&body(answer).await).unwrap();
        assert_eq!((&problem["status"], &problem["header"]), (&Value::from(412), &Value::from(name)));
    }
}

#[test]
fn a_malformed_condition_is_400_on_writes_and_never_304_on_reads() {
    let headers = HeaderMap::from_iter([(http::header::IF_NONE_MATCH, HeaderValue::from_static("\"1"))]);
    let malformed = Preconditions::from_headers(&headers, &TagLimits::default());
    assert_eq!(page("tea").respond(&malformed, MethodKind::Write).status(), 400);
    assert_eq!(page("tea").respond(&malformed, MethodKind::Read).status(), 200);
}

#[test]
fn a_date_is_compared_where_no_tag_is_given() {
    let since = |date| Preconditions::none().with_if_modified_since(date);
    assert_eq!(page("tea").respond(&since(modified()), MethodKind::Read).status(), 304);
    let before = modified() - Duration::from_secs(1);
    assert_eq!(page("tea").respond(&since(before), MethodKind::Read).status(), 200);
    let both = since(modified()).with_if_none_match(tag("\"0\""));
    assert_eq!(page("tea").respond(&both, MethodKind::Read).status(), 200);
}

#[test]
fn an_error_does_not_carry_the_tag_of_the_state() {
    let answer = page(StatusCode::BAD_GATEWAY).into_response();
    assert_eq!(answer.status(), 502);
    assert!(answer.headers().get("etag").is_none());
}

#[tokio::test]
async fn it_serves_a_handler_with_the_extractor() {
    let handler = |IfHeaders(conditions): IfHeaders| async move { page("tea").respond(&conditions, MethodKind::Read) };
    let app: Router = Router::new().route("/", get(handler));
    for (presented, status) in [("\"0\"", 200), ("\"0\", W/\"1\"", 304), ("*", 304), ("1", 200)] {
        let request = Request::get("/").header("if-none-match", presented).body(axum::body::Body::empty()).unwrap();
        assert_eq!(app.clone().oneshot(request).await.unwrap().status(), status, "{presented}");
    }
}

fn page<T>(value: T) -> Tagged<T> {
    Tagged::new(tag("\"1\""), value).with_last_modified(LastModified::weak(modified()))
}

fn modified() -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(784_111_777_900)
}

fn tag(wire: &str) -> ETag {
    wire.parse().unwrap()
}

fn seen(wire: &str) -> Preconditions {
    Preconditions::none().with_if_none_match(tag(wire))
}

fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer.headers()[name].to_str().unwrap()
}

async fn body(answer: Response) -> String {
    String::from_utf8(to_bytes(answer.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap()
}
