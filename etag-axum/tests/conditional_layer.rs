//! 304 for handlers that know nothing of it (rule H2, traps 5, 9 and 11).

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::body::{Body, to_bytes};
use axum::response::Response;
use axum::{Json, Router, routing::get};
use etag_axum::{CodingTagLayer, ConditionalLayer};
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode};
use http_body_util::{Full, Limited};
use tower::ServiceExt;
use tower_http::compression::CompressionLayer;

const OLD: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
const NEW: &str = "Mon, 07 Nov 1994 08:49:37 GMT";

#[tokio::test]
async fn a_known_tag_is_304_without_a_body() {
    let app = serving(&[("etag", "\"1\""), ("cache-control", "no-cache"), ("vary", "accept"), ("set-cookie", "a=b")]);
    for presented in ["\"1\"", "W/\"1\"", "\"0\",, \"1\"", "\"0,\", \"1\"", "\"\u{ff}\", \"1\"", "*"] {
        let answer = read(&app, &[("if-none-match", presented)]).await;
        assert_eq!(answer.status(), 304, "{presented}");
        let kept = ["etag", "cache-control", "vary", "set-cookie"].map(|name| header(&answer, name));
        assert_eq!(kept, ["\"1\"", "no-cache", "accept", "a=b"]);
        assert!(answer.headers().get("content-type").is_none());
        assert_eq!(body(answer).await, "");
    }
}

#[tokio::test]
async fn another_or_malformed_tag_is_200() {
    let app = serving(&[("etag", "\"1\""), ("last-modified", OLD)]);
    for presented in ["\"0\"", "1", "\"1", "\"1\" \"2\"", "w/\"1\"", "", "*, \"1\""] {
        let answer = read(&app, &[("if-none-match", presented), ("if-modified-since", NEW)]).await;
        assert_eq!((answer.status(), header(&answer, "etag")), (StatusCode::OK, "\"1\""), "{presented}");
        assert_eq!(body(answer).await, "hello");
    }
}

#[tokio::test]
async fn repeated_lines_are_one_list() {
    let app = serving(&[("etag", "\"2\"")]);
    assert_eq!(read(&app, &[("if-none-match", "\"1\""), ("if-none-match", "\"2\"")]).await.status(), 304);
}

#[tokio::test]
async fn a_handlers_malformed_validator_never_makes_a_304() {
    let malformed: [&[(&str, &str)]; 3] =
        [&[("etag", "1")], &[("etag", "\"1\""), ("etag", "\"2\"")], &[("last-modified", "long ago")]];
    for validators in malformed {
        let app = serving(validators);
        for asked in [("if-none-match", "\"1\", \"2\""), ("if-modified-since", NEW)] {
            assert_eq!(read(&app, &[asked]).await.status(), 200, "{validators:?} {asked:?}");
        }
    }
}

#[tokio::test]
async fn a_date_is_compared_only_without_a_tag() {
    let app = serving(&[("etag", "\"1\""), ("last-modified", OLD)]);
    assert_eq!(read(&app, &[("if-modified-since", OLD)]).await.status(), 304);
    assert_eq!(read(&app, &[("if-modified-since", "yesterday")]).await.status(), 200);
    assert_eq!(read(&app, &[("if-modified-since", OLD), ("if-none-match", "\"0\"")]).await.status(), 200);
    let newer = serving(&[("last-modified", NEW)]);
    assert_eq!(read(&newer, &[("if-modified-since", OLD)]).await.status(), 200);
}

#[tokio::test]
async fn last_modified_is_kept_where_it_is_the_only_validator() {
    let answer = read(&serving(&[("last-modified", OLD)]), &[("if-modified-since", OLD)]).await;
    assert_eq!((answer.status(), header(&answer, "last-modified")), (StatusCode::NOT_MODIFIED, OLD));
    let both = serving(&[("last-modified", OLD), ("etag", "\"1\"")]);
    assert!(read(&both, &[("if-none-match", "\"1\"")]).await.headers().get("last-modified").is_none());
}

#[tokio::test]
async fn head_is_304_as_get_is() {
    let app = serving(&[("etag", "\"1\"")]);
    assert_eq!(send(&app, Method::HEAD, &[("if-none-match", "\"1\"")]).await.status(), 304);
}

#[tokio::test]
async fn only_successful_reads_become_304() {
    for status in [StatusCode::NOT_FOUND, StatusCode::CREATED, StatusCode::INTERNAL_SERVER_ERROR] {
        let handler = move || async move { (status, [("etag", "\"1\"")]) };
        let app: Router = Router::new().route("/", get(handler)).layer(ConditionalLayer::new().hash_bodies_up_to(100));
        assert_eq!(read(&app, &[("if-none-match", "*")]).await.status(), status);
    }
}

