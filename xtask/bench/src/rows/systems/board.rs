//! The board: the standard, without a dialect.

use axum::http::{Request, Response, StatusCode, header};
use bytes::Bytes;
use serde_json::{Value, json};

use super::system::{System, TITLE, get, in_header, json, made, with, with_json};
use crate::connection::Connection;

const MERGE_PATCH: &str = "application/merge-patch+json";

/// A task that is patched.
pub(crate) struct PatchedTask {
    path: String,
}

/// A task that is replaced.
pub(crate) struct ReplacedTask {
    path: String,
    value: Value,
}

/// The details of a task, which touch it.
pub(crate) struct Details {
    path: String,
    text: String,
}

async fn task(connection: &mut Connection, text: &str) -> (String, Value) {
    let task = json!({ "title": TITLE, "description": text, "tags": ["docs"], "due_date": "2026-09-30" });
    let task = made(connection, json("POST", "/tasks", &task)).await;
    (format!("/tasks/{}", task["id"].as_str().expect("a task has an id")), task)
}

impl System for PatchedTask {
    const PROGRAM: &'static str = "board";
    const NAME: &'static str = "`board`";
    const WRITE: &'static str = "PATCH";
    const REFUSAL: StatusCode = StatusCode::PRECONDITION_FAILED;

    async fn make(connection: &mut Connection, text: &str) -> Self {
        Self { path: task(connection, text).await.0 }
    }

    fn read(&self) -> Request<Bytes> {
        get(&self.path)
    }

    fn write(&self, tag: &str, title: &str) -> Request<Bytes> {
        let request = with_json("PATCH", &self.path, MERGE_PATCH, &json!({ "title": title }));
        with(request, header::IF_MATCH, tag)
    }

    fn tag(answer: &Response<Bytes>) -> String {
        in_header(answer)
    }
}

impl System for ReplacedTask {
    const PROGRAM: &'static str = "board";
    const NAME: &'static str = "`board`";
    const WRITE: &'static str = "PUT";
    const REFUSAL: StatusCode = StatusCode::PRECONDITION_FAILED;

    async fn make(connection: &mut Connection, text: &str) -> Self {
        let (path, value) = task(connection, text).await;
        Self { path, value }
    }

    fn read(&self) -> Request<Bytes> {
        get(&self.path)
    }

    fn write(&self, tag: &str, title: &str) -> Request<Bytes> {
        let mut value = self.value.clone();
        value["title"] = title.into();
        with(json("PUT", &self.path, &value), header::IF_MATCH, tag)
    }

    fn tag(answer: &Response<Bytes>) -> String {
        in_header(answer)
    }
}

impl System for Details {
    const PROGRAM: &'static str = "board";
    const NAME: &'static str = "`board`, details";
    const WRITE: &'static str = "PATCH";
    const REFUSAL: StatusCode = StatusCode::PRECONDITION_FAILED;

    async fn make(connection: &mut Connection, text: &str) -> Self {
        let path = format!("{}/details", task(connection, "").await.0);
        let tag = in_header(&connection.ask(get(&path)).await);
        let details = Self { path, text: text.to_owned() };
        made(connection, details.write(&tag, TITLE)).await;
        details
    }

    fn read(&self) -> Request<Bytes> {
        get(&self.path)
    }

    fn write(&self, tag: &str, title: &str) -> Request<Bytes> {
        let request =
            with_json("PATCH", &self.path, MERGE_PATCH, &json!({ "notes": format!("{title} {}", self.text) }));
        with(request, header::IF_MATCH, tag)
    }

    fn tag(answer: &Response<Bytes>) -> String {
        in_header(answer)
    }
}
