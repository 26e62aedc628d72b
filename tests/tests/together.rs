//! Requests that happen together, over rows that they share, on the stores that keep them on disk (rules W, S2).

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{Path, Request},
    http::StatusCode,
    routing::post,
};
use etag_axum::{Change, Dialogue, Exchange, Refused, RequestBatch};
use etag_core::{
    AfterFailure, AllowUnconditional, BatchCodec, BatchPart, BatchRules, BatchStep, BatchSyntaxError, Dialect,
    EncodedBatch, PartAnswer, PartReferences, RefusalKind, Snapshot, StoreExt as _, Versioned, WriteKind,
};
use etag_postgres::PostgresStore;
use etag_sqlite::SqliteStore;
use serde::{Deserialize, Serialize};
use tokio::sync::Barrier;
use tower::ServiceExt as _;

const CLIENTS: usize = 32;

#[derive(Clone, Debug, Serialize, Deserialize, Versioned)]
#[versioned(collection = "counters", validator = revision)]
struct Counter {
    #[versioned(id)]
    id: String,
    count: u64,
}

/// A target of a POST on each line, all of which happen together; a status on each line of the answer.
#[derive(Debug)]
struct Lines;

impl BatchCodec for Lines {
    fn read_requests(&self, _: &str, body: &Bytes) -> Result<Vec<BatchStep<BatchPart>>, BatchSyntaxError> {
        let text = std::str::from_utf8(body).map_err(|_| BatchSyntaxError::new("the body is no UTF-8"))?;
        let part = |line: &str| BatchPart { method: "POST".into(), target: line.into(), ..BatchPart::default() };
        Ok(vec![BatchStep::Together(text.lines().map(part).collect())])
    }

    fn write_answers(&self, steps: &[BatchStep<PartAnswer>]) -> EncodedBatch {
        let statuses = steps.iter().flat_map(BatchStep::parts).map(|answer| answer.status.to_string());
        EncodedBatch { content_type: "text/plain".into(), body: statuses.collect::<Vec<_>>().join(" ").into() }
    }

    fn write_requests(&self, _: &[BatchStep<BatchPart>]) -> EncodedBatch {
        unimplemented!("it is written by hand")
    }

    fn read_answers(&self, _: &str, _: &Bytes) -> Result<Vec<BatchStep<PartAnswer>>, BatchSyntaxError> {
        unimplemented!("it is read as it is")
    }
}

/// Counts one up, on whatever state is there.
async fn count(exchange: Exchange, Path(id): Path<String>) -> Result<StatusCode, Refused> {
    let up = |before: Option<&Snapshot<Counter>>| {
        let count = before.ok_or(RefusalKind::NotFound)?.count + 1;
        Ok(Change::put(Counter { id: id.clone(), count }))
    };
    exchange.write(WriteKind::Action, &id).run(up).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn served(store: impl etag_core::Store) -> Router {
    let batch = BatchRules {
        codec: &Lines,
        most_parts: 20,
        after_failure: AfterFailure::GoOn,
        references: PartReferences::None,
    };
    let dialect = Dialect { batch: Some(batch), missing: &AllowUnconditional, ..Dialect::RFC_9110 };
    let dialogue = Dialogue::new(store, dialect);
    let api = dialogue.serve(Router::new().route("/counters/{id}", post(count)));
    api.clone().route("/batch", RequestBatch::new(&dialogue, api).route())
}

async fn send(app: Router, body: &'static str) -> String {
    let request = Request::post("/batch").body(Body::from(body)).expect("it is one");
    let Ok(answer) = app.oneshot(request).await;
    let body = to_bytes(answer.into_body(), 1 << 16).await.expect("it ends");
    String::from_utf8(body.to_vec()).expect("it is text")
}

/// What is sent, and what it is answered.
const BATCHES: [(&str, &str); 4] = [
    ("/counters/a\n/counters/b", "204 204"),
    ("/counters/b\n/counters/a", "204 204"),
    ("/counters/a\n/counters/a\n/counters/b", "204 204 204"),
    // What comes before the culprit is undone.
    ("/counters/b\n/counters/a\n/counters/missing", "404"),
];

async fn all_or_none_and_nothing_lost(store: impl etag_core::Store + Clone) {
    for id in ["a", "b"] {
        store.create(&Counter { id: id.into(), count: 0 }).await.expect("its id is new");
    }
    let start = Arc::new(Barrier::new(CLIENTS));
    let app = served(store.clone());
    let clients = (0..CLIENTS).map(|client| {
        let (app, start, (body, expected)) = (app.clone(), Arc::clone(&start), BATCHES[client % BATCHES.len()]);
        tokio::spawn(async move {
            start.wait().await;
            assert_eq!(send(app, body).await, expected, "{body:?}");
        })
    });
    for client in clients.collect::<Vec<_>>() {
        client.await.expect("it is answered as expected");
    }
    let rounds = (CLIENTS / BATCHES.len()) as u64;
    for (id, expected) in [("a", 4 * rounds), ("b", 3 * rounds)] {
        let counter = store.get::<Counter>(&id.to_owned()).await.expect("it was created");
        assert_eq!(counter.count, expected, "{id}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_32_batches_over_the_same_rows_none_is_lost_on_sqlite() {
    let directory = tempfile::tempdir().expect("the system has a place for temporary files");
    all_or_none_and_nothing_lost(SqliteStore::open(directory.path().join("store.db")).await.expect("it opens")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
async fn of_32_batches_over_the_same_rows_none_is_lost_on_postgresql() {
    let url = private_postgres::shared().fresh_database().expect("the server runs");
    all_or_none_and_nothing_lost(PostgresStore::open(url).await.expect("it opens")).await;
}
