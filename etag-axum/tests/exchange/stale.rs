//! Stale tags in dialects that look at what has changed since.

use etag_core::{
    AllowUnconditional, Dialect, ETag, Head, MergeDisjoint, Model, Named, Revision, StoreExt as _, TagCodec, TagPlan,
    Versioned as _,
};
use http::{Request, StatusCode};
use serde_json::{Value, json};

use crate::server::{Answer, Note, Server};

const MERGING: Dialect =
    Dialect { codec: &Numbers, mismatch: &MergeDisjoint, missing: &AllowUnconditional, ..Dialect::RFC_9110 };

/// The number of the revision.
#[derive(Debug)]
struct Numbers;

impl TagCodec for Numbers {
    fn encode(&self, _model: &Model, head: &Head) -> ETag {
        ETag::strong(head.revision.sequence().to_string()).unwrap()
    }

    fn decode(&self, _model: &Model, current: &Head, etag: &ETag) -> Named {
        let number = std::str::from_utf8(etag.opaque()).ok().and_then(|text| text.parse().ok());
        let Some(number) = number else { return Named::Foreign };
        Named::State(TagPlan::Revision.tag(Revision::new(current.revision.epoch(), number), current.modified_at))
    }
}

/// The server, and the tag that its note had before these members were changed, one after the other.
async fn changed(members: &[&str]) -> (Server, String) {
    let server = Server::new(MERGING);
    let before = server.fill().await.revision().sequence();
    for member in members {
        let colour = *member == "colour";
        let change = move |note: &mut Note| {
            if colour {
                note.colour.push('!');
            } else {
                note.text.push('!');
            }
            Ok(())
        };
        server.store.modify(&1, change).await.unwrap();
    }
    (server, format!("\"{before}\""))
}

async fn edit(server: &Server, etag: &str, body: &Value) -> Answer {
    server.send(Request::patch("/notes/1").header("if-match", etag), body).await
}

#[tokio::test]
async fn disjoint_changes_are_both_kept() {
    let (server, etag) = changed(&["colour"]).await;
    let answer = edit(&server, &etag, &json!({ "text": "tea" })).await;
    assert_eq!((answer.status, answer.json()), (StatusCode::OK, json!({ "id": 1, "text": "tea", "colour": "!" })));
}

#[tokio::test]
async fn overlapping_changes_conflict() {
    let (server, etag) = changed(&["colour", "text"]).await;
    assert_eq!(edit(&server, &etag, &json!({ "text": "tea" })).await.status, StatusCode::CONFLICT);
    assert_eq!(server.store.get::<Note>(&1).await.unwrap().value().text, "milk!");
}

#[tokio::test]
async fn what_the_change_log_has_forgotten_is_refused() {
    let (server, etag) = changed(&["colour", "colour", "colour"]).await;
    assert_eq!(edit(&server, &etag, &json!({ "text": "tea" })).await.status, StatusCode::PRECONDITION_FAILED);
}

#[tokio::test]
async fn a_tag_of_something_else_is_refused() {
    let (server, _) = changed(&["colour"]).await;
    assert_eq!(edit(&server, "\"theirs\"", &json!({ "text": "tea" })).await.status, StatusCode::PRECONDITION_FAILED);
}

/// Tags of other resources lie between two of this one, since the store counts the writes of all.
#[tokio::test]
async fn a_tag_of_another_resource_is_no_former_one_of_this() {
    for dialect in [MERGING, Dialect { codec: Dialect::RFC_9110.codec, ..MERGING }] {
        let server = Server::new(dialect.clone());
        let before = server.fill().await;
        let other = server.store.create(&Note { id: 2, ..before.value().clone() }).await.unwrap();
        let edit = |note: &mut Note| {
            note.colour.push('!');
            Ok(())
        };
        server.store.modify(&1, edit).await.unwrap();
        let tag = |head: &Head| dialect.codec.encode(Note::MODEL, head).to_string();
        let patched = async |etag: &str| {
            let request = Request::patch("/notes/1").header("if-match", etag);
            server.send(request, &json!({ "text": "tea" })).await.status
        };
        assert_eq!(patched(&tag(other.head())).await, StatusCode::PRECONDITION_FAILED);
        assert_eq!(patched(&tag(before.head())).await, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_delete_under_an_older_tag_conflicts() {
    let (server, etag) = changed(&["colour"]).await;
    let delete = Request::delete("/notes/1").header("if-match", etag);
    assert_eq!(server.send(delete, &Value::Null).await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn the_current_state_spelled_in_a_way_that_does_not_compare_is_one_since_which_nothing_changed() {
    let (server, etag) = changed(&[]).await;
    let answer = edit(&server, &format!("W/{etag}"), &json!({ "text": "tea" })).await;
    assert_eq!(answer.status, StatusCode::OK);
}
