//! A whole API behind compression (rule T7): what clients are handed in any coding is what they may send back.

use axum::{Router, body::Body};
use bytes::Bytes;
use etag_axum::{Api, CodingTagLayer, Resource};
use etag_core::{MemoryStore, Versioned};
use http::{HeaderMap, Request};
use http_body_util::BodyExt as _;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tower::ServiceExt as _;
use tower_http::compression::CompressionLayer;
use utoipa::ToSchema;

#[derive(Serialize, Deserialize, ToSchema, Versioned)]
#[versioned(collection = "notes", validator = revision)]
struct Note {
    #[versioned(id)]
    id: String,
    text: String,
}

const NOTE: &str = "/notes/1";
const LIST: &str = "/notes";
const CODINGS: [&str; 2] = ["gzip", "br"];

struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn tag(&self) -> String {
        self.header("etag").to_owned()
    }

    fn status_and_tag(&self) -> (u16, &str) {
        (self.status, self.header("etag"))
    }
}

/// Notes with one of them, long enough to be compressed.
async fn notes() -> Router {
    let compression = CompressionLayer::new();
    let api = Api::new(MemoryStore::new()).resource(Resource::<Note>::new()).router();
    let app = api.layer(compression.clone()).layer(CodingTagLayer::of(&compression));
    assert_eq!(change(&app, "identity", &[("if-none-match", "*")]).await.status, 201);
    app
}

async fn send(app: &Router, line: &str, coding: &str, headers: &[(&str, &str)], body: Body) -> Answer {
    let (method, path) = line.split_once(' ').unwrap();
    let start = Request::builder().method(method).uri(path).header("accept-encoding", coding);
    let request = headers.iter().fold(start, |request, (name, value)| request.header(*name, *value));
    let (parts, body) = app.clone().oneshot(request.body(body).unwrap()).await.unwrap().into_parts();
    Answer { status: parts.status.as_u16(), headers: parts.headers, body: body.collect().await.unwrap().to_bytes() }
}

async fn get(app: &Router, path: &str, coding: &str) -> Answer {
    send(app, &format!("GET {path}"), coding, &[], Body::empty()).await
}

async fn revalidate(app: &Router, path: &str, coding: &str, tag: &str) -> Answer {
    send(app, &format!("GET {path}"), coding, &[("if-none-match", tag)], Body::empty()).await
}

/// Sends a text that was never there before.
async fn write(app: &Router, method: &str, kind: &str, coding: &str, headers: &[(&str, &str)]) -> Answer {
    let text = format!("{} ", uuid::Uuid::new_v4()).repeat(20);
    let headers = [&[("content-type", kind)], headers].concat();
    send(app, &format!("{method} {NOTE}"), coding, &headers, Body::from(json!({ "text": text }).to_string())).await
}

async fn change(app: &Router, coding: &str, headers: &[(&str, &str)]) -> Answer {
    write(app, "PUT", "application/json", coding, headers).await
}

async fn change_in_any_case(app: &Router) {
    assert_eq!(change(app, "identity", &[("if-match", "*")]).await.status, 200);
}

#[tokio::test]
async fn what_is_compressed_has_a_suffix_in_its_tag_and_says_vary() {
    let app = notes().await;
    for path in [NOTE, LIST] {
        for coding in CODINGS {
            let read = get(&app, path, coding).await;
            assert_eq!((read.status, read.header("content-encoding")), (200, coding), "{path}");
            assert!(read.tag().ends_with(&format!("~{coding}\"")), "{path} {}", read.tag());
            assert_eq!(read.header("vary"), "accept-encoding", "{path} {coding}");
        }
    }
}

#[tokio::test]
async fn no_two_codings_share_a_strong_tag() {
    let app = notes().await;
    for path in [NOTE, LIST] {
        let mut tags = Vec::new();
        for coding in ["identity", "gzip", "br"] {
            let read = get(&app, path, coding).await;
            assert!(read.tag().starts_with('"'), "{path} {coding} {}", read.tag());
            assert!(!tags.contains(&read.tag()), "{path} {coding} {tags:?}");
            tags.push(read.tag());
        }
    }
}

