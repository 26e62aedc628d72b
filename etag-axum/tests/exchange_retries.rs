//! Writes that others overtake, some of which can't come to an end by being tried again.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

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
        let write = exchange.write::<Note>(kind, &id);
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

/// Somebody else changes it.
async fn overtake(store: &MemoryStore, id: &str) {
    let change = |note: &mut Note| {
        note.text.push('!');
        Ok(())
    };
    store.modify(&id.to_owned(), change).await.unwrap();
}

#[tokio::test]
async fn a_change_that_reads_anew_meets_each_companion_as_it_is() {
    let (store, exchange) = exchange().await;
    store.create(&note("companion", "old")).await.unwrap();
    let (id, companion, calls) = ("a".to_owned(), "companion".to_owned(), AtomicUsize::new(0));
    let write = exchange.write::<Note>(WriteKind::Update, &id).run_async(async |_| {
        let read = exchange.get::<Note>(&companion).await?;
        if calls.fetch_add(1, Relaxed) < 3 {
            overtake(&store, &companion).await;
        }
        let written = note("companion", &format!("{} read", read.text));
        let written = put_document(exchange.store(), &written, Expectation::At(read.revision()))?;
        Ok(Change::put(note("a", &read.text)).with(written))
    });
    assert_eq!(write.await.unwrap().before.unwrap().text, "new");
    assert_eq!(store.get::<Note>(&companion).await.unwrap().text, "old!!! read");
    assert_eq!(store.get::<Note>(&id).await.unwrap().text, "old!!!");
}

#[tokio::test]
async fn a_change_that_reads_anew_is_given_the_state_anew() {
    let (store, exchange) = exchange().await;
    let (id, calls) = ("a".to_owned(), AtomicUsize::new(0));
    let write = exchange.write::<Note>(WriteKind::Update, &id).run_async(async |state| {
        let text = state.ok_or(RefusalKind::Internal)?.text.clone();
        if calls.fetch_add(1, Relaxed) < 3 {
            overtake(&store, "a").await;
        }
        Ok(Change::put(note("a", &format!("{text}?"))))
    });
    write.await.unwrap();
    assert_eq!(store.get::<Note>(&id).await.unwrap().text, "new!!!?");
}

#[tokio::test]
async fn a_companion_that_came_to_be_meanwhile_is_found_by_who_looks_again() {
    for looks_again in [true, false] {
        let (store, exchange) = exchange().await;
        let (id, companion, calls) = ("a".to_owned(), "companion".to_owned(), AtomicUsize::new(0));
        let write = exchange.write::<Note>(WriteKind::Update, &id).run_async(async |_| {
            let read = if looks_again { exchange.find::<Note>(&companion).await? } else { None };
            if calls.fetch_add(1, Relaxed) == 0 {
                store.create(&note("companion", "theirs")).await?;
            }
            let expectation = read.map_or(Expectation::Absent, |read| Expectation::At(read.revision()));
            Ok(Change::put(note("a", "b")).with(put_document(
                exchange.store(),
                &note("companion", "mine"),
                expectation,
            )?))
        });
        let outcome = write.await.map(drop).map_err(|refused| refused.0.kind);
        let expected = if looks_again { (Ok(()), "mine") } else { (Err(RefusalKind::AlreadyExists), "theirs") };
        assert_eq!((outcome, &*store.get::<Note>(&companion).await.unwrap().text), expected);
        assert_eq!(calls.into_inner(), 2);
    }
}
