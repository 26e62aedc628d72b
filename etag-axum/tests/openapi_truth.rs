//! What `/openapi.json` says of an answer is what the answer is.

use axum::{Router, body::Body};
use bytes::Bytes;
use etag_axum::{Api, Denied, Principal, Resource};
use etag_core::{MemoryStore, Versioned};
use http::{HeaderValue, Request, response::Parts};
use http_body_util::BodyExt as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tower::ServiceExt as _;
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Serialize, Deserialize, ToSchema, Versioned)]
#[versioned(collection = "tasks", validator = revision)]
struct Task {
    #[versioned(id)]
    id: Uuid,
    title: String,
}

const ITEM: &str = "/tasks/018f4e5c-7d6e-7c3a-9a53-6f5d2b1c0a99";
const GONE: &str = "/tasks/018f4e5c-7d6e-7c3a-9a53-6f5d2b1c0a00";
const MILK: &str = r#"{"title":"milk"}"#;

/// A method, a path, headers, a body, and the status that answers them.
type Case = (&'static str, &'static str, &'static [(&'static str, &'static str)], &'static str, u16);

const JSON: (&str, &str) = ("content-type", "application/json");
const MERGE: (&str, &str) = ("content-type", "application/merge-patch+json");
const GZIP: (&str, &str) = ("content-encoding", "gzip");
const ANY: (&str, &str) = ("if-match", "*");
const STALE: (&str, &str) = ("if-match", "\"x\"");
const FULL: (&str, &str) = ("prefer", "return=representation");
const MINIMAL: (&str, &str) = ("prefer", "return=minimal");
const KEY: (&str, &str) = ("idempotency-key", "k");

/// Done in this order.
const CASES: &[Case] = &[
    ("PUT", ITEM, &[JSON], MILK, 201),
    ("PUT", ITEM, &[JSON], MILK, 428),
    ("PUT", ITEM, &[JSON, ANY], MILK, 200),
    ("PUT", ITEM, &[JSON, ANY, MINIMAL], MILK, 204),
    ("PUT", ITEM, &[JSON, STALE], MILK, 412),
    ("PUT", ITEM, &[JSON, STALE, FULL], MILK, 412),
    ("PUT", ITEM, &[JSON, ("if-match", "x")], MILK, 400),
    ("PUT", ITEM, &[JSON, ANY], "{}", 422),
    ("PUT", ITEM, &[], MILK, 415),
    ("PUT", ITEM, &[JSON, GZIP], MILK, 415),
    ("PATCH", ITEM, &[MERGE, ANY, FULL], MILK, 200),
    ("PATCH", ITEM, &[MERGE, STALE, FULL], MILK, 412),
    ("PATCH", ITEM, &[JSON, ANY], MILK, 415),
    ("PATCH", GONE, &[MERGE, ANY], MILK, 404),
    ("POST", "/tasks", &[JSON, KEY], MILK, 201),
    ("POST", "/tasks", &[JSON, KEY], MILK, 201),
    ("POST", "/tasks", &[JSON, KEY], "{}", 422),
    ("POST", "/tasks", &[], MILK, 415),
    ("GET", ITEM, &[], "", 200),
    ("HEAD", ITEM, &[], "", 200),
    ("GET", ITEM, &[("if-none-match", "*")], "", 304),
    ("GET", ITEM, &[STALE], "", 412),
    ("GET", ITEM, &[STALE, FULL], "", 412),
    ("HEAD", ITEM, &[STALE, FULL], "", 412),
    ("GET", GONE, &[], "", 404),
    ("GET", "/tasks?limit=1", &[], "", 200),
    ("GET", "/tasks", &[("if-none-match", "*")], "", 304),
    ("GET", "/tasks", &[STALE], "", 412),
    ("GET", "/tasks?limit=0", &[], "", 400),
    ("OPTIONS", "/tasks", &[], "", 204),
    ("OPTIONS", ITEM, &[], "", 204),
    ("DELETE", ITEM, &[STALE], "", 412),
    ("DELETE", ITEM, &[STALE, FULL], "", 412),
    ("DELETE", ITEM, &[ANY, ("idempotency-key", "d")], "", 204),
    ("DELETE", ITEM, &[ANY, ("idempotency-key", "d")], "", 204),
];

