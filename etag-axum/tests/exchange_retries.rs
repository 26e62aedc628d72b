//! Writes that can't come to an end by being tried again.

use axum::extract::FromRequestParts as _;
use etag_axum::{Change, Dialogue, Exchange};
use etag_core::{
    AllowUnconditional, Dialect, Expectation, MemoryStore, RefusalKind, StoreExt as _, Versioned, WriteKind,
    put_document,
};
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
#[versioned(collection = "notes", validator = revision)]
struct Note {
    #[versioned(id)]
    id: String,
    text: String,
}

fn note(id: &str, text: &str) -> Note {
    Note { id: id.to_owned(), text: text.to_owned() }
}

async fn exchange() -> (MemoryStore, Exchange) {
    let store = MemoryStore::new();
    store.create(&note("a", "new")).await.unwrap();
    let dialect = Dialect { missing: &AllowUnconditional, ..Dialect::RFC_9110 };
    let dialogue = Dialogue::new(store.clone(), dialect);
    let (mut parts, ()) = http::Request::new(()).into_parts();
    let Ok(exchange) = Exchange::from_request_parts(&mut parts, &dialogue).await;
    (store, exchange)
}

#[tokio::test]
async fn a_state_of_a_companion_that_is_gone_is_not_waited_for() {
    let (store, exchange) = exchange().await;
    let held = store.create(&note("companion", "old")).await.unwrap();
    store
        .modify(&"companion".to_owned(), |note: &mut Note| {
            note.text.push('!');
            Ok(())
        })
        .await
        .unwrap();
    for kind in [WriteKind::Update, WriteKind::Create] {
        let mut calls = 0;
        let id = if kind == WriteKind::Create { "b" } else { "a" }.to_owned();
        let write = exchange.write::<Note>(kind, &id).unconditionally();
        let refused = write
            .run(|_| {
                calls += 1;
                let companion =
                    put_document(exchange.store(), &note("companion", "mine"), Expectation::At(held.revision()))?;
                Ok(Change::put(note(&id, "changed")).with(companion))
            })
            .await
            .unwrap_err();
        // It is no state that the client has named.
        assert_eq!((refused.0.kind, calls <= 2), (RefusalKind::Unavailable, true), "{kind:?} {calls}");
    }
}
