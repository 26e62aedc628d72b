use etag_core::{Batch, Cursor, Delete, Expectation, Key, OnDelete, Scan, Store, Touch};
use etag_sqlite::SqliteStore;

use crate::{
    families::{TOUCHING, board, child, commit, link, rule, task},
    temporary::Directory,
};

/// The ids and the next place of a page under a board, by the rows and by the tags alike.
async fn page(store: &SqliteStore, id: &str, after: Option<Cursor>, limit: usize) -> (Vec<String>, Option<Cursor>) {
    let scan = Scan::new("tasks", limit).after(after).under("board", board(id));
    let rows = store.scan(&scan).await.unwrap();
    let tags = store.scan_tags(&scan).await.unwrap();
    let seen: Vec<_> = rows.items.iter().map(|row| (row.head.key.id().into(), row.head.tag.clone())).collect();
    let listed: Vec<_> = tags.items.iter().map(|entry| (entry.id.clone(), entry.tag.clone())).collect();
    assert_eq!((&seen, rows.next), (&listed, tags.next));
    (seen.into_iter().map(|(id, _)| id.to_string()).collect(), rows.next)
}

async fn filled(directory: &Directory) -> SqliteStore {
    let store = directory.store().await;
    for id in ["1", "2"] {
        commit(&store, child(board(id), &[], "a board")).await;
    }
    for (id, under) in [("c", "1"), ("x", "2"), ("a", "1"), ("b", "1"), ("y", "2")] {
        commit(&store, child(task(id), &[link("board", board(under), TOUCHING)], "a task")).await;
    }
    let other = child(Key::new("notes", "n"), &[link("board", board("1"), TOUCHING)], "no task");
    commit(&store, other).await;
    let by_another_link = child(task("z"), &[link("origin", board("1"), TOUCHING)], "of another link");
    commit(&store, by_another_link).await;
    store
}

#[tokio::test]
async fn a_parents_children_are_listed_in_the_order_of_creation() {
    let directory = Directory::new();
    let store = filled(&directory).await;
    commit(&store, child(task("c"), &[link("board", board("1"), TOUCHING)], "changed")).await;
    assert_eq!(page(&store, "1", None, 10).await, (vec!["c".into(), "a".into(), "b".into()], None));
    assert_eq!(page(&store, "no", None, 10).await, (vec![], None));
}

#[tokio::test]
async fn pages_under_a_parent_go_on_where_they_ended() {
    let directory = Directory::new();
    let store = filled(&directory).await;
    let (first, next) = page(&store, "1", None, 2).await;
    let (second, end) = page(&store, "1", next, 2).await;
    assert_eq!((first, second, end), (vec!["c".into(), "a".into()], vec!["b".into()], None));
}

#[tokio::test]
async fn a_page_under_a_parent_holds_through_moves_and_deletes() {
    let directory = Directory::new();
    let store = filled(&directory).await;
    let (_, next) = page(&store, "1", None, 1).await;
    commit(&store, child(task("a"), &[link("board", board("2"), TOUCHING)], "moved")).await;
    store.commit(Batch::new().delete(Delete::new(task("c"), Expectation::Exists))).await.unwrap();
    assert_eq!(page(&store, "1", next, 10).await, (vec!["b".into()], None));
    // The place in a list is that of the creation, whoever the parent was then.
    assert_eq!(page(&store, "2", None, 10).await.0, ["x", "a", "y"]);
}

#[tokio::test]
async fn a_detached_child_is_listed_under_no_parent() {
    let directory = Directory::new();
    let store = directory.store().await;
    commit(&store, child(board("1"), &[], "a board")).await;
    commit(&store, child(task("a"), &[link("board", board("1"), rule(Touch::None, OnDelete::Detach))], "text")).await;
    store.commit(Batch::new().delete(Delete::new(board("1"), Expectation::Exists))).await.unwrap();
    assert_eq!(page(&store, "1", None, 10).await, (vec![], None));
    assert_eq!(store.scan(&Scan::new("tasks", 10)).await.unwrap().items.len(), 1);
}

#[tokio::test]
async fn tags_under_a_parent_are_given_without_the_bodies() {
    let directory = Directory::new();
    let store = filled(&directory).await;
    // No body is a number, so whoever looks at it fails.
    directory.connection().execute("UPDATE documents SET body = 7", []).unwrap();
    let scan = Scan::new("tasks", 10).under("board", board("1"));
    assert_eq!(store.scan_tags(&scan).await.unwrap().items.len(), 3);
    store.scan(&scan).await.unwrap_err();
}
