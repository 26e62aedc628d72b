//! Requests that make little sense.

use etag_core::{BatchPart, BatchStep};
use proptest::prelude::*;

use crate::api::Server;

fn method() -> impl Strategy<Value = String> {
    prop_oneof![Just("GET"), Just("POST"), Just("PATCH"), Just("DELETE"), Just("HEAD"), Just("TRACE"), Just("G T")]
        .prop_map(str::to_owned)
}

fn target() -> impl Strategy<Value = String> {
    prop_oneof![
        "/api/(notes|echo|remarks)(/[ab12$%]{1,3}(/count)?)?",
        "\\$[12](/count)?",
        "\\PC{0,8}",
        "https?://.{0,8}"
    ]
}

fn body() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        "\"[a-z]{0,3}\"",
        r#"\{"id":"[ab12]","(text|note@odata\.bind)":"\$?[12]"\}"#,
        ".{0,12}"
    ]
}

fn part() -> impl Strategy<Value = BatchPart> {
    let headers =
        prop::collection::vec(("[iI]f-Match|Content-Type|Host|.{0,4}", "\\*|\"a\"|application/json|.{0,6}"), 0..3);
    let id = prop::option::of("[12]");
    let after = prop::collection::vec("[12]", 0..2);
    (id, method(), target(), headers, body(), after).prop_map(|(id, method, target, headers, body, after)| BatchPart {
        id,
        method,
        target,
        headers,
        body: body.into(),
        after,
    })
}

fn step() -> impl Strategy<Value = BatchStep<BatchPart>> {
    prop_oneof![part().prop_map(BatchStep::Alone), prop::collection::vec(part(), 0..5).prop_map(BatchStep::Together)]
}

proptest! {
    #[test]
    fn every_batch_is_answered_below_500(steps in prop::collection::vec(step(), 0..5)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(async {
            let server = Server::new();
            for id in ["1", "a"] {
                server.add(id, "0").await;
            }
            let answer = server.batch(&steps).await;
            prop_assert!(answer.status.as_u16() < 500, "{:?}", answer);
            prop_assert!(answer.statuses().iter().all(|status| *status < 500), "{:?}", answer);
            prop_assert!(answer.status != 200 || answer.steps.len() == steps.len());
            Ok(())
        })?;
    }

    #[test]
    fn every_body_is_answered_below_500(body in ".{0,40}") {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let answer = runtime.block_on(async { Server::new().send(&body).await });
        prop_assert!(answer.status.as_u16() < 500);
    }
}
