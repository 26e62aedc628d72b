//! An API in memory, and requests to it without a socket.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use axum::{Router, body::Body};
use bytes::Bytes;
use etag_axum::{Api, Resource};
use etag_core::{Clock, Environment, MemoryStore, Versioned, Violations};
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tower::ServiceExt as _;
use utoipa::ToSchema;

/// The model of most tests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, Versioned)]
#[versioned(collection = "tasks", validator = revision, validate = rules)]
pub(crate) struct Task {
    #[versioned(id)]
    pub(crate) id: String,
    pub(crate) title: String,
    #[serde(default)]
    pub(crate) tags: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) estimate: Option<f64>,
}

fn rules(task: &Task) -> Result<(), Violations> {
    let mut violations = Violations::new();
    if task.title.is_empty() {
        violations.add("/title", "must not be empty");
    }
    violations.into_result()
}

/// A clock that stands still until it is told to go on.
#[derive(Clone)]
pub(crate) struct Stopped(Arc<Mutex<SystemTime>>);

impl Stopped {
    /// At noon of a day long ago, so that its date has one form.
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(UNIX_EPOCH + Duration::from_secs(784_111_777))))
    }

    pub(crate) fn advance(&self, seconds: u64) {
        *self.0.lock().unwrap() += Duration::from_secs(seconds);
    }

    pub(crate) fn set_back(&self, seconds: u64) {
        *self.0.lock().unwrap() -= Duration::from_secs(seconds);
    }
}

impl Clock for Stopped {
    fn now(&self) -> SystemTime {
        *self.0.lock().unwrap()
    }
}

/// A store whose time stands still.
pub(crate) fn store_at(clock: &Stopped) -> MemoryStore {
    MemoryStore::with_environment(Environment::system().with_clock(clock.clone()))
}

/// An API of tasks over a fresh store.
pub(crate) fn tasks() -> Client {
    serve(Resource::<Task>::new())
}

/// An API of one resource over a fresh store.
pub(crate) fn serve<T: etag_core::Document + ToSchema>(resource: Resource<T>) -> Client {
    Client(Api::new(MemoryStore::new()).resource(resource).router())
}

/// Sends requests to a router.
#[derive(Clone)]
pub(crate) struct Client(pub(crate) Router);

impl Client {
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.0.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        Answer { status: parts.status, headers: parts.headers, body: body.collect().await.unwrap().to_bytes() }
    }

    /// `line` is a method and a path; `headers` are lines of `Name: value`.
    pub(crate) async fn call(&self, line: &str, headers: &[&str], body: impl Into<Body>) -> Answer {
        let (method, path) = line.split_once(' ').unwrap();
        let mut request = Request::builder().method(method).uri(path);
        for header in headers {
            let (name, value) = header.split_once(": ").unwrap();
            request = request.header(name, value);
        }
        self.send(request.body(body.into()).unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str, headers: &[&str]) -> Answer {
        self.call(&format!("GET {path}"), headers, Body::empty()).await
    }

    pub(crate) async fn delete(&self, path: &str, headers: &[&str]) -> Answer {
        self.call(&format!("DELETE {path}"), headers, Body::empty()).await
    }

    pub(crate) async fn put(&self, path: &str, headers: &[&str], body: impl Into<Body>) -> Answer {
        self.with_type("PUT", path, "application/json", headers, body).await
    }

    pub(crate) async fn post(&self, path: &str, headers: &[&str], body: impl Into<Body>) -> Answer {
        self.with_type("POST", path, "application/json", headers, body).await
    }

    pub(crate) async fn merge(&self, path: &str, headers: &[&str], body: impl Into<Body>) -> Answer {
        self.with_type("PATCH", path, "application/merge-patch+json", headers, body).await
    }

    pub(crate) async fn json_patch(&self, path: &str, headers: &[&str], body: impl Into<Body>) -> Answer {
        self.with_type("PATCH", path, "application/json-patch+json", headers, body).await
    }

    async fn with_type(&self, method: &str, path: &str, kind: &str, headers: &[&str], body: impl Into<Body>) -> Answer {
        let content_type = format!("Content-Type: {kind}");
        let headers = [&[&*content_type], headers].concat();
        self.call(&format!("{method} {path}"), &headers, body).await
    }

    /// Creates a task, and gives its tag.
    pub(crate) async fn create(&self, path: &str, title: &str) -> String {
        let created = self.put(path, &[], format!(r#"{{"title":"{title}"}}"#)).await;
        assert_eq!(created.status, StatusCode::CREATED, "{created:?}");
        created.etag()
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn etag(&self) -> String {
        self.header("etag").unwrap_or_else(|| panic!("no ETag in {self:?}")).to_owned()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error} in {self:?}"))
    }

    /// The last segment of the problem's type, after a look at the rest of its form.
    pub(crate) fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), Some("application/problem+json"), "{self:?}");
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16());
        for member in ["title", "detail", "instance"] {
            assert!(problem[member].is_string(), "no {member} in {problem}");
        }
        problem["type"].as_str().unwrap().strip_prefix("/problems/").unwrap().to_owned()
    }
}

/// `If-Match` with this tag.
pub(crate) fn if_match(etag: &str) -> String {
    format!("If-Match: {etag}")
}

/// `If-None-Match` with this tag.
pub(crate) fn if_none_match(etag: &str) -> String {
    format!("If-None-Match: {etag}")
}
