//! The forms that this crate has.

#![cfg(any(feature = "batch-json", feature = "batch-multipart"))]

use etag_core::{BatchRules, BatchStep};
use http::Method;
use serde_json::json;

use crate::{
    api::{Server, rules},
    form::{Part, alone, together},
};

fn steps() -> [BatchStep<etag_core::BatchPart>; 2] {
    let create = |id: &str| Part::post("/api/notes").json(&json!({"id": id, "text": "milk"}));
    [alone(create("1").id("1")), together([create("2").id("2"), Part::patch("$2", "eggs").id("3")])]
}

#[cfg(feature = "batch-json")]
#[tokio::test]
async fn a_batch_in_json_is_done() {
    let server = Server::new().with_rules(BatchRules { codec: &etag_axum::JsonBatch::ODATA, ..rules() });
    let answer = server.batch(&steps()).await;
    assert_eq!((answer.statuses(), answer.ids()), (vec![201, 201, 200], vec![Some("1"), Some("2"), Some("3")]));
    assert_eq!(server.text("2").await.as_deref(), Some("eggs"));

    let server = Server::new().with_rules(BatchRules { codec: &etag_axum::JsonBatch::GRAPH, ..rules() });
    let sent = r#"{"requests": [{"id": "1", "method": "GET", "url": "/api/notes/1", "dependsOn": []},
                                {"id": "2", "method": "GET", "url": "/api/echo", "dependsOn": ["1"]}]}"#;
    let answer = server.request(Method::POST, &[("content-type", "application/json")], sent).await;
    let answered: serde_json::Value = serde_json::from_str(answer.text()).unwrap();
    assert_eq!(answered["responses"][0]["status"], 404);
    assert_eq!((&answered["responses"][1]["id"], &answered["responses"][1]["status"]), (&json!("2"), &json!(424)));
}

#[cfg(feature = "batch-multipart")]
#[tokio::test]
async fn a_batch_in_multipart_is_done() {
    let server = Server::new().with_rules(BatchRules { codec: &etag_axum::MultipartBatch::ODATA, ..rules() });
    let answer = server.batch(&steps()).await;
    assert_eq!(answer.statuses(), [201, 201, 200]);
    assert!(matches!(&answer.steps[..], [BatchStep::Alone(_), BatchStep::Together(answers)] if answers.len() == 2));
    assert_eq!(server.text("2").await.as_deref(), Some("eggs"));

    let again = server.batch(&steps()).await;
    assert!(matches!(&again.steps[..], [BatchStep::Alone(_), BatchStep::Alone(_)]));
    assert_eq!(again.statuses(), [409, 409]);
}

#[cfg(feature = "batch-multipart")]
#[tokio::test]
async fn what_failed_together_can_be_told_in_a_change_set() {
    use etag_axum::MultipartBatch;
    use etag_core::FailedTogether;

    const CODEC: MultipartBatch =
        MultipartBatch { failed_change_sets: FailedTogether::Together, ..MultipartBatch::ODATA };
    let server = Server::new().with_rules(BatchRules { codec: &CODEC, ..rules() });
    server.add("2", "milk").await;
    let create = |id: &str| Part::post("/api/notes").id(id).json(&json!({"id": id, "text": "milk"}));
    let read_in_vain = Part::patch("$9", "eggs").id("4");
    let steps = [together([create("1"), create("2"), create("3")]), together([read_in_vain, create("5")])];
    let answer = server.batch(&steps).await;
    assert!(answer.steps.iter().all(|step| matches!(step, BatchStep::Together(answers) if answers.len() == 1)));
    assert_eq!((answer.statuses(), answer.ids()), (vec![409, 400], vec![Some("2"), Some("4")]));
    assert_eq!(server.text("1").await, None);
}
