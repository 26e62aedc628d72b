use std::num::NonZeroUsize;

use etag_core::{
    Batch, Cause, Committed, Delete, Derives, Durability, Effect, Error, ErrorKind, Expectation, Head, Hold, Key,
    LedgerClaim, LedgerKey, LinkRule, Lock, OnDelete, ParentLink, Put, Replay, Store, TagPlan, Touch,
};
use etag_sqlite::SqliteStore;

use crate::{model::digest, temporary::Directory};

pub(crate) const TOUCHING: LinkRule = rule(Touch::Content, OnDelete::Cascade);

pub(crate) const fn rule(touch: Touch, on_delete: OnDelete) -> LinkRule {
    LinkRule { touch, lock: Lock::Family, on_delete, derives: Derives::Nothing }
}

pub(crate) fn board(id: &str) -> Key {
    Key::new("boards", id)
}

pub(crate) fn task(id: &str) -> Key {
    Key::new("tasks", id)
}

pub(crate) fn link(name: &'static str, parent: Key, rule: LinkRule) -> ParentLink {
    ParentLink { name: name.into(), parent, rule, hold: Hold::Held }
}

/// A document that names these parents.
pub(crate) fn child(key: Key, links: &[ParentLink], text: &str) -> Put {
    let body = format!("{{\"text\":{text:?}}}");
    let mut put = Put::new(key, Expectation::Unconditional, TagPlan::Revision, digest(text), 1, body.into());
    put.parents = links.iter().cloned().collect();
    put
}

pub(crate) async fn commit(store: &SqliteStore, put: Put) -> Committed {
    store.commit(Batch::new().put(put)).await.unwrap()
}

pub(crate) async fn head(store: &SqliteStore, key: Key) -> Head {
    store.head(&key).await.unwrap().expect("it is there")
}

async fn delete(store: &SqliteStore, key: Key) -> Result<Committed, Error> {
    store.commit(Batch::new().delete(Delete::new(key, Expectation::Exists))).await
}

/// A board with two tasks below it, written by a store that was closed since.
async fn reopened(directory: &Directory, rule: LinkRule) -> SqliteStore {
    let store = directory.store().await;
    commit(&store, child(board("1"), &[], "a board")).await;
    commit(&store, child(board("2"), &[], "another")).await;
    for id in ["a", "b"] {
        commit(&store, child(task(id), &[link("board", board("1"), rule)], "a task")).await;
    }
    store.close().await;
    directory.store().await
}

#[tokio::test]
async fn a_childs_write_touches_every_ancestor_after_a_reopen() {
    let directory = Directory::new();
    let store = reopened(&directory, TOUCHING).await;
    let item = Key::new("items", "i");
    let links = [link("task", task("a"), TOUCHING)];
    commit(&store, child(item.clone(), &links, "an item")).await;
    store.close().await;

    let store = directory.store().await;
    let (above, beside) = (head(&store, task("a")).await, head(&store, task("b")).await);
    let root = head(&store, board("1")).await;
    let done = commit(&store, child(item, &links, "changed")).await;
    let touched: Vec<_> = done.touched.iter().map(|touched| (&touched.key, &touched.before)).collect();
    assert_eq!(touched, [(&above.key, &above.tag), (&root.key, &root.tag)]);
    for touched in &done.touched {
        assert_eq!(Some(&head(&store, touched.key.clone()).await.tag), touched.after.as_ref());
    }
    assert_eq!(head(&store, task("b")).await, beside);
}

#[tokio::test]
async fn a_touch_leaves_the_document_as_it_was() {
    let directory = Directory::new();
    let store = reopened(&directory, TOUCHING).await;
    let before = store.read(&board("1")).await.unwrap().unwrap();
    commit(&store, child(task("a"), &[link("board", board("1"), TOUCHING)], "changed")).await;
    let after = store.read(&board("1")).await.unwrap().unwrap();
    assert_ne!(after.head.revision, before.head.revision);
    assert_eq!((after.body, after.head.content), (before.body, before.head.content));
}

