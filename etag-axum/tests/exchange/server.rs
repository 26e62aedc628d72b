//! Notes behind handlers of every kind of write.

use std::convert::Infallible;

use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::Path,
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use etag_axum::{Change, DialectJson, Dialogue, Exchange, Refused};
use etag_core::{Dialect, MemoryStore, Refusal, RefusalKind, Snapshot, StoreExt as _, Versioned, WriteKind};
use http::{HeaderMap, Request, StatusCode, header, request::Builder};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tower::ServiceExt as _;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[versioned(collection = "notes", validator = revision, changes = 2)]
pub(crate) struct Note {
    #[versioned(id)]
    pub(crate) id: u64,
    pub(crate) text: String,
    #[serde(default)]
    pub(crate) colour: String,
}

pub(crate) fn note(id: u64, text: &str) -> Note {
    Note { id, text: text.to_owned(), colour: String::new() }
}

pub(crate) struct Server {
    pub(crate) store: MemoryStore,
    router: Router,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {:?}", self.body))
    }

    pub(crate) fn header(&self, name: header::HeaderName) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    pub(crate) fn etag(&self) -> Option<&str> {
        self.header(header::ETAG)
    }
}

impl Server {
    pub(crate) fn new(dialect: Dialect) -> Self {
        Self::with(dialect, Router::new())
    }

    /// With these routes, too.
    pub(crate) fn with(dialect: Dialect, routes: Router<Dialogue>) -> Self {
        let store = MemoryStore::new();
        let note = get(read).put(replace).patch(edit).delete(delete).post(act);
        let routes = routes.route("/notes", post(create).get(list)).route("/notes/{id}", note);
        Self { router: Dialogue::new(store.clone(), dialect).serve(routes), store }
    }

    /// Notes 1, and its state.
    pub(crate) async fn fill(&self) -> Snapshot<Note> {
        self.store.create(&note(1, "milk")).await.unwrap()
    }

    pub(crate) async fn send(&self, request: Builder, body: &Value) -> Answer {
        let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
        let answer: Result<Response, Infallible> = self.router.clone().oneshot(request.body(body).unwrap()).await;
        let (parts, body) = answer.unwrap().into_parts();
        let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(Request::get(path), &Value::Null).await
    }

    /// The status of an edit of the text of note 1, under these conditions.
    pub(crate) async fn edit(&self, conditions: &[(&str, &str)]) -> StatusCode {
        let request =
            conditions.iter().fold(Request::patch("/notes/1"), |request, (name, value)| request.header(*name, *value));
        self.send(request, &json!({ "text": "tea" })).await.status
    }
}

async fn read(exchange: Exchange, Path(id): Path<u64>) -> Result<Response, Refused> {
    let note = exchange.fetch::<Note>(&id).await?;
    exchange.read(&note, &note)
}

async fn list(exchange: Exchange) -> Result<Response, Refused> {
    let page = exchange.store().list::<Note>(None, 9).await?;
    let notes: Result<Vec<_>, _> = page.items.iter().map(|note| exchange.represent(note, note.value())).collect();
    Ok(Json(notes?).into_response())
}

async fn create(exchange: Exchange, DialectJson(note): DialectJson<Note>) -> Result<Response, Refused> {
    let done = exchange.write::<Note>(WriteKind::Create, &note.id).run(|_| Ok(Change::put(note.clone()))).await?;
    let note = done.stored()?;
    exchange.answer(StatusCode::CREATED, note, note)
}

async fn replace(
    exchange: Exchange,
    Path(id): Path<u64>,
    DialectJson(text): DialectJson<String>,
) -> Result<Response, Refused> {
    let done = exchange.write::<Note>(WriteKind::Replace, &id).run(|_| Ok(Change::put(note(id, &text)))).await?;
    let status = if done.before.is_some() { StatusCode::OK } else { StatusCode::CREATED };
    let note = done.stored()?;
    exchange.answer(status, note, note)
}

#[derive(Deserialize)]
struct Edit {
    text: Option<String>,
    colour: Option<String>,
    etag: Option<String>,
}

impl Edit {
    fn paths(&self) -> impl Iterator<Item = String> + use<> {
        let paths = [self.text.as_ref().map(|_| "text"), self.colour.as_ref().map(|_| "colour")];
        paths.into_iter().flatten().map(str::to_owned)
    }

    fn of(&self, note: &Note) -> Note {
        let text = self.text.clone().unwrap_or_else(|| note.text.clone());
        let colour = self.colour.clone().unwrap_or_else(|| note.colour.clone());
        Note { id: note.id, text, colour }
    }
}

async fn edit(
    exchange: Exchange,
    Path(id): Path<u64>,
    DialectJson(edit): DialectJson<Edit>,
) -> Result<Response, Refused> {
    let mut write = exchange.write::<Note>(WriteKind::Update, &id).changing(edit.paths());
    if let (Some(etag), Some(member)) = (&edit.etag, exchange.dialect().tag_placement.member()) {
        write = write.naming(member.read(etag).map_err(|_| RefusalKind::ConditionMalformed)?);
    }
    let done = write.run(|note| Ok(Change::put(edit.of(note.ok_or(RefusalKind::Internal)?.value())))).await?;
    let note = done.stored()?;
    exchange.answer(StatusCode::OK, note, note)
}

async fn delete(exchange: Exchange, Path(id): Path<u64>) -> Result<StatusCode, Refused> {
    let done = exchange.write::<Note>(WriteKind::Delete, &id).run(|_| Ok(Change::delete())).await?;
    assert!(done.stored().is_err() && done.state().is_err());
    Ok(StatusCode::NO_CONTENT)
}

/// An action that is never possible.
async fn act(exchange: Exchange, Path(id): Path<u64>) -> Result<Response, Refused> {
    let impossible = |_: Option<&_>| Err(Refusal::new(RefusalKind::Conflicting).saying("not today").into());
    exchange.write::<Note>(WriteKind::Action, &id).run(impossible).await?;
    Ok(StatusCode::OK.into_response())
}
