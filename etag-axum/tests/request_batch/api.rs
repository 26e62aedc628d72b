//! An API of notes, and a server of it.

use axum::{
    Router,
    body::Body,
    extract::{Path, Request, State},
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use bytes::Bytes;
use etag_axum::{Api, Change, DialectJson, Dialogue, Exchange, Limits, Refused, RequestBatch, Resource};
use etag_core::{
    AfterFailure, AllowUnconditional, BatchPart, BatchRules, BatchStep, Dialect, MemoryStore, PartAnswer,
    PartReferences, Snapshot, StoreExt as _, Versioned, WriteKind,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tower::ServiceExt as _;

use crate::form::Form;

#[derive(Clone, Debug, Serialize, Deserialize, Versioned, utoipa::ToSchema)]
#[versioned(collection = "notes", validator = revision)]
pub(crate) struct Note {
    #[versioned(id)]
    pub(crate) id: String,
    pub(crate) text: String,
}

/// A note about another one.
#[derive(Deserialize)]
struct Remark {
    id: String,
    #[serde(rename = "note@odata.bind")]
    note: String,
}

fn path_of(id: &str) -> String {
    format!("https://notes.example/api/notes/{id}")
}

async fn read(exchange: Exchange, Path(id): Path<String>) -> Result<Response, Refused> {
    let note = exchange.get::<Note>(&id).await?;
    exchange.read(&note, &*note)
}

async fn create(exchange: Exchange, DialectJson(note): DialectJson<Note>) -> Result<Response, Refused> {
    exchange.announce(path_of(&note.id));
    write(&exchange, WriteKind::Create, note, StatusCode::CREATED).await
}

async fn remark(exchange: Exchange, DialectJson(remark): DialectJson<Remark>) -> Result<Response, Refused> {
    write(&exchange, WriteKind::Create, Note { id: remark.id, text: remark.note }, StatusCode::CREATED).await
}

async fn change(
    exchange: Exchange,
    Path(id): Path<String>,
    DialectJson(text): DialectJson<String>,
) -> Result<Response, Refused> {
    write(&exchange, WriteKind::Update, Note { id, text }, StatusCode::OK).await
}

async fn write(exchange: &Exchange, kind: WriteKind, note: Note, status: StatusCode) -> Result<Response, Refused> {
    let done = exchange.write(kind, &note.id).run(|_| Ok(Change::put(note.clone()))).await?;
    let after = done.state()?;
    exchange.answer(status, after, after.value())
}

async fn remove(exchange: Exchange, Path(id): Path<String>) -> Result<StatusCode, Refused> {
    exchange.write::<Note>(WriteKind::Delete, &id).run(|_| Ok(Change::delete())).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Counts one up, on whatever state is there.
async fn count(exchange: Exchange, Path(id): Path<String>) -> Result<Response, Refused> {
    let up = |note: &Note| note.text.parse::<u32>().map_or(1, |count| count + 1);
    let write = exchange.write::<Note>(WriteKind::Action, &id);
    let done = write
        .run(|before| {
            let before = before.ok_or(etag_core::RefusalKind::NotFound)?;
            Ok(Change::put(Note { text: up(before).to_string(), ..before.value().clone() }))
        })
        .await?;
    let after = done.state()?;
    exchange.answer(StatusCode::OK, after, after.value())
}

/// Changes a note behind the back of whoever it happens together with, then changes it.
async fn contend(
    State(dialogue): State<Dialogue>,
    exchange: Exchange,
    Path(id): Path<String>,
) -> Result<Response, Refused> {
    let note = exchange.get::<Note>(&id).await?;
    let count = |text: &str| text.parse::<u32>().unwrap_or_default() + 1;
    let behind = dialogue.store().modify(&id, move |note: &mut Note| {
        note.text = count(&note.text).to_string();
        Ok(())
    });
    behind.await?;
    let edited = note.edit(|note| note.text.push_str(" more")).save(exchange.store()).await?;
    exchange.answer(StatusCode::OK, &edited, edited.value())
}

/// Refuses, and tells the tag that it sees.
async fn refuse(exchange: Exchange, Path(id): Path<String>) -> Result<Response, Refused> {
    let note = exchange.get::<Note>(&id).await?;
    Ok(exchange.bare(StatusCode::CONFLICT, &note))
}

/// Creates without a look, or tells the tag that is in the way.
async fn clash(exchange: Exchange, Path(id): Path<String>) -> Response {
    let note = Note { id, text: "new".to_owned() };
    match exchange.store().create(&note).await {
        Ok(note) => exchange.bare(StatusCode::CREATED, &note),
        Err(error) => {
            let met = error.conflicts()[0].met.clone().expect("there is one");
            exchange.bare(StatusCode::CONFLICT, &Snapshot::new(note, met))
        }
    }
}

/// Says that it was done, whatever the store says.
async fn shrug(exchange: Exchange, Path(id): Path<String>) -> StatusCode {
    let _ = exchange.store().create(&Note { id, text: "whatever".to_owned() }).await;
    StatusCode::NO_CONTENT
}

/// What a layer has found out about who is asking.
#[derive(Clone)]
pub(crate) struct Caller(pub(crate) &'static str);

/// Tells what the request was like.
async fn echo(request: Request) -> Response {
    let mut lines: Vec<_> =
        request.headers().iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
    lines.push(format!("uri: {}", request.uri()));
    lines.extend(request.extensions().get::<Caller>().map(|caller| format!("caller: {}", caller.0)));
    let mut response = lines.join("\n").into_response();
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

pub(crate) fn rules() -> BatchRules {
    let (after_failure, references) = (AfterFailure::GoOn, PartReferences::Dollar);
    BatchRules { codec: &Form, most_parts: 20, after_failure, references }
}

/// A server of the API, at `/api`, with batches at `/api/$batch`.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) store: MemoryStore,
    rules: BatchRules,
    limits: Limits,
    options: fn(RequestBatch) -> RequestBatch,
}

impl Server {
    pub(crate) fn new() -> Self {
        Self { store: MemoryStore::new(), rules: rules(), limits: Limits::default(), options: |batch| batch }
    }

    pub(crate) fn with_rules(self, rules: BatchRules) -> Self {
        Self { rules, ..self }
    }

    pub(crate) fn with_limit(mut self, batch_bytes: usize) -> Self {
        self.limits.batch_bytes = batch_bytes;
        self
    }

    pub(crate) fn with_room(mut self, batch_answer_bytes: usize) -> Self {
        self.limits.batch_answer_bytes = batch_answer_bytes;
        self
    }

    pub(crate) fn with(self, options: fn(RequestBatch) -> RequestBatch) -> Self {
        Self { options, ..self }
    }

    pub(crate) fn router(&self) -> Router {
        let dialect = Dialect { batch: Some(self.rules), missing: &AllowUnconditional, ..Dialect::RFC_9110 };
        let dialogue = Dialogue::new(self.store.clone(), dialect).with_limits(self.limits.clone());
        let api = Router::new()
            .route("/api/notes", post(create))
            .route("/api/notes/{id}", get(read).patch(change).delete(remove))
            .route("/api/notes/{id}/count", post(count))
            .route("/api/notes/{id}/contend", post(contend))
            .route("/api/notes/{id}/refuse", post(refuse))
            .route("/api/notes/{id}/clash", post(clash))
            .route("/api/notes/{id}/shrug", post(shrug))
            .route("/api/remarks", post(remark))
            .route("/api/echo", get(echo));
        let resources = Api::new(self.store.clone()).resource(Resource::<Note>::new()).router();
        let api = dialogue.serve(api).nest("/made", resources);
        let batch = (self.options)(RequestBatch::new(&dialogue, api.clone()));
        api.route("/api/$batch", batch.route())
    }

    pub(crate) async fn batch(&self, steps: &[BatchStep<BatchPart>]) -> Answer {
        self.batch_with(&[], steps).await
    }

    pub(crate) async fn batch_with(&self, headers: &[(&str, &str)], steps: &[BatchStep<BatchPart>]) -> Answer {
        let encoded = self.rules.codec.write_requests(steps);
        let headers: Vec<_> = headers.iter().copied().chain([("content-type", &*encoded.content_type)]).collect();
        let mut answer = self.request(Method::POST, &headers, encoded.body.clone()).await;
        if answer.content_type() != "application/problem+json" {
            let read = self.rules.codec.read_answers(answer.content_type(), &answer.body);
            answer.steps = read.unwrap_or_else(|error| panic!("{error}: {}", answer.text()));
        }
        answer
    }

    pub(crate) async fn send(&self, body: &str) -> Answer {
        self.request(Method::POST, &[], body.to_owned()).await
    }

    pub(crate) async fn request(&self, method: Method, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
        let mut request = Request::builder().method(method).uri("/api/$batch").extension(Caller("ada"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = self.router().oneshot(request.body(body.into()).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, body, steps: Vec::new() }
    }

    pub(crate) async fn add(&self, id: &str, text: &str) {
        self.store.create(&Note { id: id.to_owned(), text: text.to_owned() }).await.unwrap();
    }

    pub(crate) async fn text(&self, id: &str) -> Option<String> {
        Some(self.store.find::<Note>(&id.to_owned()).await.unwrap()?.text.clone())
    }

    pub(crate) async fn tag(&self, id: &str) -> Option<String> {
        let note = self.store.find::<Note>(&id.to_owned()).await.unwrap()?;
        Some(note.etag().to_string())
    }
}

/// What the server answers.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    body: Bytes,
    pub(crate) steps: Vec<BatchStep<PartAnswer>>,
}

impl Answer {
    pub(crate) fn content_type(&self) -> &str {
        self.headers.get(header::CONTENT_TYPE).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn parts(&self) -> Vec<&dyn Told> {
        self.steps.iter().flat_map(BatchStep::parts).map(|answer| answer as &dyn Told).collect()
    }

    pub(crate) fn statuses(&self) -> Vec<u16> {
        self.steps.iter().flat_map(BatchStep::parts).map(|answer| answer.status).collect()
    }

    pub(crate) fn ids(&self) -> Vec<Option<&str>> {
        self.steps.iter().flat_map(BatchStep::parts).map(|answer| answer.id.as_deref()).collect()
    }
}

/// What the answer to one request tells.
pub(crate) trait Told {
    fn header(&self, name: &str) -> Option<String>;
    fn text(&self) -> String;
    fn json(&self) -> Value;
}

impl Told for PartAnswer {
    fn header(&self, name: &str) -> Option<String> {
        Some(self.headers.iter().find(|(found, _)| found.eq_ignore_ascii_case(name))?.1.clone())
    }

    fn text(&self) -> String {
        String::from_utf8(self.body.to_vec()).unwrap()
    }

    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}
