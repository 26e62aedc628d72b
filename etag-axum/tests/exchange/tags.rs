//! Where tags and conditions are, and what they look like.

use axum::{Router, response::Response, routing::get};
use etag_axum::{Exchange, Listed, Refused, Representation};
use etag_core::{ConditionPlacement, Dialect, ETag, Head, Model, TagCodec, TagMember, TagPlacement, TagText, Wildcard};
use http::{HeaderMap, Request, StatusCode};
use serde_json::{Value, json};

use crate::server::{Note, Server};

const QUOTED: TagMember = TagMember::new("etag", TagText::Quoted);
const IN_MEMBER: Dialect = Dialect {
    codec: &Numbers,
    tag_placement: TagPlacement::Member(QUOTED),
    condition_placement: ConditionPlacement::Member(QUOTED),
    ..Dialect::RFC_9110
};
const IN_BOTH: Dialect = Dialect {
    codec: &Numbers,
    tag_placement: TagPlacement::HeaderAndMember(TagMember::new("etag", TagText::Bare)),
    ..Dialect::RFC_9110
};

#[derive(Debug)]
struct Numbers;

impl TagCodec for Numbers {
    fn encode(&self, _model: &Model, head: &Head) -> ETag {
        ETag::strong(format!("n{}", head.revision.sequence())).unwrap()
    }
}

