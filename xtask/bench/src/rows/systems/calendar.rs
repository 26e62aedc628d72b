//! The calendar: an event, which is replaced or patched.

use axum::http::{Request, Response, StatusCode, header};
use bytes::Bytes;
use serde_json::{Value, json};

use super::system::{System, TITLE, get, in_header, json, made, with};
use crate::connection::Connection;

const EVENTS: &str = "/calendar/v3/calendars/primary/events";

/// An event that is replaced.
pub(crate) struct ReplacedEvent {
    path: String,
    value: Value,
}

/// An event that is patched.
pub(crate) struct PatchedEvent {
    path: String,
}

async fn event(connection: &mut Connection, text: &str) -> (String, Value) {
    let event = json!({
        "summary": TITLE,
        "description": text,
        "start": { "dateTime": "2026-09-30T10:00:00Z" },
        "end": { "dateTime": "2026-09-30T11:00:00Z" },
    });
    let made = made(connection, json("POST", EVENTS, &event)).await;
    (format!("{EVENTS}/{}", made["id"].as_str().expect("an event has an id")), event)
}

impl System for ReplacedEvent {
    const PROGRAM: &'static str = "calendar";
    const NAME: &'static str = "calendar";
    const WRITE: &'static str = "PUT";
    const REFUSAL: StatusCode = StatusCode::PRECONDITION_FAILED;

    async fn make(connection: &mut Connection, text: &str) -> Self {
        let (path, value) = event(connection, text).await;
        Self { path, value }
    }

    fn read(&self) -> Request<Bytes> {
        get(&self.path)
    }

    fn write(&self, tag: &str, title: &str) -> Request<Bytes> {
        let mut value = self.value.clone();
        value["summary"] = title.into();
        with(json("PUT", &self.path, &value), header::IF_MATCH, tag)
    }

    fn tag(answer: &Response<Bytes>) -> String {
        in_header(answer)
    }
}

impl System for PatchedEvent {
    const PROGRAM: &'static str = "calendar";
    const NAME: &'static str = "calendar";
    const WRITE: &'static str = "PATCH";
    const REFUSAL: StatusCode = StatusCode::PRECONDITION_FAILED;

    async fn make(connection: &mut Connection, text: &str) -> Self {
        Self { path: event(connection, text).await.0 }
    }

    fn read(&self) -> Request<Bytes> {
        get(&self.path)
    }

    fn write(&self, tag: &str, title: &str) -> Request<Bytes> {
        with(json("PATCH", &self.path, &json!({ "summary": title })), header::IF_MATCH, tag)
    }

    fn tag(answer: &Response<Bytes>) -> String {
        in_header(answer)
    }
}
