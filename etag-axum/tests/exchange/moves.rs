//! States that move while a handler looks at them.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{Extension, Router, extract::Path, response::Response, routing::post};
use etag_axum::{Change, Exchange, Refused};
use etag_core::{AllowUnconditional, Dialect, Expectation, RefusalKind, Store, StoreExt as _, WriteKind, put_document};
use http::{Request, StatusCode};
use serde_json::{Value, json};
use tokio::{runtime::Handle, task::block_in_place};

use crate::server::{Note, Server, note};

const LENIENT: Dialect = Dialect { missing: &AllowUnconditional, ..Dialect::RFC_9110 };

/// Somebody who writes to note 1 while others look at it, as often as is left.
#[derive(Clone, Default)]
struct Meddler {
    left: Arc<AtomicUsize>,
    looks: Arc<AtomicUsize>,
}

impl Meddler {
    fn meddle(&self, store: &Arc<dyn Store>) {
        self.looks.fetch_add(1, Ordering::Relaxed);
        if self.left.load(Ordering::Relaxed) == 0 {
            return;
        }
        self.left.fetch_sub(1, Ordering::Relaxed);
        let append = |note: &mut Note| {
            note.text.push('!');
            Ok(())
        };
        block_in_place(|| Handle::current().block_on(store.modify::<Note, _>(&1, append))).unwrap();
    }
}

/// Appends to the text.
async fn append(
    exchange: Exchange,
    Path(id): Path<u64>,
    Extension(meddler): Extension<Meddler>,
) -> Result<Response, Refused> {
    let write = exchange.write::<Note>(WriteKind::Action, &id);
    let done = write.run(|state| {
        let mut note = state.ok_or(RefusalKind::Internal)?.value().clone();
        meddler.meddle(exchange.store());
        note.text.push('?');
        Ok(Change::put(note))
    });
    let done = done.await?;
    exchange.answer(StatusCode::OK, done.state()?, done.state()?.value())
}

/// Copies note 1 to note 2, which must not be there.
async fn copy(exchange: Exchange, Extension(meddler): Extension<Meddler>) -> Result<Response, Refused> {
    let write = exchange.write::<Note>(WriteKind::Action, &1);
    let done = write.run(|state| {
        let original = state.ok_or(RefusalKind::Internal)?.value();
        meddler.meddle(exchange.store());
        let copy = note(2, &original.text);
        Ok(Change::put(original.clone()).with(put_document(exchange.store(), &copy, Expectation::Absent)?))
    });
    let done = done.await?;
    assert_eq!(done.others.len(), 1);
    exchange.answer(StatusCode::OK, done.state()?, done.state()?.value())
}

fn server(dialect: Dialect, meddler: &Meddler) -> Server {
    let routes = Router::new().route("/append/{id}", post(append)).route("/copy", post(copy));
    Server::with(dialect, routes.layer(Extension(meddler.clone())))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_without_a_condition_is_done_again_on_what_is_there_then() {
    let meddler = Meddler { left: Arc::new(3.into()), ..Meddler::default() };
    let server = server(LENIENT, &meddler);
    server.fill().await;
    let answer = server.send(Request::post("/append/1"), &Value::Null).await;
    assert_eq!((answer.status, &answer.json()["text"]), (StatusCode::OK, &json!("milk!!!?")));
    assert_eq!(meddler.looks.load(Ordering::Relaxed), 4);
    let stored = server.store.get::<Note>(&1).await.unwrap();
    assert_eq!((&*stored.value().text, Some(&*stored.etag().to_string())), ("milk!!!?", answer.etag()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_write_under_a_tag_is_refused_once_the_state_has_moved() {
    let meddler = Meddler { left: Arc::new(1.into()), ..Meddler::default() };
    let server = server(Dialect::RFC_9110, &meddler);
    let etag = server.fill().await.etag().to_string();
    let answer = server.send(Request::post("/append/1").header("if-match", etag), &Value::Null).await;
    assert_eq!(answer.status, StatusCode::PRECONDITION_FAILED);
    assert_eq!(server.store.get::<Note>(&1).await.unwrap().value().text, "milk!");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_with_it_is_written_once_and_with_the_state_that_was_looked_at() {
    let meddler = Meddler { left: Arc::new(2.into()), ..Meddler::default() };
    let server = server(LENIENT, &meddler);
    server.fill().await;
    assert_eq!(server.send(Request::post("/copy"), &Value::Null).await.status, StatusCode::OK);
    assert_eq!(server.store.get::<Note>(&2).await.unwrap().value().text, "milk!!");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_to_be_created_with_it_and_exists_refuses_all_of_it() {
    let meddler = Meddler::default();
    let server = server(LENIENT, &meddler);
    let before = server.fill().await;
    server.store.create(&note(2, "other")).await.unwrap();
    let answer = server.send(Request::post("/copy"), &Value::Null).await;
    assert_eq!(answer.status, StatusCode::CONFLICT);
    assert_eq!(meddler.looks.load(Ordering::Relaxed), 1);
    assert_eq!(server.store.get::<Note>(&1).await.unwrap().etag(), before.etag());
}
