use etag_core::{Cursor, Expectation, Key, Page, Put, Scan, Store, TagPlan};

use crate::{
    model::{digest, key, remove, write},
    temporary::Directory,
};

fn ids<T>(page: &Page<T>, id: impl Fn(&T) -> &str) -> Vec<String> {
    page.items.iter().map(|item| id(item).to_owned()).collect()
}

async fn page(store: &impl Store, after: Option<Cursor>, limit: usize) -> (Vec<String>, Option<Cursor>) {
    let scan = Scan::new("notes", limit).after(after);
    let rows = store.scan(&scan).await.unwrap();
    let tags = store.scan_tags(&scan).await.unwrap();
    let seen = ids(&rows, |row| row.head.key.id());
    assert_eq!((&seen, rows.next), (&ids(&tags, |entry| &entry.id), tags.next));
    for (row, entry) in rows.items.iter().zip(&tags.items) {
        assert_eq!(row.head.tag, entry.tag);
    }
    (seen, rows.next)
}

#[tokio::test]
async fn a_collection_is_listed_in_the_order_of_creation() {
    let directory = Directory::new();
    let store = directory.store().await;
    for id in ["c", "a", "b"] {
        write(&store, id, "text", Expectation::Absent).await.unwrap();
    }
    let elsewhere =
        Put::new(Key::new("tasks", "x"), Expectation::Absent, TagPlan::Revision, digest("x"), 1, "{}".into());
    store.commit(etag_core::Batch::new().put(elsewhere)).await.unwrap();
    write(&store, "c", "changed", Expectation::Exists).await.unwrap();
    assert_eq!(page(&store, None, 10).await, (vec!["c".into(), "a".into(), "b".into()], None));
}

#[tokio::test]
async fn the_last_page_has_no_next_one() {
    let directory = Directory::new();
    let store = directory.store().await;
    assert_eq!(page(&store, None, 2).await, (vec![], None));
    for id in ["1", "2", "3", "4"] {
        write(&store, id, "text", Expectation::Absent).await.unwrap();
    }
    let (first, next) = page(&store, None, 2).await;
    let (second, end) = page(&store, next, 2).await;
    assert_eq!((first, second, end), (vec!["1".into(), "2".into()], vec!["3".into(), "4".into()], None));
    assert_eq!(page(&store, None, usize::MAX).await.0.len(), 4);
}

#[tokio::test]
async fn a_cursor_holds_through_inserts_changes_and_deletes() {
    let directory = Directory::new();
    let store = directory.store().await;
    for id in ["1", "2", "3", "4", "5"] {
        write(&store, id, "text", Expectation::Absent).await.unwrap();
    }
    let (first, next) = page(&store, None, 2).await;
    // The very resource that the cursor stands on, one that was seen and one that was not.
    for id in ["2", "1", "4"] {
        remove(&store, id).await;
    }
    write(&store, "1", "again", Expectation::Absent).await.unwrap();
    write(&store, "3", "changed", Expectation::Exists).await.unwrap();
    let (rest, end) = page(&store, next, 10).await;
    assert_eq!(first, ["1", "2"]);
    assert_eq!((rest, end), (vec!["3".into(), "5".into(), "1".into()], None));
}

#[tokio::test]
async fn the_head_and_the_tags_are_given_without_the_body() {
    let directory = Directory::new();
    let store = directory.store().await;
    let (_, head) = write(&store, "1", "text", Expectation::Absent).await.unwrap();
    // No body is a number, so whoever looks at it fails.
    directory.connection().execute("UPDATE documents SET body = 7", []).unwrap();
    assert_eq!(store.head(&key("1")).await.unwrap(), Some(head));
    assert_eq!(store.scan_tags(&Scan::new("notes", 1)).await.unwrap().items.len(), 1);
    let error = store.read(&key("1")).await.unwrap_err();
    assert_eq!(error.kind(), etag_core::ErrorKind::Corrupt, "{error}");
}
