//! One page with a version number, read and replaced under preconditions.

use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use axum::{Router, routing::get};
use etag_axum::{CodingTagLayer, IfHeaders, Tagged};
use etag_core::{ETag, MethodKind, Preconditions};
use http::{HeaderMap, Method, Request, StatusCode};
use tower::ServiceExt;
use tower_http::compression::CompressionLayer;

type Version = Arc<Mutex<u32>>;

pub(crate) fn app() -> Router {
    let compression = CompressionLayer::new();
    Router::new()
        .route("/", get(read).put(replace))
        .with_state(Version::default())
        .layer(compression.clone())
        .layer(CodingTagLayer::of(&compression))
}

async fn read(State(version): State<Version>, IfHeaders(conditions): IfHeaders) -> Response {
    page(*version.lock().unwrap()).respond(&conditions, MethodKind::Read)
}

async fn replace(State(version): State<Version>, IfHeaders(conditions): IfHeaders) -> Response {
    let mut version = version.lock().unwrap();
    if let Some(refused) = page(*version).instead(&conditions, MethodKind::Write) {
        return refused;
    }
    *version += 1;
    page(*version).respond(&Preconditions::none(), MethodKind::Write)
}

fn page(version: u32) -> Tagged<String> {
    Tagged::new(ETag::strong(version.to_string()).unwrap(), format!("{version} ").repeat(100))
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
}

impl Answer {
    pub(crate) fn tag(&self) -> String {
        self.all("etag").concat()
    }

    pub(crate) fn all(&self, name: &str) -> Vec<String> {
        self.headers.get_all(name).into_iter().map(|line| line.to_str().unwrap().to_owned()).collect()
    }
}

pub(crate) async fn send(app: &Router, method: Method, headers: &[(&str, &str)]) -> Answer {
    let start = Request::builder().method(method).uri("/");
    let request = headers.iter().fold(start, |request, (name, line)| request.header(*name, *line));
    send_to(app, request.body(Body::empty()).unwrap()).await
}

pub(crate) async fn send_to(app: &Router, request: Request<Body>) -> Answer {
    let response = app.clone().oneshot(request).await.unwrap();
    Answer { status: response.status(), headers: response.headers().clone() }
}