#[tokio::test]
async fn a_tag_in_a_member_is_the_first_member_of_each_representation() {
    let server = Server::new(IN_MEMBER);
    server.fill().await;
    let answer = server.get("/notes/1").await;
    assert_eq!(answer.body, r#"{"etag":"\"n1\"","id":1,"text":"milk","colour":""}"#);
    assert_eq!(answer.etag(), None);
    assert_eq!(server.get("/notes").await.json()[0]["etag"], "\"n1\"");
    let edit = Request::patch("/notes/1");
    let edited = server.send(edit, &json!({ "text": "tea", "etag": "\"n1\"" })).await;
    assert_eq!((edited.status, &edited.json()["etag"], edited.etag()), (StatusCode::OK, &json!("\"n2\""), None));
}

#[tokio::test]
async fn a_304_has_no_tag_where_it_is_in_a_member() {
    let server = Server::new(Dialect { condition_placement: ConditionPlacement::Headers, ..IN_MEMBER });
    server.fill().await;
    let answer = server.send(Request::get("/notes/1").header("if-none-match", "\"n1\""), &Value::Null).await;
    assert_eq!((answer.status, answer.etag()), (StatusCode::NOT_MODIFIED, None));
}

#[tokio::test]
async fn a_tag_can_be_in_both_places() {
    let server = Server::new(IN_BOTH);
    server.fill().await;
    let answer = server.get("/notes/1").await;
    assert_eq!((answer.etag(), &answer.json()["etag"]), (Some("\"n1\""), &json!("n1")));
}

#[tokio::test]
async fn the_tag_of_each_answer_is_the_condition_of_the_next_write() {
    for dialect in [Dialect::RFC_9110, IN_BOTH] {
        let server = Server::new(dialect);
        let mut etag = server.fill().await.etag().to_string();
        etag = server.get("/notes/1").await.etag().map_or(etag, str::to_owned);
        for text in ["tea", "coffee"] {
            let edit = Request::patch("/notes/1").header("if-match", &etag);
            let answer = server.send(edit, &json!({ "text": text })).await;
            assert_eq!(answer.status, StatusCode::OK);
            assert_eq!(server.edit(&[("if-match", &etag)]).await, StatusCode::PRECONDITION_FAILED);
            etag = answer.etag().unwrap().to_owned();
        }
    }
}

#[tokio::test]
async fn headers_mean_nothing_where_conditions_are_in_bodies() {
    let server = Server::new(IN_MEMBER);
    server.fill().await;
    assert_eq!(server.edit(&[("if-match", "\"n1\"")]).await, StatusCode::PRECONDITION_REQUIRED);
    assert_eq!(server.edit(&[("if-match", "malformed")]).await, StatusCode::PRECONDITION_REQUIRED);
    let edit = |etag: &str| (Request::patch("/notes/1"), json!({ "text": "tea", "etag": etag }));
    for (etag, status) in [("\"n9\"", 412), ("n1", 400), ("\"n1\"", 200)] {
        let (request, body) = edit(etag);
        assert_eq!(server.send(request.header("if-match", "\"n9\""), &body).await.status, status, "{etag}");
    }
}

#[tokio::test]
async fn a_wildcard_is_what_the_dialect_makes_of_it() {
    let any = [("if-match", "*")];
    for (wildcard, present, absent) in
        [(Wildcard::Exists, 200, 412), (Wildcard::LastOneWins, 200, 201), (Wildcard::Refused, 400, 400)]
    {
        let server = Server::new(Dialect { wildcard, ..Dialect::RFC_9110 });
        server.fill().await;
        assert_eq!(server.edit(&any).await, present, "{wildcard:?}");
        let put = Request::put("/notes/2").header("if-match", "*");
        assert_eq!(server.send(put, &json!("new")).await.status, absent, "{wildcard:?}");
    }
}

/// Tags that name the members which were asked for.
#[derive(Debug)]
struct NamingMembers;

impl TagCodec for NamingMembers {
    fn encode(&self, model: &Model, head: &Head) -> ETag {
        Numbers.encode(model, head)
    }

    fn encode_selection(&self, _model: &Model, head: &Head, selection: &str) -> ETag {
        ETag::strong(format!("n{};{selection}", head.revision.sequence())).unwrap()
    }

    fn is_current(&self, _model: &Model, current: &Head, etag: &ETag) -> bool {
        etag.opaque().starts_with(format!("n{};", current.revision.sequence()).as_bytes())
    }
}

/// The text of note 1, as something selected of it.
async fn text(exchange: Exchange) -> Result<Response, Refused> {
    let note = exchange.get::<Note>(&1).await?;
    exchange.selecting("text").read(&note, &json!({ "text": note.text }))
}

#[tokio::test]
async fn what_was_selected_has_a_tag_of_its_own_that_writes_know() {
    let text = Router::new().route("/notes/1/text", get(text));
    let server = Server::with(Dialect { codec: &NamingMembers, ..Dialect::RFC_9110 }, text);
    server.fill().await;
    assert_eq!(server.get("/notes/1/text").await.etag(), Some("\"n1;text\""));
    for (path, etag, status) in [
        ("/notes/1/text", "\"n1;text\"", StatusCode::NOT_MODIFIED),
        ("/notes/1/text", "\"n1\"", StatusCode::OK),
        ("/notes/1", "\"n1;text\"", StatusCode::OK),
        ("/notes/1", "\"n1\"", StatusCode::NOT_MODIFIED),
    ] {
        let read = Request::get(path).header("if-none-match", etag);
        assert_eq!(server.send(read, &Value::Null).await.status, status, "{path} {etag}");
    }
    assert_eq!(server.edit(&[("if-match", "\"n0;text\"")]).await, StatusCode::PRECONDITION_FAILED);
    assert_eq!(server.edit(&[("if-match", "\"n1;text\"")]).await, StatusCode::OK);
    assert_eq!(server.edit(&[("if-match", "\"n1;text\"")]).await, StatusCode::PRECONDITION_FAILED);
}

#[tokio::test]
async fn what_was_selected_is_in_the_tag_of_a_list() {
    async fn list(exchange: Exchange, headers: HeaderMap) -> Result<Response, Refused> {
        let fields = headers["x-fields"].to_str().unwrap();
        let exchange = exchange.selecting(fields);
        let scan = exchange.scan::<Note>(9, None)?;
        exchange.list(&scan, &[], |_: Listed<Note>| Representation::new().with("fields", fields)).await
    }
    let list = Router::new().route("/lists", get(list));
    let server = Server::with(Dialect { codec: &NamingMembers, ..Dialect::RFC_9110 }, list);
    let ask = |fields| server.send(Request::get("/lists").header("x-fields", fields), &Value::Null);
    let (text, colour) = (ask("text").await, ask("colour").await);
    assert_ne!(text.etag(), colour.etag());
    assert_eq!(text.etag(), ask("text").await.etag());
}
