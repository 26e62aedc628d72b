//! How a part becomes a request.

use etag_axum::OuterHeaders;
use etag_core::{BatchRules, PartReferences};

use crate::{
    api::{Caller, Server, rules},
    form::{Part, alone, together},
};

const OUTER: [(&str, &str); 7] = [
    ("authorization", "Bearer ada's"),
    ("host", "notes.example"),
    ("if-match", "\"a\""),
    ("prefer", "return=minimal"),
    ("x-other", "1"),
    ("accept-encoding", "gzip"),
    ("content-language", "en"),
];

async fn echoed(server: &Server, part: Part) -> Vec<String> {
    let answer = server.batch_with(&OUTER, &[alone(part)]).await;
    let mut lines: Vec<_> = answer.parts()[0].text().lines().map(str::to_owned).collect();
    lines.sort();
    lines
}

#[tokio::test]
async fn a_part_is_asked_by_who_sent_the_batch() {
    let lines = echoed(&Server::new(), Part::get("/api/echo").header("X-Own", "2")).await;
    assert_eq!(lines, ["authorization: Bearer ada's", "host: notes.example", "uri: /api/echo", "x-own: 2"]);
}

#[tokio::test]
async fn outer_headers_apply_where_the_form_says_so() {
    let server = Server::new().with(|batch| batch.with_outer_headers(OuterHeaders::AllButContent));
    let part = Part::get("/api/echo").header("X-Other", "2").header("x-other", "3").header("Content-Length", "7");
    let lines = echoed(&server, part).await;
    let expected = [
        "authorization: Bearer ada's",
        "host: notes.example",
        "if-match: \"a\"",
        "prefer: return=minimal",
        "uri: /api/echo",
        "x-other: 2",
        "x-other: 3",
    ];
    assert_eq!(lines, expected);
}

#[tokio::test]
async fn extensions_are_carried_by_type() {
    let server = Server::new().with(etag_axum::RequestBatch::carrying::<Caller>);
    assert_eq!(echoed(&server, Part::get("/api/echo")).await[1], "caller: ada");
}

#[tokio::test]
async fn targets_lead_below_the_root() {
    let at = async |server: &Server, target: &str| echoed(server, Part::get(target)).await.pop().unwrap_or_default();
    let beside = Server::new();
    for target in ["/api/echo", "echo", "https://else.example/api/echo"] {
        assert_eq!(at(&beside, target).await, "uri: /api/echo");
    }
    assert_eq!(at(&beside, "echo?$filter=name eq 'x'").await, "uri: /api/echo?$filter=name%20eq%20'x'");
    let below = Server::new().with(|batch| batch.below("/api"));
    for target in ["/echo", "echo", "https://else.example/api/echo"] {
        assert_eq!(at(&below, target).await, "uri: /api/echo");
    }
}

#[tokio::test]
async fn what_is_no_request_is_400_by_itself() {
    let steps = [
        alone(Part::new("GE T", "/api/echo").id("method")),
        alone(Part::new("", "/api/echo").id("no method")),
        alone(Part::get("").id("target")),
        alone(Part::get("/api/$batch").id("nested")),
        alone(Part::new("POST", "$batch?x").id("nested")),
        alone(Part::get("/api/echo").header("a b", "c").id("name")),
        alone(Part::get("/api/echo").header("a", "b\nc").id("value")),
        alone(Part::get("$7/echo").id("reference")),
        alone(Part::get("/api/echo")),
    ];
    let answer = Server::new().batch(&steps).await;
    assert_eq!(answer.statuses(), [400, 400, 400, 400, 400, 400, 400, 400, 200]);
    assert_eq!(answer.ids()[3], Some("nested"));
    for (index, message) in [(0, "is no method"), (3, "a batch in a batch"), (5, "a b"), (7, "$7")] {
        let text = answer.parts()[index].text();
        assert!(text.contains(message) || text.contains("a batch can't be in a batch"), "{text}");
    }
}

#[tokio::test]
async fn what_is_about_the_connection_is_not_told() {
    let answer = Server::new().batch(&[alone(Part::get("/api/echo"))]).await;
    let told = answer.parts()[0];
    assert_eq!((told.header("connection"), told.header("content-length")), (None, None));
    assert_eq!(told.header("content-type").as_deref(), Some("text/plain; charset=utf-8"));
}

#[tokio::test]
async fn a_form_without_references_has_dollars_in_its_targets() {
    let server = Server::new().with_rules(BatchRules { references: PartReferences::None, ..rules() });
    let steps = [together([Part::get("/api/echo").id("1"), Part::get("$1/x")])];
    assert_eq!(server.batch(&steps).await.statuses(), [404]);
}
