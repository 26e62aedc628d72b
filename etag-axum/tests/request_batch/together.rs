//! What happens together.

use etag_axum::RequestBatch;
use etag_core::{BatchStep, Refusal, RefusalKind, Store as _};
use serde_json::json;

use crate::{
    api::{Answer, Server},
    form::{Part, alone, together},
};

fn create(id: &str, text: &str) -> Part {
    Part::post("/api/notes").json(&json!({"id": id, "text": text}))
}

/// The only step failed.
fn failed(answer: &Answer) -> u16 {
    let [BatchStep::Alone(culprit)] = &answer.steps[..] else { panic!("one answer to the step: {answer:?}") };
    culprit.status
}

#[tokio::test]
async fn all_is_done() {
    let server = Server::new();
    server.add("1", "milk").await;
    let tag = server.tag("1").await;
    let steps =
        [together([create("2", "eggs").id("a"), Part::patch("/api/notes/1", "tea").if_match(tag.as_deref()).id("b")])];
    let answer = server.batch(&steps).await;
    assert!(matches!(&answer.steps[..], [BatchStep::Together(answers)] if answers.len() == 2));
    assert_eq!((answer.statuses(), answer.ids()), (vec![201, 200], vec![Some("a"), Some("b")]));
    // The tags that are told are the ones that the next condition is compared with (rule T6).
    assert_eq!(answer.parts()[0].header("etag"), server.tag("2").await);
    assert_eq!(answer.parts()[1].header("etag"), server.tag("1").await);
}

#[tokio::test]
async fn what_fails_by_itself_undoes_all() {
    let server = Server::new();
    let answer = server.batch(&[together([create("1", "milk"), Part::delete("/api/notes/2").id("culprit")])]).await;
    assert_eq!((failed(&answer), answer.ids()), (404, vec![Some("culprit")]));
    assert_eq!(server.text("1").await, None);
}

#[tokio::test]
async fn what_fails_in_the_commit_undoes_all() {
    let server = Server::new();
    server.add("2", "there").await;
    let answer =
        server.batch(&[together([create("1", "milk"), create("2", "eggs").id("culprit"), create("3", "tea")])]).await;
    assert_eq!((failed(&answer), answer.ids()), (409, vec![Some("culprit")]));
    assert_eq!((server.text("1").await, server.text("2").await.as_deref()), (None, Some("there")));
}

#[tokio::test]
async fn a_stale_condition_undoes_all() {
    let server = Server::new();
    server.add("1", "milk").await;
    let tag = server.tag("1").await;
    let change = |text| Part::patch("/api/notes/1", text).if_match(tag.as_deref());
    let answer = server.batch(&[together([change("tea"), change("eggs").id("culprit")])]).await;
    assert_eq!((failed(&answer), answer.ids()), (412, vec![Some("culprit")]));
    assert_eq!(server.text("1").await.as_deref(), Some("milk"));
}

#[tokio::test]
async fn a_failure_tells_no_tag_that_nothing_has() {
    let server = Server::new();
    server.add("1", "milk").await;
    let post = |id: &str, what: &str| Part::post(&format!("/api/notes/{id}/{what}"));
    for (first, second, tag) in [
        (create("2", "tea"), post("1", "refuse"), server.tag("1").await),
        (Part::patch("/api/notes/1", "tea"), post("1", "refuse"), None),
        (post("2", "clash"), post("2", "clash"), None),
    ] {
        let answer = server.batch(&[together([first, second])]).await;
        assert_eq!((failed(&answer), answer.parts()[0].header("etag")), (409, tag));
    }
}

#[tokio::test]
async fn later_ones_refer_to_what_earlier_ones_create() {
    let server = Server::new();
    let answer = server
        .batch(&[together([
            create("1", "milk").id("7"),
            Part::patch("$7", "eggs").id("8"),
            Part::post("/api/remarks").json(&json!({"id": "2", "note@odata.bind": "$7"})),
            // What changes something is referred to by what it changes.
            Part::post("/api/remarks").json(&json!({"id": "3", "note@odata.bind": "$8"})),
        ])])
        .await;
    assert_eq!(answer.statuses(), [201, 200, 201, 201]);
    assert_eq!(server.text("1").await.as_deref(), Some("eggs"));
    assert_eq!(server.text("2").await.as_deref(), Some("https://notes.example/api/notes/1"));
    assert_eq!(server.text("3").await.as_deref(), Some("/api/notes/1"));
}

