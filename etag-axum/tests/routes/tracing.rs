//! What is written to the log (rule H7).

use std::{
    io::Write,
    sync::{Arc, Mutex},
};

use tracing_subscriber::fmt::{MakeWriter, format::FmtSpan};

use crate::support::*;

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
    let api = tasks();
    let etag = api.create("/tasks/1", "milk").await;
    assert!(log.take().contains(r#"request{resource="tasks" method="PUT" outcome=201}"#));
    api.get("/tasks/1", &[&if_none_match(&etag)]).await;
    let known = log.take();
    assert!(known.contains("not modified") && known.contains("outcome=304"), "{known}");
    api.put("/tasks/1", &["If-Match: \"x\""], r#"{"title":"eggs"}"#).await;
    let failed = log.take();
    assert!(failed.contains(r#"header="If-Match""#) && failed.contains("outcome=412"), "{failed}");
    api.delete("/tasks/1", &[]).await;
    let missing = log.take();
    assert!(missing.contains("without a condition") && missing.contains("outcome=428"), "{missing}");
}
