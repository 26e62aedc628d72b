//! Requests from pages of other origins (rule H5).

use axum::{Router, body::Body};
use etag_axum::{Api, Resource};
use etag_core::{MemoryStore, Versioned};
use http::{HeaderValue, Request, Response};
use serde::{Deserialize, Serialize};
use tower::ServiceExt as _;
use utoipa::ToSchema;

#[derive(Serialize, Deserialize, ToSchema, Versioned)]
#[versioned(collection = "tasks", validator = revision)]
struct Task {
    #[versioned(id)]
    id: String,
    title: String,
}

const ORIGIN: HeaderValue = HeaderValue::from_static("https://app.example");

fn app() -> Router {
    Api::new(MemoryStore::new()).resource(Resource::<Task>::new()).cors([ORIGIN]).router()
}

async fn options(headers: &[(&str, &str)]) -> Response<Body> {
    let start = Request::builder().method("OPTIONS").uri("/tasks/1").header("origin", ORIGIN);
    let request = headers.iter().fold(start, |request, (name, value)| request.header(*name, *value));
    app().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
}

#[tokio::test]
async fn a_page_may_read_what_a_plain_options_tells() {
    let answer = options(&[]).await;
    assert_eq!(answer.status(), 204);
    assert!(answer.headers()["allow"].to_str().unwrap().contains("PATCH"));
    assert_eq!(answer.headers()["access-control-allow-origin"], ORIGIN);
    assert!(answer.headers()["access-control-expose-headers"].to_str().unwrap().contains("accept-patch"));
}

#[tokio::test]
async fn a_preflight_is_answered_without_the_resource() {
    let asked = [("access-control-request-method", "PUT"), ("access-control-request-headers", "if-match")];
    let answer = options(&asked).await;
    assert_eq!(answer.headers().get("allow"), None);
    assert!(answer.headers()["access-control-allow-headers"].to_str().unwrap().contains("if-match"));
}
