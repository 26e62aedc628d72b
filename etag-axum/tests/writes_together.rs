//! Several writes of one request: all are done, or none, and whoever is to blame is named.

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::extract::FromRequestParts as _;
use etag_axum::{Change, Dialogue, Exchange, NoneDone, Refused};
use etag_core::{
    Dialect, Expectation, MemoryStore, RefusalKind, Store, StoreExt as _, Versioned, WriteKind, put_document,
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

/// An exchange over notes with these ids.
async fn exchange(ids: &[&str]) -> (MemoryStore, Exchange) {
    let store = MemoryStore::new();
    for id in ids {
        store.create(&note(id, "new")).await.unwrap();
    }
    let dialogue = Dialogue::new(store.clone(), Dialect::RFC_9110);
    let (mut parts, ()) = http::Request::new(()).into_parts();
    let Ok(exchange) = Exchange::from_request_parts(&mut parts, &dialogue).await;
    (store, exchange)
}

async fn text(store: &dyn Store, id: &str) -> Option<String> {
    store.find::<Note>(&id.to_owned()).await.unwrap().map(|note| note.text.clone())
}

/// Writes a text under the tag that the note has now, or another one.
async fn rewrite(exchange: &Exchange, store: &MemoryStore, id: &str) -> Result<(), Refused> {
    let etag = match store.find::<Note>(&id.to_owned()).await? {
        Some(note) => note.etag().clone(),
        None => etag_core::ETag::strong("none").unwrap(),
    };
    let id = id.to_owned();
    let write = exchange.write::<Note>(WriteKind::Update, &id).naming(etag);
    write.run(|_| Ok(Change::put(note(&id, "rewritten")))).await.map(drop)
}

#[tokio::test]
async fn all_are_written_in_one_commit() {
    let (store, exchange) = exchange(&["a", "b"]).await;
    let ids = ["a", "b"];
    exchange.together(2, async |at, exchange: Exchange| rewrite(&exchange, &store, ids[at]).await).await.unwrap();
    let tags = [store.get::<Note>(&"a".to_owned()).await, store.get::<Note>(&"b".to_owned()).await];
    let times = tags.map(|note| note.unwrap().modified_at());
    assert_eq!(times[0], times[1]);
}

#[tokio::test]
async fn all_who_are_to_blame_are_named_and_nothing_is_written() {
    let (store, exchange) = exchange(&["a", "c"]).await;
    let ids = ["a", "b", "c", "d"];
    let done = exchange.together(4, async |at, exchange: Exchange| rewrite(&exchange, &store, ids[at]).await).await;
    let Err(NoneDone::Culprits(culprits)) = done else { panic!("two of them are absent") };
    let blamed: Vec<_> = culprits.iter().map(|(at, refused)| (*at, refused.0.kind)).collect();
    assert_eq!(blamed, [(1, RefusalKind::NotFound), (3, RefusalKind::NotFound)]);
    assert_eq!(text(&store, "a").await.unwrap(), "new");
}

#[tokio::test]
async fn one_that_is_refused_by_the_commit_is_named() {
    let (store, exchange) = exchange(&[]).await;
    let ids = ["a", "b", "a"];
    let create = async |at: usize, exchange: Exchange| {
        let id = ids[at].to_owned();
        exchange.write(WriteKind::Create, &id).run(|_| Ok(Change::put(note(&id, "new")))).await.map(drop)
    };
    let Err(NoneDone::Culprits(culprits)) = exchange.together(3, create).await else { panic!("one id is there twice") };
    assert_eq!(culprits.len(), 1);
    assert_eq!((culprits[0].0, culprits[0].1.0.kind), (2, RefusalKind::AlreadyExists));
    assert_eq!(text(&store, "b").await, None);
}

#[tokio::test]
async fn what_moved_meanwhile_is_judged_again() {
    let (store, exchange) = exchange(&["a", "b"]).await;
    let calls = AtomicUsize::new(0);
    let append = async |at: usize, exchange: Exchange| {
        // Somebody else changes the first after it was read, once.
        if calls.fetch_add(1, Ordering::Relaxed) == 1 {
            let first = store.get::<Note>(&"a".to_owned()).await?;
            store.replace(&note("a", "changed"), first.etag()).await?;
        }
        let id = ["a", "b"][at].to_owned();
        let write = exchange.write::<Note>(WriteKind::Action, &id).naming(store.get::<Note>(&id).await?.etag().clone());
        write.run(|state| Ok(Change::put(note(&id, &(state.unwrap().text.clone() + "!"))))).await.map(drop)
    };
    exchange.together(2, append).await.unwrap();
    assert_eq!(calls.load(Ordering::Relaxed), 4);
    assert_eq!(text(&store, "a").await.unwrap(), "changed!");
    assert_eq!(text(&store, "b").await.unwrap(), "new!");
}

#[tokio::test]
async fn what_another_finds_that_may_only_create_refuses_the_write() {
    let (store, exchange) = exchange(&["a", "taken"]).await;
    let claim = put_document(&store, &note("taken", "claim"), Expectation::Absent).unwrap();
    let (id, etag) = ("a".to_owned(), store.get::<Note>(&"a".to_owned()).await.unwrap().etag().clone());
    let write = exchange.write::<Note>(WriteKind::Update, &id).naming(etag);
    let refused = write.run(|_| Ok(Change::put(note("a", "renamed")).with(claim.clone()))).await.unwrap_err();
    assert_eq!(refused.0.kind, RefusalKind::AlreadyExists);
    assert_eq!(text(&store, "a").await.unwrap(), "new");
}

#[tokio::test]
async fn one_refusal_stands_for_all() {
    let (store, exchange) = exchange(&[]).await;
    let none = exchange.together(1, async |_, exchange: Exchange| rewrite(&exchange, &store, "a").await).await;
    assert_eq!(Refused::from(none.unwrap_err()).0.kind, RefusalKind::NotFound);
}
