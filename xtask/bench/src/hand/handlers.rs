//! Handlers as axum's own examples write them.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use serde::{Serialize, Serializer};
use uuid::Uuid;

use super::{etag, sqlite::Tasks};
use crate::model::Task;

/// A value that is served without being cloned.
pub(crate) struct Shared<T>(pub(crate) Arc<T>);

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: Serialize> Serialize for Shared<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// Serves the value as JSON, with no tag at all.
pub(crate) fn plain<T: Serialize + Send + Sync + 'static>(value: T) -> Router {
    async fn read<T: Serialize>(State(value): State<Shared<T>>, Path(_): Path<Uuid>) -> Json<Shared<T>> {
        Json(value)
    }
    Router::new().route("/tasks/{id}", get(read::<T>)).with_state(Shared(Arc::new(value)))
}

/// Answers 304 to whoever sends the tag, and knows nothing else.
pub(crate) fn bare_not_modified(tag: HeaderValue) -> Router {
    async fn read(State(tag): State<HeaderValue>, Path(_): Path<Uuid>, headers: HeaderMap) -> Response {
        let sent = headers.get(header::IF_NONE_MATCH).map(HeaderValue::as_bytes);
        if sent.is_some_and(|sent| etag::is_the_tag(sent, tag.as_bytes())) {
            return (StatusCode::NOT_MODIFIED, [(header::ETAG, tag)]).into_response();
        }
        StatusCode::OK.into_response()
    }
    Router::new().route("/tasks/{id}", get(read)).with_state(tag)
}

/// Selects the task and serves it as JSON.
pub(crate) fn from_database(tasks: Tasks) -> Router {
    async fn read(State(tasks): State<Tasks>, Path(id): Path<Uuid>) -> Response {
        match tasks.find(id).await {
            Some((task, _)) => Json(task).into_response(),
            None => StatusCode::NOT_FOUND.into_response(),
        }
    }
    Router::new().route("/tasks/{id}", get(read)).with_state(tasks)
}

/// Reads and writes tasks of a database, with the revision as the tag.
pub(crate) fn read_and_write(tasks: Tasks) -> Router {
    async fn read(State(tasks): State<Tasks>, Path(id): Path<Uuid>) -> Response {
        match tasks.find(id).await {
            Some((task, revision)) => ([(header::ETAG, etag::of_stored(revision))], Json(task)).into_response(),
            None => StatusCode::NOT_FOUND.into_response(),
        }
    }
    async fn write(
        State(tasks): State<Tasks>,
        Path(id): Path<Uuid>,
        headers: HeaderMap,
        Json(task): Json<Task>,
    ) -> Response {
        let Some(revision) = headers.get(header::IF_MATCH).and_then(etag::to_stored) else {
            return StatusCode::PRECONDITION_REQUIRED.into_response();
        };
        match tasks.update(&Task { id, ..task }, revision).await {
            Some(revision) => (StatusCode::NO_CONTENT, [(header::ETAG, etag::of_stored(revision))]).into_response(),
            None => StatusCode::PRECONDITION_FAILED.into_response(),
        }
    }
    Router::new().route("/tasks/{id}", get(read).put(write)).with_state(tasks)
}