#[tokio::test]
async fn a_touch_that_locks_nobody_keeps_the_revision_of_the_last_edit() {
    let directory = Directory::new();
    let own = LinkRule { lock: Lock::Own, ..TOUCHING };
    let store = reopened(&directory, own).await;
    let before = head(&store, board("1")).await;
    assert!(before.edited.sequence() < before.revision.sequence());
    let mut put = child(board("1"), &[], "renamed");
    put.expectation = Expectation::matches(before.tag.clone());
    commit(&store, child(task("a"), &[link("board", board("1"), own)], "changed")).await;
    store.close().await;
    let store = directory.store().await;
    let touched = head(&store, board("1")).await;
    assert_eq!(touched.edited, before.edited);
    assert_ne!(touched.revision, before.revision);
    commit(&store, put).await;
    assert_eq!(head(&store, board("1")).await.edited, head(&store, board("1")).await.revision);
}

#[tokio::test]
async fn a_move_touches_both_parents_and_changes_whose_child_it_is() {
    let directory = Directory::new();
    let store = reopened(&directory, rule(Touch::Structure, OnDelete::Restrict)).await;
    let before = [head(&store, board("1")).await.tag, head(&store, board("2")).await.tag];
    let moved = child(task("a"), &[link("board", board("2"), rule(Touch::Structure, OnDelete::Restrict))], "a task");
    let done = commit(&store, moved).await;
    let left: Vec<_> = done.touched.iter().map(|touched| touched.before.clone()).collect();
    assert!(before.iter().all(|tag| left.contains(tag)), "{left:?}");
    store.close().await;

    let store = directory.store().await;
    assert_eq!(head(&store, task("a")).await.parents.of_link("board"), Some(&board("2")));
    for (id, child) in [("1", "b"), ("2", "a")] {
        let error = delete(&store, board(id)).await.unwrap_err();
        assert_eq!(error.conflicts()[0].cause, Cause::HasChildren { children: vec![task(child)] });
    }
}

#[tokio::test]
async fn a_delete_that_cascades_takes_the_children_along_after_a_reopen() {
    let directory = Directory::new();
    let store = reopened(&directory, TOUCHING).await;
    let done = delete(&store, board("1")).await.unwrap();
    assert_eq!(done.touched.iter().filter(|touched| touched.after.is_none()).count(), 2);
    for id in ["a", "b"] {
        assert_eq!(store.head(&task(id)).await.unwrap(), None);
    }
    assert_eq!(links_of_all(&directory), 0);
}

#[tokio::test]
async fn a_delete_is_restricted_by_children_after_a_reopen_until_they_go() {
    let directory = Directory::new();
    let store = reopened(&directory, rule(Touch::None, OnDelete::Restrict)).await;
    assert_eq!(delete(&store, board("1")).await.unwrap_err().kind(), ErrorKind::HasChildren);
    for id in ["a", "b"] {
        delete(&store, task(id)).await.unwrap();
    }
    delete(&store, board("1")).await.unwrap();
}

#[tokio::test]
async fn a_detached_child_stays_and_no_longer_holds_to_a_parent_that_comes_again() {
    let directory = Directory::new();
    let store = reopened(&directory, rule(Touch::None, OnDelete::Detach)).await;
    let before = head(&store, task("a")).await;
    delete(&store, board("1")).await.unwrap();
    store.close().await;

    let store = directory.store().await;
    let detached = head(&store, task("a")).await;
    assert_ne!(detached.tag, before.tag);
    assert!(detached.parents.is_any_detached() && detached.parents.of_link("board").is_none());
    commit(&store, child(board("1"), &[], "a board again")).await;
    delete(&store, board("1")).await.unwrap();
    assert_eq!(head(&store, task("a")).await, detached);
    assert_eq!(links_of_all(&directory), 0);
}

