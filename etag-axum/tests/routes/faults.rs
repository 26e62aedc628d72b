//! What a store answers when it can't, as a client hears it (rule S6).

use std::time::Duration;

use etag_axum::{Api, Resource};
use etag_core::{Error, ErrorKind};

use crate::{spy::Spy, support::*};

async fn answer_to(error: Error) -> Answer {
    let spy = Spy::default();
    let api = Client(Api::new(spy.clone()).resource(Resource::<Task>::new()).router());
    spy.fail(error);
    api.put("/tasks/1", &[], r#"{"title":"milk"}"#).await
}

#[tokio::test]
async fn not_now_is_503_with_retry_after() {
    let error = Error::new(ErrorKind::Unavailable, "secret host is down").with_retry_after(Duration::from_secs(7));
    let answer = answer_to(error).await;
    assert_eq!((answer.status.as_u16(), answer.problem()), (503, "unavailable".to_owned()));
    assert_eq!(answer.header("retry-after"), Some("7"));
    assert!(!answer.json().to_string().contains("secret"));
}

#[tokio::test]
async fn an_unknown_outcome_is_told_from_nothing_done() {
    let answer = answer_to(Error::new(ErrorKind::Unknown, "the connection broke")).await;
    assert_eq!((answer.status.as_u16(), answer.problem()), (504, "outcome-unknown".to_owned()));
}

#[tokio::test]
async fn a_fault_of_the_inside_stays_inside() {
    for kind in [ErrorKind::Undecodable, ErrorKind::Corrupt, ErrorKind::Misconfigured, ErrorKind::Engine] {
        let answer = answer_to(Error::new(kind, "secret table")).await;
        assert_eq!((answer.status.as_u16(), answer.problem()), (500, "internal".to_owned()));
        assert!(!answer.json().to_string().contains("secret"));
    }
}

#[tokio::test]
async fn too_large_for_the_store_is_413() {
    assert_eq!(answer_to(Error::new(ErrorKind::TooLarge, "longer than 1 MiB")).await.status, 413);
}
