//! What those who may write but not read learn of a state (rule H8): nothing.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use axum::{Router, body::Body};
use bytes::Bytes;
use etag_axum::{AccessRequest, Action, Api, Denied, Principal, Resource, ValueAccess};
use etag_core::{Expectation, MemoryStore, StoreExt as _, Versioned};
use futures_util::FutureExt as _;
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use serde::{Deserialize, Serialize};
use tower::ServiceExt as _;
use utoipa::ToSchema;

#[derive(Serialize, Deserialize, ToSchema, Versioned)]
#[versioned(collection = "notes", validator = revision)]
struct Note {
    #[versioned(id)]
    id: String,
    text: String,
    #[serde(default)]
    is_secret: bool,
}

fn note(id: &str, text: &str, is_secret: bool) -> Note {
    Note { id: id.to_owned(), text: text.to_owned(), is_secret }
}

/// Lets everybody write and nobody read.
async fn writers_only(request: AccessRequest) -> Result<Principal, Denied> {
    if request.action == Action::Read { Err(Denied::Forbidden) } else { Ok(Principal::new("ada")) }
}

async fn for_writers() -> Router {
    let store = MemoryStore::new();
    store.put(&note("there", "milk", true), Expectation::Absent).await.unwrap();
    Api::new(store).resource(Resource::<Note>::new()).authorize(writers_only).router()
}

async fn send(app: &Router, request: http::request::Builder, body: &'static str) -> (StatusCode, String) {
    let answer = app.clone().oneshot(request.body(Body::from(body)).unwrap()).await.unwrap();
    let (parts, body) = answer.into_parts();
    let body: Bytes = body.collect().await.unwrap().to_bytes();
    (parts.status, format!("{:?} {}", parts.headers, String::from_utf8_lossy(&body)))
}

#[tokio::test]
async fn a_412_does_not_tell_what_is_there_from_what_is_missing() {
    let app = for_writers().await;
    let mut answers = Vec::new();
    for id in ["there", "never"] {
        let put = Request::put(format!("/notes/{id}")).header("content-type", "application/json");
        let put = put.header("if-match", "\"x\"").header("prefer", "return=representation");
        let (status, answer) = send(&app, put, r#"{"text":"rum"}"#).await;
        assert_eq!(status, 412, "{answer}");
        answers.push(answer.replace(id, "{id}").replace("content-length", ""));
    }
    assert_eq!(answers[0].split_once('{').unwrap().1, answers[1].split_once('{').unwrap().1);
}

#[tokio::test]
async fn a_test_in_a_patch_is_for_those_who_may_read() {
    let app = for_writers().await;
    for guess in [
        r#"[{"op":"test","path":"/text","value":"milk"}]"#,
        r#"[{"op":"test","path":"/text","value":"rum"}]"#,
        r#"[{"op":"add","path":"/text","value":"tea"},{"op":"test","path":"/is_secret","value":true}]"#,
    ] {
        let patch = Request::patch("/notes/there").header("content-type", "application/json-patch+json");
        let (status, answer) = send(&app, patch.header("if-match", "*"), guess).await;
        assert_eq!(status, 403, "{guess}: {answer}");
    }
    let patch = Request::patch("/notes/there").header("content-type", "application/json-patch+json");
    let replace = r#"[{"op":"replace","path":"/text","value":"tea"}]"#;
    assert_eq!(send(&app, patch.header("if-match", "*"), replace).await.0, 204);
}

/// The state turns secret right after the hook has let it be read.
#[tokio::test]
async fn a_412_shows_the_very_state_that_the_hook_saw() {
    let store = Arc::new(MemoryStore::new());
    store.put(&note("there", "milk", false), Expectation::Absent).await.unwrap();
    let reads = AtomicUsize::new(0);
    let inner = Arc::clone(&store);
    let hook = move |access: &ValueAccess<'_, Note>| {
        if access.action != Action::Read {
            return Ok(());
        }
        if access.stored.is_some_and(|stored| stored.is_secret) {
            return Err(Denied::Forbidden);
        }
        if reads.fetch_add(1, Ordering::SeqCst) == 0 {
            let secret = note("there", "the code is 4711", true);
            let write = inner.put(&secret, Expectation::Unconditional);
            write.now_or_never().expect("memory is never waited for").unwrap();
        }
        Ok(())
    };
    let app = Api::new(store).resource(Resource::<Note>::new().authorize_value(hook)).router();
    let put = Request::put("/notes/there").header("content-type", "application/json");
    let put = put.header("if-match", "\"x\"").header("prefer", "return=representation");
    let (status, answer) = send(&app, put, r#"{"text":"rum"}"#).await;
    assert_eq!(status, 412);
    assert!(!answer.contains("4711"), "{answer}");
    assert!(answer.contains("milk"), "{answer}");
}