#[tokio::test]
async fn a_child_of_two_links_to_one_parent_counts_once() {
    let directory = Directory::new();
    let store = directory.store().await;
    commit(&store, child(board("1"), &[], "a board")).await;
    let detaching = rule(Touch::None, OnDelete::Detach);
    let links = ["a", "b", "c", "d"].map(|name| link(name, board("1"), detaching));
    let batch: Batch = (0..600)
        .map(|number| {
            let links = if number < 300 { &links[..3] } else { &links[3..] };
            child(task(&number.to_string()), links, "a task")
        })
        .collect();
    store.commit(batch).await.unwrap();
    assert_eq!(links_of_all(&directory), 1_200);
    delete(&store, board("1")).await.unwrap();
    assert_eq!(links_of_all(&directory), 0);
}

#[tokio::test]
async fn a_child_without_its_parent_is_refused_and_nothing_is_written() {
    let directory = Directory::new();
    let store = directory.store().await;
    let orphan = child(task("a"), &[link("board", board("no"), TOUCHING)], "a task");
    let error = store.commit(Batch::new().put(orphan)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoParent);
    assert_eq!(links_of_all(&directory), 0);
}

#[tokio::test]
async fn the_ledger_remembers_what_was_touched() {
    let directory = Directory::new();
    let store = reopened(&directory, TOUCHING).await;
    let key = LedgerKey { principal: "me".into(), key: "k".into() };
    let claim = LedgerClaim { key, fingerprint: digest("request"), keep_for: std::time::Duration::from_secs(60) };
    let changed = child(task("a"), &[link("board", board("1"), TOUCHING)], "changed");
    let batch = Batch::new().put(changed).delete(Delete::new(board("2"), Expectation::Exists)).once(claim);
    let first = store.commit(batch.clone()).await.unwrap();
    store.close().await;
    let again = directory.store().await.commit(batch).await.unwrap();
    assert_eq!((again.replay, again.touched.len()), (Replay::Repeated, 1));
    assert_eq!((again.items, again.touched), (first.items, first.touched));
}

#[tokio::test]
async fn a_resource_without_parents_never_touches_the_links() {
    let directory = Directory::new();
    let store = directory.store().await;
    let forbidden = "CREATE TRIGGER no_insert BEFORE INSERT ON children BEGIN SELECT RAISE(ABORT, 'touched'); END;
         ALTER TABLE etag_changes RENAME TO hidden";
    directory.connection().execute_batch(forbidden).unwrap();
    for text in ["created", "changed"] {
        commit(&store, child(board("1"), &[], text)).await;
    }
    assert_eq!(delete(&store, board("1")).await.unwrap().items[0].effect, Effect::Deleted);
}

#[tokio::test]
async fn a_write_that_keeps_its_parents_leaves_the_links_alone() {
    let directory = Directory::new();
    let store = reopened(&directory, TOUCHING).await;
    let forbidden = "CREATE TRIGGER no_insert BEFORE INSERT ON children BEGIN SELECT RAISE(ABORT, 'touched'); END;
         CREATE TRIGGER no_delete BEFORE DELETE ON children BEGIN SELECT RAISE(ABORT, 'touched'); END";
    directory.connection().execute_batch(forbidden).unwrap();
    commit(&store, child(task("a"), &[link("board", board("1"), TOUCHING)], "changed")).await;
}

/// A loss of power may take commits that were not flushed, and must not bring back the numbers of their touches.
#[tokio::test]
async fn touches_never_draw_more_numbers_than_are_reserved() {
    let directory = Directory::new();
    let detaching = rule(Touch::None, OnDelete::Detach);
    reopened(&directory, detaching).await.close().await;
    let options = SqliteStore::builder(directory.file()).durability(Durability::Kill).readers(NonZeroUsize::MIN);
    let store = options.open().await.unwrap();
    commit(&store, child(board("2"), &[], "reserves")).await;
    directory.connection().execute("UPDATE etag_meta SET reserved = last_sequence + 1", []).unwrap();
    delete(&store, board("1")).await.unwrap();
    let known = "SELECT last_sequence <= reserved FROM etag_meta";
    assert!(directory.connection().query_row(known, [], |row| row.get::<_, bool>(0)).unwrap());
    assert!(head(&store, task("b")).await.parents.is_any_detached());
}

fn links_of_all(directory: &Directory) -> i64 {
    directory.connection().query_row("SELECT count(*) FROM children", [], |row| row.get(0)).unwrap()
}
