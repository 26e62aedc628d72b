use etag_core::{Batch, ChangeRule, Conflict, Expectation, Put, Store, StoredTag, TagPlan};
use etag_sqlite::SqliteStore;

use crate::{
    model::{delete, digest, key},
    temporary::Directory,
};

/// A document with two fields, of which so many changes are remembered.
fn logged(title: &str, done: bool, keep: u16) -> Put {
    let body = format!("{{\"title\":{title:?},\"done\":{done}}}");
    let content = digest(&body);
    let mut put = Put::new(key("1"), Expectation::Unconditional, TagPlan::Revision, content, 1, body.into());
    put.changes = ChangeRule::last(keep);
    put
}

async fn write(store: &SqliteStore, put: Put) -> StoredTag {
    let done = store.commit(Batch::new().put(put)).await.unwrap();
    done.items[0].head.clone().unwrap().tag
}

/// The conflict with the state that is stored.
async fn conflict(store: &SqliteStore, stale: &StoredTag) -> Conflict {
    let mut put = logged("mine", true, 2);
    put.expectation = Expectation::matches(stale.clone());
    store.commit(Batch::new().put(put)).await.unwrap_err().conflicts()[0].clone()
}

#[tokio::test]
async fn a_conflict_names_the_changed_fields_after_a_reopen() {
    let directory = Directory::new();
    let store = directory.store().await;
    let first = write(&store, logged("a", false, 2)).await;
    let second = write(&store, logged("b", false, 2)).await;
    write(&store, logged("b", true, 2)).await;
    store.close().await;
    let store = directory.store().await;
    assert_eq!(conflict(&store, &first).await.changed.unwrap(), ["done", "title"]);
    assert_eq!(conflict(&store, &second).await.changed.unwrap(), ["done"]);
}

#[tokio::test]
async fn what_is_older_than_the_log_is_not_known() {
    let directory = Directory::new();
    let store = directory.store().await;
    let first = write(&store, logged("a", false, 2)).await;
    for title in ["b", "c", "d"] {
        write(&store, logged(title, false, 2)).await;
    }
    assert_eq!(conflict(&store, &first).await.changed, None);
}

#[tokio::test]
async fn the_log_goes_with_its_resource() {
    let directory = Directory::new();
    let store = directory.store().await;
    let first = write(&store, logged("a", false, 2)).await;
    write(&store, logged("b", false, 2)).await;
    store.commit(Batch::new().delete(delete("1", Expectation::Exists))).await.unwrap();
    let logs: i64 =
        directory.connection().query_row("SELECT count(*) FROM etag_changes", [], |row| row.get(0)).unwrap();
    assert_eq!(logs, 0);
    write(&store, logged("c", false, 2)).await;
    assert_eq!(conflict(&store, &first).await.changed, None);
}

#[tokio::test]
async fn a_damaged_log_is_corrupt() {
    let directory = Directory::new();
    let store = directory.store().await;
    let first = write(&store, logged("a", false, 2)).await;
    write(&store, logged("b", false, 2)).await;
    directory.connection().execute("UPDATE etag_changes SET log = '{'", []).unwrap();
    let mut put = logged("mine", true, 2);
    put.expectation = Expectation::matches(first);
    let error = store.commit(Batch::new().put(put)).await.unwrap_err();
    assert_eq!(error.kind(), etag_core::ErrorKind::Corrupt, "{error}");
}
