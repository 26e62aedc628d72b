//! Touches, cascades and detached children in the database.

use std::num::NonZeroUsize;

use etag_core::{Batch, Expectation, LinkRule, OnDelete, Scan, Store as _, Touch};
use etag_postgres::PostgresStore;

use crate::model::{CASCADE, RESTRICT, board, card, child, commit, database, delete, head, put, store};

#[tokio::test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
async fn a_childs_write_touches_its_parent_and_tells_before_and_after() {
    let store = store().await;
    commit(&store, put(board(1), Expectation::Absent, "b")).await.unwrap();
    let before = head(&store, &board(1)).await.tag;
    let done = commit(&store, child(put(card(1), Expectation::Absent, "c"), board(1), CASCADE)).await.unwrap();
    let after = head(&store, &board(1)).await.tag;
    assert_ne!(before, after);
    assert_eq!(done.touched.len(), 1);
    assert_eq!((&done.touched[0].before, done.touched[0].after.as_ref()), (&before, Some(&after)));
}

#[tokio::test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
async fn a_delete_takes_along_children_of_any_depth_in_one_commit() {
    let store = store().await;
    commit(&store, put(board(0), Expectation::Absent, "root")).await.unwrap();
    for level in 1..5 {
        let put = put(board(level), Expectation::Absent, "b");
        commit(&store, child(put, board(level - 1), CASCADE)).await.unwrap();
    }
    let tag = head(&store, &board(0)).await.tag;
    let done = commit(&store, delete(board(0), Expectation::matches(tag))).await.unwrap();
    assert_eq!(done.touched.iter().filter(|touched| touched.after.is_none()).count(), 4);
    assert!(store.scan(&Scan::new("boards", 10)).await.unwrap().items.is_empty());
}

#[tokio::test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
async fn a_child_that_restricts_keeps_its_parent_and_is_named() {
    let store = store().await;
    commit(&store, put(board(1), Expectation::Absent, "b")).await.unwrap();
    commit(&store, child(put(card(1), Expectation::Absent, "c"), board(1), RESTRICT)).await.unwrap();
    let error = commit(&store, delete(board(1), Expectation::Exists)).await.unwrap_err();
    assert_eq!(error.conflicts()[0].to_string(), "boards/1 has children that must be deleted or moved first: cards/1");
    commit(&store, delete(card(1), Expectation::Exists)).await.unwrap();
    commit(&store, delete(board(1), Expectation::Exists)).await.unwrap();
}

#[tokio::test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
async fn a_detached_child_stays_without_its_parent() {
    const DETACH: LinkRule = LinkRule { touch: Touch::Structure, on_delete: OnDelete::Detach, ..CASCADE };
    let store = store().await;
    commit(&store, put(board(1), Expectation::Absent, "b")).await.unwrap();
    commit(&store, child(put(card(1), Expectation::Absent, "c"), board(1), DETACH)).await.unwrap();
    let before = head(&store, &card(1)).await;
    commit(&store, delete(board(1), Expectation::Exists)).await.unwrap();
    let after = head(&store, &card(1)).await;
    assert_ne!(before.tag, after.tag);
    assert!(after.parents.is_any_detached());
    let under = Scan::new("cards", 10).under("board", board(1));
    assert!(store.scan(&under).await.unwrap().items.is_empty());
}

#[tokio::test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
async fn a_move_touches_both_parents_and_both_lists() {
    let store = store().await;
    for id in [1, 2] {
        commit(&store, put(board(id), Expectation::Absent, "b")).await.unwrap();
    }
    commit(&store, child(put(card(1), Expectation::Absent, "c"), board(1), CASCADE)).await.unwrap();
    let before = [head(&store, &board(1)).await.tag, head(&store, &board(2)).await.tag];
    commit(&store, child(put(card(1), Expectation::Exists, "c"), board(2), CASCADE)).await.unwrap();
    let after = [head(&store, &board(1)).await.tag, head(&store, &board(2)).await.tag];
    assert!(before[0] != after[0] && before[1] != after[1]);
    for (id, count) in [(1, 0), (2, 1)] {
        let under = Scan::new("cards", 10).under("board", board(id));
        assert_eq!(store.scan_tags(&under).await.unwrap().items.len(), count);
    }
}

#[tokio::test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
async fn a_batch_updates_a_child_and_deletes_its_parent_under_the_tags_held_before() {
    let store = store().await;
    commit(&store, put(board(1), Expectation::Absent, "b")).await.unwrap();
    commit(&store, child(put(card(1), Expectation::Absent, "c"), board(1), CASCADE)).await.unwrap();
    let [parent, item] = [head(&store, &board(1)).await.tag, head(&store, &card(1)).await.tag];
    let batch = Batch::new()
        .put(child(put(card(1), Expectation::matches(item), "edited"), board(1), CASCADE))
        .delete(delete(board(1), Expectation::matches(parent)));
    store.commit(batch).await.unwrap();
    assert!(store.head(&card(1)).await.unwrap().is_none());
}

#[tokio::test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
async fn a_delete_reaches_the_lowest_level_that_there_can_be() {
    let store = store().await;
    commit(&store, put(board(0), Expectation::Absent, "root")).await.unwrap();
    for level in 1..32 {
        let put = put(board(level), Expectation::Absent, "b");
        commit(&store, child(put, board(level - 1), CASCADE)).await.unwrap();
    }
    commit(&store, child(put(card(1), Expectation::Absent, "c"), board(31), CASCADE)).await.unwrap();
    let done = commit(&store, delete(board(0), Expectation::Exists)).await.unwrap();
    assert_eq!(done.touched.iter().filter(|touched| touched.after.is_none()).count(), 32);
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
async fn deletes_in_one_group_each_take_their_own_children_along() {
    const PARENTS: usize = 100;
    let store = PostgresStore::builder(database()).writers(NonZeroUsize::MIN).open().await.unwrap();
    for id in 0..PARENTS {
        let parent = Batch::new().put(put(board(id), Expectation::Absent, "b"));
        store.commit(parent.put(child(put(card(id), Expectation::Absent, "c"), board(id), CASCADE))).await.unwrap();
    }
    let deletes = (0..PARENTS).map(|id| {
        let store = store.clone();
        tokio::spawn(async move { commit(&store, delete(board(id), Expectation::Exists)).await })
    });
    for delete in deletes.collect::<Vec<_>>() {
        delete.await.unwrap().unwrap();
    }
    assert!(store.scan(&Scan::new("cards", 1)).await.unwrap().items.is_empty());
}