#[tokio::test]
async fn writes_pass_untouched() {
    let writes = Arc::new(AtomicU32::new(0));
    let count = writes.clone();
    let handler = move || async move { ([("etag", "\"1\"")], count.fetch_add(1, Ordering::Relaxed).to_string()) };
    let layer = ConditionalLayer::new().hash_bodies_up_to(100);
    let app: Router = Router::new().route("/", get(()).put(handler.clone()).post(handler)).layer(layer);
    for (sent, method) in [Method::PUT, Method::POST].into_iter().enumerate() {
        let answer = send(&app, method, &[("if-none-match", "\"1\"")]).await;
        assert_eq!(answer.status(), 200);
        assert_eq!(body(answer).await, sent.to_string());
    }
    assert_eq!(writes.load(Ordering::Relaxed), 2);
}

#[tokio::test]
async fn without_hashing_nothing_is_tagged() {
    assert!(read(&serving(&[]), &[]).await.headers().get("etag").is_none());
}

#[tokio::test]
async fn a_hashed_body_has_one_tag_for_get_and_head() {
    let app = hashing(|| async { "hello" });
    let answer = read(&app, &[]).await;
    let tag = header(&answer, "etag").to_owned();
    assert!(tag.starts_with("\"b.") && tag.len() == 26, "{tag}");
    assert_eq!(body(answer).await, "hello");
    assert_eq!(header(&send(&app, Method::HEAD, &[]).await, "etag"), tag);
    assert_eq!(read(&app, &[("if-none-match", &tag)]).await.status(), 304);
}

#[tokio::test]
async fn the_hash_is_of_body_and_media_type() {
    let apps = [
        hashing(|| async { "1" }),
        hashing(|| async { "2" }),
        hashing(|| async { Json(1) }),
        hashing(|| async { ([("content-language", "en")], "1") }),
    ];
    let mut tags = Vec::new();
    for app in &apps {
        tags.push(header(&read(app, &[]).await, "etag").to_owned());
    }
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), apps.len());
}

#[tokio::test]
async fn the_handlers_own_tag_is_not_replaced() {
    let app = hashing(|| async { ([("etag", "W/\"1\"")], "hello") });
    assert_eq!(header(&read(&app, &[]).await, "etag"), "W/\"1\"");
}

#[tokio::test]
async fn what_is_too_long_streamed_or_empty_passes_untagged() {
    let chunks = || futures_util::stream::iter([Ok::<_, std::io::Error>("hello")]);
    let stream = move || async move { Body::from_stream(chunks()) };
    let apps = [
        (hashing(|| async { "a".repeat(100) }), Some(100)),
        (hashing(|| async { "a".repeat(101) }), None),
        (hashing(stream), None),
        (hashing(|| async {}), None),
    ];
    for (number, (app, tagged)) in apps.into_iter().enumerate() {
        let answer = read(&app, &[]).await;
        assert_eq!(answer.headers().contains_key("etag"), tagged.is_some(), "{number}");
        let sizes = [100, 101, 5, 0];
        assert_eq!(body(answer).await.len(), sizes[number]);
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_while_it_is_hashed_is_500() {
    let broken = || async { Body::new(Limited::new(Full::from("hello"), 4)) };
    let answer = read(&hashing(broken), &[]).await;
    assert_eq!(
        (answer.status(), header(&answer, "content-type")),
        (StatusCode::INTERNAL_SERVER_ERROR, "application/problem+json")
    );
}

#[tokio::test]
async fn it_stands_inside_of_compression() {
    let compression = CompressionLayer::new();
    let app =
        hashing(|| async { "hello ".repeat(10) }).layer(compression.clone()).layer(CodingTagLayer::of(&compression));
    let gzip = ("accept-encoding", "gzip");
    let tag = header(&read(&app, &[gzip]).await, "etag").to_owned();
    assert!(tag.ends_with("~gzip\""), "{tag}");
    let again = read(&app, &[gzip, ("if-none-match", &tag)]).await;
    assert_eq!((again.status(), header(&again, "etag")), (StatusCode::NOT_MODIFIED, tag.as_str()));
    assert_eq!(header(&again, "vary"), "accept-encoding");
    assert_eq!(read(&app, &[("if-none-match", &tag)]).await.status(), 200);
}

/// An app whose handler sends these headers.
fn serving(headers: &[(&'static str, &'static str)]) -> Router {
    let mut sent = HeaderMap::new();
    for (name, value) in headers {
        sent.append(*name, HeaderValue::from_static(value));
    }
    Router::new().route("/", get(move || async move { (sent, "hello") })).layer(ConditionalLayer::new())
}

fn hashing<H, T>(handler: H) -> Router
where
    H: axum::handler::Handler<T, ()>,
    T: 'static,
{
    Router::new().route("/", get(handler)).layer(ConditionalLayer::new().hash_bodies_up_to(100))
}

async fn read(app: &Router, headers: &[(&'static str, &str)]) -> Response {
    send(app, Method::GET, headers).await
}

async fn send(app: &Router, method: Method, headers: &[(&'static str, &str)]) -> Response {
    let mut request = Request::new(Body::empty());
    *request.method_mut() = method;
    for (name, value) in headers {
        request.headers_mut().append(*name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
    }
    app.clone().oneshot(request).await.unwrap()
}

fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer.headers()[name].to_str().unwrap()
}

async fn body(answer: Response) -> String {
    String::from_utf8(to_bytes(answer.into_body(), usize::MAX).await.unwrap().to_vec()).unwrap()
}