#[tokio::test]
async fn a_reference_to_nothing_undoes_all() {
    let own_words: fn(RequestBatch) -> RequestBatch = |batch| {
        let words =
            |reference: &str| format!("Content-ID Reference: '{reference}' does not exist in the batch context.");
        batch.telling_unknown_references(move |reference| Refusal::new(RefusalKind::Invalid).saying(words(reference)))
    };
    let server = Server::new().with(own_words);
    for culprit in [
        Part::patch("$8", "eggs"),
        Part::post("/api/remarks").json(&json!({"id": "2", "note@odata.bind": "$8"})),
        // Nothing was created by it.
        Part::patch("$9", "eggs"),
    ] {
        let first = alone(Part::get("/api/echo").id("8"));
        let second = together([create("1", "milk"), Part::post("/api/notes/0/count").id("9"), culprit.id("culprit")]);
        server.add("0", "0").await;
        let answer = server.batch(&[first, second]).await;
        assert_eq!((answer.statuses(), answer.ids()[1]), (vec![200, 400], Some("culprit")));
        let text = answer.parts()[1].text();
        assert!(text.contains("Content-ID Reference: '$") && text.contains("does not exist"), "{text}");
        assert_eq!((server.text("1").await, server.text("0").await.as_deref()), (None, Some("0")));
        server.batch(&[alone(Part::delete("/api/notes/0"))]).await;
    }
}

#[tokio::test]
async fn a_read_is_shown_what_comes_before_it_with_the_tag_that_it_gets() {
    let server = Server::new();
    server.add("1", "milk").await;
    let steps = [together([
        Part::get("/api/notes/1"),
        create("2", "tea").id("new"),
        Part::patch("/api/notes/1", "eggs"),
        Part::get("/api/notes/1"),
        Part::get("$new"),
    ])];
    let answer = server.batch(&steps).await;
    assert_eq!(answer.statuses(), [200, 201, 200, 200, 200]);
    assert_eq!(answer.parts()[0].json()["text"], "milk");
    assert_eq!(
        (&answer.parts()[3].json()["text"], answer.parts()[3].header("etag")),
        (&json!("eggs"), server.tag("1").await)
    );
    assert_eq!(
        (&answer.parts()[4].json()["text"], answer.parts()[4].header("etag")),
        (&json!("tea"), server.tag("2").await)
    );
}

#[tokio::test]
async fn reads_are_refused_where_the_form_has_none_there() {
    let server = Server::new().with(RequestBatch::without_reads_together);
    for method in ["GET", "HEAD"] {
        let answer =
            server.batch(&[together([create("1", "milk"), Part::new(method, "/api/echo").id("culprit")])]).await;
        assert_eq!((failed(&answer), answer.ids()), (400, vec![Some("culprit")]));
        assert_eq!(server.text("1").await, None);
    }
    assert_eq!(server.batch(&[alone(Part::get("/api/echo"))]).await.statuses(), [200]);
}

#[tokio::test]
async fn an_idempotency_key_is_refused() {
    let server = Server::new();
    let answer = server.batch(&[together([create("1", "milk").header("Idempotency-Key", "k")])]).await;
    assert_eq!((failed(&answer), server.text("1").await), (400, None));
}

#[tokio::test]
async fn nothing_that_was_not_done_is_told_as_done() {
    let server = Server::new();
    server.add("1", "milk").await;
    let answer = server.batch(&[together([create("2", "eggs"), Part::post("/api/notes/1/shrug").id("culprit")])]).await;
    assert_eq!((failed(&answer), answer.ids()), (409, vec![Some("culprit")]));
    assert_eq!(server.text("2").await, None);
}

#[tokio::test]
async fn a_store_that_can_not_is_503() {
    let server = Server::new();
    server.store.close().await;
    let answer = server.batch(&[together([create("1", "milk").id("first"), create("2", "eggs")])]).await;
    assert_eq!((failed(&answer), answer.ids()), (503, vec![Some("first")]));
    assert!(answer.parts()[0].header("retry-after").is_some());
}

#[tokio::test]
async fn nothing_may_happen_together() {
    let answer = Server::new().batch(&[together([])]).await;
    assert_eq!(answer.steps, [BatchStep::Together(vec![])]);
}

#[tokio::test]
async fn a_reference_stands_for_a_path_whatever_was_asked_about_it() {
    let server = Server::new();
    server.add("1", "milk").await;
    let changed = |target: &str| Part::patch(target, "1").id("a");
    let answer = server.batch(&[together([changed("/api/notes/1?select=text"), Part::post("$a/count")])]).await;
    assert_eq!(answer.statuses(), [200, 200]);
    assert_eq!(server.text("1").await.as_deref(), Some("2"));

    let below = server.with(|batch| batch.below("/api"));
    let answer = below.batch(&[together([changed("/notes/1"), Part::post("$a/count")])]).await;
    assert_eq!(answer.statuses(), [200, 200]);
}

#[tokio::test]
async fn a_read_of_what_a_later_one_deletes_has_not_failed() {
    let server = Server::new();
    server.add("1", "milk").await;
    let steps =
        [together([Part::patch("/api/notes/1", "eggs"), Part::get("/api/notes/1"), Part::delete("/api/notes/1")])];
    let answer = server.batch(&steps).await;
    assert_eq!(answer.statuses(), [200, 200, 204]);
    assert_eq!(answer.parts()[1].json()["text"], "eggs");
    // Nothing has the tag of a state that was passed over.
    assert_eq!(answer.parts()[1].header("etag"), None);
}
