//! What of a dialect the ready-made routes speak, and what they refuse to pass over.

use std::panic::{AssertUnwindSafe, catch_unwind};

use bytes::Bytes;
use etag_axum::{Api, Resource};
use etag_core::{
    ConditionPlacement, Dialect, ETag, ErrorBody, ErrorContext, ErrorEnvelope, ErrorFormat, Head, MemoryStore, Model,
    NoCondition, Refusal, RefusalKind, TagCodec, TagMember, TagPlacement, TagText, Wildcard,
};

use crate::support::*;

/// `Stale 412 for id-7: the words`.
#[derive(Debug)]
struct Lines;

impl ErrorFormat for Lines {
    fn echoed_headers(&self) -> &'static [&'static str] {
        &["x-request"]
    }

    fn write(&self, refusal: &Refusal, context: &ErrorContext<'_>) -> ErrorBody {
        let asked = (context.header)("x-request").unwrap_or("nobody");
        let line = format!("{:?} {} for {asked}: {refusal}", refusal.kind, context.status);
        ErrorBody { content_type: "text/x-lines".into(), body: Bytes::from(line) }
    }

    fn read(&self, status: u16, _body: &[u8]) -> Option<RefusalKind> {
        (status == 412).then_some(RefusalKind::Stale)
    }
}

const MEMBER: TagMember = TagMember::new("etag", TagText::Bare);

fn api(dialect: Dialect) -> Client {
    Client(Api::new(MemoryStore::new()).resource(Resource::<Task>::new()).dialect(dialect).router())
}

#[tokio::test]
async fn errors_have_the_shape_of_the_dialect() {
    let api = api(Dialect { error_envelope: ErrorEnvelope::Own(&Lines), mismatch_status: 409, ..Dialect::RFC_9110 });
    let etag = api.create("/tasks/1", "milk").await;
    let stale = api.put("/tasks/1", &["If-Match: \"x\"", "X-Request: ada"], r#"{"title":"eggs"}"#).await;
    assert_eq!(stale.status, 409);
    assert_eq!(stale.header("content-type"), Some("text/x-lines"));
    assert_eq!(stale.header("etag"), Some(&*etag));
    assert!(stale.body.starts_with(b"Stale 409 for ada: "), "{:?}", stale.body);
    assert!(api.get("/tasks/2", &[]).await.body.starts_with(b"NotFound 404 for nobody: "));
    let batch = r#"{"items":[{"method":"DELETE","path":"/tasks/2","headers":{"If-Match":"*"}}]}"#;
    assert!(api.post("/$batch", &[], batch).await.body.starts_with(b"FailedDependency 409"));
}

#[tokio::test]
async fn a_text_in_place_of_tags_can_be_no_condition() {
    let api = api(Dialect { no_condition: Some(NoCondition::InIfNoneMatch("null")), ..Dialect::RFC_9110 });
    api.create("/tasks/1", "milk").await;
    assert_eq!(api.get("/tasks/1", &["If-None-Match: null"]).await.status, 200);
    assert_eq!(api.put("/tasks/1", &["If-None-Match: null"], r#"{"title":"eggs"}"#).await.status, 428);
}

#[tokio::test]
async fn no_text_in_place_of_tags_takes_the_guard_from_a_write() {
    let api = api(Dialect { no_condition: Some(NoCondition::InIfNoneMatch("null")), ..Dialect::RFC_9110 });
    api.create("/tasks/1", "milk").await;
    assert_eq!(api.put("/tasks/1", &["If-Match: null"], r#"{"title":"eggs"}"#).await.status, 400);
}

#[derive(Debug)]
struct Sequences;

impl TagCodec for Sequences {
    fn encode(&self, _model: &Model, head: &Head) -> ETag {
        ETag::strong(head.revision.sequence().to_string()).unwrap()
    }
}

#[test]
fn what_these_routes_dont_speak_is_refused_by_name() {
    let foreign = [
        Dialect { codec: &Sequences, ..Dialect::RFC_9110 },
        Dialect { tag_placement: TagPlacement::Member(MEMBER), ..Dialect::RFC_9110 },
        Dialect { condition_placement: ConditionPlacement::Member(MEMBER), ..Dialect::RFC_9110 },
        Dialect { wildcard: Wildcard::LastOneWins, ..Dialect::RFC_9110 },
    ];
    for dialect in foreign {
        let refused = catch_unwind(AssertUnwindSafe(|| drop(api(Dialect { name: "Elbonian", ..dialect }))));
        let message = *refused.unwrap_err().downcast::<String>().unwrap();
        assert!(message.contains("Elbonian") && message.contains("`Dialogue`"), "{message}");
    }
}
