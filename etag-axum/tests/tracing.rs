//! What is written to the log (rule H7). In a program of its own: subscribers of parallel tests get in each other's way.

use std::{
    io::Write,
    sync::{Arc, Mutex},
};

use axum::{Router, body::Body};
use etag_axum::{Api, Resource};
use etag_core::{MemoryStore, Versioned};
use http::Request;
use serde::{Deserialize, Serialize};
use tower::ServiceExt as _;
use tracing_subscriber::fmt::{MakeWriter, format::FmtSpan};
use utoipa::ToSchema;

#[derive(Serialize, Deserialize, ToSchema, Versioned)]
#[versioned(collection = "notes", validator = revision)]
struct Note {
    #[versioned(id)]
    id: String,
    text: String,
}

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn take(&self) -> String {
        String::from_utf8(std::mem::take(&mut self.0.lock().unwrap())).unwrap()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

/// What a request with one header leaves in the log.
async fn log_of(log: &Log, router: &Router, method: &str, header: (&str, &str)) -> String {
    let request = Request::builder().method(method).uri("/notes/1").header("content-type", "application/json");
    let request = request.header(header.0, header.1).body(Body::from(r#"{"text":"milk"}"#)).unwrap();
    router.clone().oneshot(request).await.unwrap();
    log.take()
}

#[tokio::test]
async fn each_request_is_a_span_with_its_outcome_and_refusals_are_events() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::DEBUG)
        .with_span_events(FmtSpan::CLOSE)
        .with_ansi(false)
        .with_writer(log.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let router = Api::new(MemoryStore::new()).resource(Resource::<Note>::new()).router();

    let created = log_of(&log, &router, "PUT", ("if-none-match", "*")).await;
    assert!(created.contains(r#"request{resource="notes" method="PUT" outcome=201}"#), "{created}");
    let known = log_of(&log, &router, "GET", ("if-none-match", "*")).await;
    assert!(known.contains("not modified") && known.contains("outcome=304"), "{known}");
    let failed = log_of(&log, &router, "PUT", ("if-match", "\"x\"")).await;
    assert!(failed.contains(r#"header="If-Match""#) && failed.contains("outcome=412"), "{failed}");
    let missing = log_of(&log, &router, "DELETE", ("accept", "*/*")).await;
    assert!(missing.contains("without a condition") && missing.contains("outcome=428"), "{missing}");
}
