//! A hand-written API over a store that was closed and opened again.

use axum::{Router, body::Body, extract::Path, response::Response, routing::delete};
use etag_axum::{Change, Dialogue, Exchange, Refused};
use etag_core::{AllowUnconditional, Dialect, Store as _, StoreExt as _, Versioned, WriteKind};
use etag_sqlite::SqliteStore;
use http::{Request, StatusCode};
use serde::{Deserialize, Serialize};
use tower::ServiceExt as _;

#[derive(Clone, Serialize, Deserialize, Versioned)]
#[versioned(collection = "lists", validator = revision)]
struct List {
    #[versioned(id)]
    id: u32,
    #[serde(default)]
    #[versioned(derived)]
    entries: u32,
}

#[derive(Clone, Serialize, Deserialize, Versioned)]
#[versioned(collection = "entries", validator = revision)]
struct Entry {
    #[versioned(id)]
    id: u32,
    #[versioned(parent(List, touch = content, derive = count))]
    list: u32,
}

fn count(list: &mut List, before: Option<&Entry>, after: Option<&Entry>) {
    list.entries = list.entries + u32::from(after.is_some()) - u32::from(before.is_some());
}

async fn remove(exchange: Exchange, Path(id): Path<u32>) -> Result<Response, Refused> {
    let done = exchange.write::<Entry>(WriteKind::Delete, &id).run(|_| Ok(Change::delete())).await?;
    exchange.answer(StatusCode::OK, done.before.as_ref().expect("a delete has met a state"), &())
}

#[tokio::test]
async fn the_first_delete_after_a_restart_is_followed_by_the_parent() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("lists.db");
    let store = SqliteStore::open(&path).await.unwrap();
    store.create(&List { id: 1, entries: 0 }).await.unwrap();
    store.create(&Entry { id: 7, list: 1 }).await.unwrap();
    store.close().await;

    let store = std::sync::Arc::new(SqliteStore::open(&path).await.unwrap());
    let dialect = Dialect { missing: &AllowUnconditional, ..Dialect::RFC_9110 };
    let dialogue = Dialogue::new(std::sync::Arc::clone(&store), dialect);
    let app = dialogue.serve(Router::new().route("/entries/{id}", delete(remove)));
    let answer = app.oneshot(Request::delete("/entries/7").body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(store.get::<List>(&1).await.unwrap().entries, 0);
}