fn api() -> Api {
    Api::new(MemoryStore::new()).resource(Resource::<Task>::new())
}

async fn send(app: &Router, case: &Case) -> (Parts, Bytes) {
    let (method, path, headers, body, _) = case;
    let start = Request::builder().method(*method).uri(*path);
    let request = headers.iter().fold(start, |request, (name, value)| request.header(*name, *value));
    let (parts, body) = app.clone().oneshot(request.body(Body::from(*body)).unwrap()).await.unwrap().into_parts();
    (parts, body.collect().await.unwrap().to_bytes())
}

async fn description(app: &Router) -> Value {
    let (_, body) = send(app, &("GET", "/openapi.json", &[], "", 200)).await;
    serde_json::from_slice(&body).unwrap()
}

/// What the description says of the answer with this status.
fn described<'d>(description: &'d Value, case: &Case, status: u16) -> &'d Value {
    let path = if case.1.starts_with("/tasks/") { "/tasks/{id}" } else { "/tasks" };
    let answer = &description["paths"][path][case.0.to_lowercase()]["responses"][status.to_string()];
    assert!(answer.is_object(), "{case:?} is described as never answered with {status}");
    answer
}

fn assert_described(answer: &Value, case: &Case, (parts, body): &(Parts, Bytes)) {
    let names = parts
        .headers
        .keys()
        .filter(|name| !["content-type", "content-length", "cache-control"].contains(&name.as_str()));
    let known: Vec<_> = answer["headers"].as_object().unwrap().keys().map(|name| name.to_lowercase()).collect();
    names.for_each(|name| assert!(known.contains(&name.to_string()), "{case:?}: {name} is not among {known:?}"));
    if !body.is_empty() {
        let kind = parts.headers["content-type"].to_str().unwrap();
        assert!(answer["content"][kind].is_object(), "{case:?}: {kind} is not described");
    }
}

#[tokio::test]
async fn each_condition_and_preference_is_described() {
    let description = description(&api().router()).await;
    for case @ (method, path, headers, ..) in CASES {
        let path = if path.starts_with("/tasks/") { "/tasks/{id}" } else { "/tasks" };
        let parameters = description["paths"][path][method.to_lowercase()]["parameters"].to_string().to_lowercase();
        for (name, _) in headers.iter().filter(|(name, _)| !name.starts_with("content-")) {
            assert!(parameters.contains(&name.replace('-', "")), "{case:?}: {name} is not among {parameters}");
        }
    }
}

#[tokio::test]
async fn a_post_is_described_without_the_id_that_it_may_not_have() {
    let description = description(&api().router()).await;
    let body = |path: &str, method: &str| {
        let body = &description["paths"][path][method]["requestBody"]["content"]["application/json"]["schema"]["$ref"];
        description.pointer(body.as_str().unwrap().strip_prefix('#').unwrap()).unwrap()
    };
    assert!(body("/tasks", "post")["properties"].get("id").is_none());
    assert!(body("/tasks/{id}", "put")["properties"].get("id").is_some());
}

#[tokio::test]
async fn each_answer_is_described() {
    let app = api().router();
    let description = description(&app).await;
    for case in CASES {
        let answer = send(&app, case).await;
        assert_eq!(answer.0.status, case.4, "{case:?}: {answer:?}");
        assert_described(described(&description, case, case.4), case, &answer);
    }
}

#[tokio::test]
async fn each_refusal_is_described() {
    let challenge = HeaderValue::from_static("Bearer");
    for (denied, status) in [(Denied::Unauthenticated(challenge), 401), (Denied::Forbidden, 403), (Denied::Hidden, 404)]
    {
        let hook = move |_| std::future::ready(Err::<Principal, _>(denied.clone()));
        let app = api().authorize(hook).router();
        let description = description(&app).await;
        for case in CASES {
            let answer = send(&app, case).await;
            assert_eq!(answer.0.status, status, "{case:?}");
            assert_described(described(&description, case, status), case, &answer);
        }
    }
}

#[tokio::test]
async fn a_put_is_not_described_as_404_where_nothing_is_hidden() {
    let description = description(&api().router()).await;
    assert_eq!(description["paths"]["/tasks/{id}"]["put"]["responses"].get("404"), None);
}
