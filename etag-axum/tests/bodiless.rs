//! A 304 and a 204 have no body, and say nothing of one (RFC 9110 §6.4.1, §8.6).

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use axum::{Router, body::HttpBody as _, routing::get};
use etag_axum::{Api, CodingTagLayer, ConditionalLayer, CorsLayer, IfHeaders, Resource, Tagged};
use etag_core::{ETag, Expectation, MemoryStore, MethodKind, StoreExt as _, Versioned};
use http::Request;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;
use tower::ServiceExt as _;
use tower_http::{compression::CompressionLayer, cors::Any};
use utoipa::ToSchema;

#[derive(Serialize, Deserialize, ToSchema, Versioned)]
#[versioned(collection = "tasks", validator = revision)]
struct Task {
    #[versioned(id)]
    id: String,
    title: String,
}

/// Whatever here can answer 304, each on a path of its own.
const PATHS: [&str; 5] = ["/tasks/1", "/tasks", "/openapi.json", "/layered", "/tagged"];

async fn app() -> Router {
    let store = MemoryStore::new();
    let task = Task { id: "1".to_owned(), title: "Rest".to_owned() };
    store.put(&task, Expectation::Absent).await.unwrap();
    Api::new(store).resource(Resource::<Task>::new()).router().merge(by_hand())
}

fn by_hand() -> Router {
    let tagged = |IfHeaders(conditions): IfHeaders| async move {
        Tagged::new(ETag::strong("1").unwrap(), "tagged").respond(&conditions, MethodKind::Read)
    };
    let layered = get(|| async { ([("etag", "\"1\"")], "layered") }).layer(ConditionalLayer::new());
    Router::new().route("/tagged", get(tagged)).route("/layered", layered)
}

fn request(method: &str, path: &str) -> Request<axum::body::Body> {
    let start = Request::builder().method(method).uri(path).header("accept-encoding", "gzip");
    start.header("if-none-match", "*").body(axum::body::Body::empty()).unwrap()
}

#[tokio::test]
async fn a_304_tells_no_length() {
    let app = app().await.layer(CorsLayer::new(Any));
    for path in PATHS {
        for method in ["GET", "HEAD"] {
            let answer = app.clone().oneshot(request(method, path)).await.unwrap();
            assert_eq!(answer.status(), 304, "{method} {path}");
            assert_eq!(answer.headers().get("content-length"), None, "{method} {path}");
            assert!(answer.body().is_end_stream(), "{method} {path}: HTTP/2 would send a frame");
        }
    }
}

#[tokio::test]
async fn nothing_is_not_compressed() {
    let compression = CompressionLayer::new();
    let app = app().await.layer(compression.clone()).layer(CodingTagLayer::of(&compression));
    let reads = PATHS.iter().flat_map(|path| [("GET", *path, 304), ("HEAD", *path, 304)]);
    for (method, path, status) in reads.chain([("OPTIONS", "/tasks", 204)]) {
        let answer = app.clone().oneshot(request(method, path)).await.unwrap();
        assert_eq!(answer.status(), status, "{method} {path}");
        for header in ["content-length", "content-encoding"] {
            assert_eq!(answer.headers().get(header), None, "{method} {path}");
        }
        assert!(answer.body().is_end_stream(), "{method} {path}: HTTP/2 would send a frame");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_kept_open_after_a_304() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(axum::serve(listener, app().await).into_future());
    tokio::task::spawn_blocking(move || exchange(address)).await.unwrap();
}

/// All on one connection: bytes left over from one answer would be taken for the head of the next.
fn exchange(address: SocketAddr) {
    let mut connection = BufReader::new(TcpStream::connect(address).unwrap());
    connection.get_ref().set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    for path in PATHS {
        for method in ["GET", "HEAD"] {
            let head = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: *\r\n\r\n");
            connection.get_mut().write_all(head.as_bytes()).unwrap();
            let head = read_head(&mut connection);
            assert!(head.starts_with("HTTP/1.1 304 Not Modified\r\n"), "{method} {path}: {head}");
            for header in ["content-length", "transfer-encoding", "connection: close"] {
                assert!(!head.contains(header), "{method} {path}: {head}");
            }
        }
    }
}

fn read_head(connection: &mut BufReader<TcpStream>) -> String {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert_ne!(connection.read_line(&mut head).unwrap(), 0, "the connection ended: {head}");
    }
    head
}
