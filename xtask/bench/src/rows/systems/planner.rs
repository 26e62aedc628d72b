//! The planner: a task, and its details, which touch it. Both are patched.

use axum::http::{Request, Response, StatusCode, header};
use bytes::Bytes;
use serde_json::json;

use super::system::{System, TITLE, get, in_member, json, made, returning, with};
use crate::connection::Connection;

const TASKS: &str = "/v1.0/planner/tasks";

pub(crate) struct Task {
    path: String,
}

pub(crate) struct Details {
    path: String,
    text: String,
}

async fn task(connection: &mut Connection) -> String {
    let plan = json!({ "owner": "ebf3b108-5234-4e22-b93d-656d7dae5874", "title": "Releases" });
    let plan = made(connection, json("POST", "/v1.0/planner/plans", &plan)).await;
    let task = json!({ "planId": plan["id"], "title": TITLE, "dueDateTime": "2026-09-30T10:00:00Z" });
    let task = made(connection, json("POST", TASKS, &task)).await;
    format!("{TASKS}/{}", task["id"].as_str().expect("a task has an id"))
}

impl System for Task {
    const PROGRAM: &'static str = "planner";
    const NAME: &'static str = "planner";
    const WRITE: &'static str = "PATCH";
    const REFUSAL: StatusCode = StatusCode::CONFLICT;

    /// A task has no text but its title.
    async fn make(connection: &mut Connection, _text: &str) -> Self {
        Self { path: task(connection).await }
    }

    fn read(&self) -> Request<Bytes> {
        get(&self.path)
    }

    fn write(&self, tag: &str, title: &str) -> Request<Bytes> {
        returning(with(json("PATCH", &self.path, &json!({ "title": title })), header::IF_MATCH, tag))
    }

    fn tag(answer: &Response<Bytes>) -> String {
        in_member(answer, "@odata.etag")
    }
}

impl System for Details {
    const PROGRAM: &'static str = "planner";
    const NAME: &'static str = "planner-details";
    const WRITE: &'static str = "PATCH";
    const REFUSAL: StatusCode = StatusCode::CONFLICT;

    async fn make(connection: &mut Connection, text: &str) -> Self {
        let path = format!("{}/details", task(connection).await);
        let tag = Self::tag(&connection.ask(get(&path)).await);
        let details = Self { path, text: text.to_owned() };
        made(connection, details.write(&tag, TITLE)).await;
        details
    }

    fn read(&self) -> Request<Bytes> {
        get(&self.path)
    }

    fn write(&self, tag: &str, title: &str) -> Request<Bytes> {
        let details = json!({ "description": format!("{title} {}", self.text) });
        returning(with(json("PATCH", &self.path, &details), header::IF_MATCH, tag))
    }

    fn tag(answer: &Response<Bytes>) -> String {
        in_member(answer, "@odata.etag")
    }
}