#[tokio::test]
async fn a_tag_of_a_coding_is_304_with_itself_until_the_state_changes() {
    let app = notes().await;
    for path in [NOTE, LIST] {
        for coding in CODINGS {
            let held = get(&app, path, coding).await.tag();
            let known = revalidate(&app, path, coding, &held).await;
            assert_eq!(known.status_and_tag(), (304, held.as_str()), "{path}");
            assert_eq!((known.header("vary"), known.body.len()), ("accept-encoding", 0), "{path} {coding}");

            change_in_any_case(&app).await;
            let changed = revalidate(&app, path, coding, &held).await;
            assert_eq!(changed.status_and_tag(), (200, get(&app, path, coding).await.header("etag")), "{path}");
            assert_ne!(changed.tag(), held, "{path}");
        }
    }
}

#[tokio::test]
async fn a_tag_of_one_coding_is_no_304_for_another() {
    let app = notes().await;
    for path in [NOTE, LIST] {
        let held = get(&app, path, "gzip").await.tag();
        for coding in ["identity", "br"] {
            assert_eq!(revalidate(&app, path, coding, &held).await.status, 200, "{path} {coding}");
        }
    }
}

#[tokio::test]
async fn every_kind_of_write_takes_the_tag_of_any_coding_once() {
    for coding in CODINGS {
        for (method, kind, done) in [
            ("PUT", "application/json", 200),
            ("PATCH", "application/merge-patch+json", 200),
            ("DELETE", "application/json", 204),
        ] {
            let app = notes().await;
            let held = get(&app, NOTE, coding).await.tag();
            assert!(held.ends_with(&format!("~{coding}\"")), "{held}");
            let guard = [("if-match", held.as_str())];
            assert_eq!(write(&app, method, kind, coding, &guard).await.status, done, "{method} {held}");

            let again = write(&app, method, kind, coding, &guard).await;
            assert_eq!(again.status, if method == "DELETE" { 404 } else { 412 }, "{method} {held}");
        }
    }
}

#[tokio::test]
async fn a_stale_tag_of_a_coding_is_412_with_the_tag_that_is_current() {
    for (method, kind) in
        [("PUT", "application/json"), ("PATCH", "application/merge-patch+json"), ("DELETE", "application/json")]
    {
        let app = notes().await;
        let held = get(&app, NOTE, "gzip").await.tag();
        change_in_any_case(&app).await;
        let current = get(&app, NOTE, "identity").await.tag();
        for coding in ["identity", "gzip"] {
            let refused = write(&app, method, kind, coding, &[("if-match", &held)]).await;
            assert_eq!(refused.status, 412, "{method}");
            let of_a_coding = format!("{}~gzip\"", current.trim_end_matches('"'));
            let expected = if refused.header("content-encoding") == "gzip" { &of_a_coding } else { &current };
            assert_eq!(refused.tag(), *expected, "{method} {coding}");
        }
        let refused = write(&app, method, kind, "gzip", &[("if-match", &held)]).await;
        let retried = write(&app, method, kind, "gzip", &[("if-match", &refused.tag())]).await;
        assert!(matches!(retried.status, 200 | 204), "{method} {}", retried.status);
    }
}

#[tokio::test]
async fn the_tag_of_a_compressed_write_is_good_for_the_next_one_and_for_reads() {
    let app = notes().await;
    let first = change(&app, "gzip", &[("if-match", "*")]).await;
    assert!(first.tag().ends_with("~gzip\""), "{}", first.tag());
    assert_eq!(revalidate(&app, NOTE, "gzip", &first.tag()).await.status, 304);
    assert_eq!(change(&app, "br", &[("if-match", &first.tag())]).await.status, 200);
}

#[tokio::test]
async fn the_tags_within_a_page_name_states_and_not_codings() {
    let app = notes().await;
    let page: Value = serde_json::from_slice(&get(&app, LIST, "identity").await.body).unwrap();
    let item = page["items"][0]["etag"].as_str().unwrap();
    assert_eq!(item, get(&app, NOTE, "identity").await.tag());
    assert_eq!(change(&app, "gzip", &[("if-match", item)]).await.status, 200);
}
