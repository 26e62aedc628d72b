//! What comes after what, and what a failure means to the rest.

use etag_core::{AfterFailure, BatchRules};
use http::StatusCode;
use serde_json::json;

use crate::{
    api::{Server, rules},
    form::{Part, alone, together},
};

const PREFERENCE: &str = "odata.continue-on-error";

fn stopping() -> Server {
    let after_failure = AfterFailure::StopUnlessPreferred(PREFERENCE);
    Server::new().with_rules(BatchRules { after_failure, ..rules() })
}

#[tokio::test]
async fn nothing_is_done_after_a_failure_where_the_form_stops_there() {
    let server = stopping();
    let steps = [
        alone(Part::post("/api/notes").json(&json!({"id": "1", "text": "milk"}))),
        alone(Part::get("/api/notes/2")),
        alone(Part::delete("/api/notes/1")),
    ];
    let answer = server.batch(&steps).await;
    assert_eq!((answer.status, answer.statuses()), (StatusCode::NOT_FOUND, vec![201, 404]));
    assert_eq!(answer.content_type(), "application/x-answers");
    assert!(server.text("1").await.is_some());
}

#[tokio::test]
async fn a_step_that_fails_together_stops_as_one() {
    let server = stopping();
    server.add("1", "milk").await;
    let steps = [
        together([Part::delete("/api/notes/1"), Part::delete("/api/notes/2").id("culprit")]),
        alone(Part::get("/api/notes/1")),
    ];
    let answer = server.batch(&steps).await;
    assert_eq!((answer.status, answer.ids()), (StatusCode::NOT_FOUND, vec![Some("culprit")]));
}

#[tokio::test]
async fn who_prefers_it_has_the_rest_done() {
    for preference in [PREFERENCE, "odata.Continue-On-Error=true", "respond-async, odata.continue-on-error"] {
        let steps = [alone(Part::get("/api/notes/1")), alone(Part::get("/api/echo"))];
        let answer = stopping().batch_with(&[("prefer", preference)], &steps).await;
        assert_eq!((answer.status, answer.statuses()), (StatusCode::OK, vec![404, 200]));
        assert_eq!(answer.headers["preference-applied"], PREFERENCE);
    }
    let steps = [alone(Part::get("/api/notes/1")), alone(Part::get("/api/echo"))];
    let answer = stopping().batch_with(&[("prefer", "odata.continue-on-error=false")], &steps).await;
    assert_eq!(answer.statuses(), [404]);
}

#[tokio::test]
async fn what_depends_on_a_failure_is_424() {
    let server = Server::new();
    let steps = [
        alone(Part::get("/api/notes/1").id("a")),
        alone(Part::post("/api/notes").json(&json!({"id": "2", "text": "milk"})).id("b").after("a")),
        alone(Part::get("/api/echo").id("c").after("b")),
        alone(Part::get("/api/echo").id("d")),
        together([Part::get("/api/echo"), Part::get("/api/echo").id("e").after("d").after("a")]),
        alone(Part::get("/api/echo").after("d")),
    ];
    let answer = server.batch(&steps).await;
    assert_eq!(answer.statuses(), [404, 424, 424, 200, 424, 200]);
    assert_eq!(answer.ids()[4], Some("e"));
    assert!(answer.parts()[1].text().contains("request \\\"a\\\""));
    assert_eq!(server.text("2").await, None);
}

#[tokio::test]
async fn what_is_to_come_after_nothing_before_it_is_400() {
    for steps in [
        vec![alone(Part::get("/api/echo").after("none"))],
        vec![alone(Part::get("/api/echo").id("a").after("a"))],
        vec![alone(Part::get("/api/echo").after("later")), alone(Part::get("/api/echo").id("later"))],
    ] {
        let answer = Server::new().batch(&steps).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert!(answer.text().contains("none before it"), "{}", answer.text());
    }
}

#[tokio::test]
async fn one_of_several_together_may_come_after_another() {
    let steps = [together([Part::get("/api/echo").id("a"), Part::get("/api/echo").after("a")])];
    assert_eq!(Server::new().batch(&steps).await.statuses(), [200, 200]);
}
