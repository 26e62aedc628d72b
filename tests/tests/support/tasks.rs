//! Tasks on a server.

use serde_json::{Value, json};

use crate::support::{Client, Request, Response};

/// A task that was created over HTTP.
#[derive(Clone, Debug)]
pub(crate) struct Task {
    pub(crate) path: String,
    pub(crate) etag: String,
    pub(crate) last_modified: String,
}

impl Task {
    #[track_caller]
    pub(crate) fn create(client: &mut Client) -> Self {
        Self::create_as(client, &json!({ "title": "Paint the fence" }))
    }

    #[track_caller]
    pub(crate) fn create_as(client: &mut Client, body: &Value) -> Self {
        let path = format!("/tasks/{}", new_id());
        let created = client.send(&Request::put(&path, body).if_none_match("*")).expect(201);
        Self { path, etag: created.etag(), last_modified: created.last_modified() }
    }

    #[track_caller]
    pub(crate) fn read(&self, client: &mut Client) -> Response {
        client.send(&Request::get(&self.path)).expect(200)
    }

    /// Moves the task's tag on, so that the one known here is stale.
    #[track_caller]
    pub(crate) fn edit(&self, client: &mut Client) -> Response {
        let etag = self.read(client).etag();
        let edit = json!({ "description": new_id() });
        client.send(&Request::patch(&self.path, &edit).if_match(etag)).expect(200)
    }
}

/// A UUID that nobody has.
pub(crate) fn new_id() -> String {
    uuid::Uuid::new_v4().to_string()
}
