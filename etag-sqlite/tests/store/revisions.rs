use std::{collections::HashSet, fs};

use etag_core::{Durability, Expectation, Revision, Store};
use etag_sqlite::SqliteStore;

use crate::{
    model::{key, put, remove, tag_of, write},
    temporary::Directory,
};

async fn next(store: &impl Store, id: &str, text: &str) -> Revision {
    write(store, id, text, Expectation::Unconditional).await.unwrap().1.revision
}

#[tokio::test]
async fn a_deleted_resource_made_again_has_another_tag() {
    let directory = Directory::new();
    let store = directory.store().await;
    let (_, former) = write(&store, "1", "text", Expectation::Absent).await.unwrap();
    remove(&store, "1").await;
    let (_, again) = write(&store, "1", "text", Expectation::Absent).await.unwrap();
    assert_ne!(former.tag, again.tag);
    let error = write(&store, "1", "late", Expectation::matches(former.tag)).await.unwrap_err();
    assert!(error.is_stale() && error.conflicts()[0].is_about_a_former_resource());
}

#[tokio::test]
async fn no_revision_is_given_twice_through_deletes_rejections_and_restarts() {
    let directory = Directory::new();
    let mut seen = HashSet::new();
    for durability in [Durability::Power, Durability::Kill, Durability::Kill, Durability::Power] {
        let store = SqliteStore::builder(directory.file()).durability(durability).open().await.unwrap();
        for round in 0..5 {
            assert!(seen.insert(next(&store, "1", &format!("{durability:?} {round} {}", seen.len())).await));
            let rejected = etag_core::Batch::new().put(put("1", "never", Expectation::Unconditional)).put(put(
                "1",
                "never",
                Expectation::Absent,
            ));
            store.commit(rejected).await.unwrap_err();
            assert!(seen.insert(next(&store, "2", "text").await));
            remove(&store, "2").await;
        }
        store.close().await;
    }
    let sequences: HashSet<_> = seen.iter().map(|revision| revision.sequence()).collect();
    assert_eq!(sequences.len(), 40);
}

/// A conflict tells of the state that an earlier item of its batch would have left.
#[tokio::test]
async fn a_revision_that_a_conflict_told_is_not_given_after_a_restart() {
    let directory = Directory::new();
    let store = directory.store().await;
    let twice = [put("1", "never", Expectation::Absent), put("1", "never", Expectation::Absent)];
    let error = store.commit(twice.into_iter().collect()).await.unwrap_err();
    let told = error.conflicts()[0].met.as_ref().unwrap().revision;
    store.close().await;
    assert_ne!(next(&directory.store().await, "1", "text").await, told);
}

/// A file as a loss of power may leave it where commits are not flushed: the numbers behind its counter, up to the
/// reservation, may have been given out.
#[tokio::test]
async fn no_revision_is_given_twice_after_a_loss_of_power() {
    let directory = Directory::new();
    let open = || SqliteStore::builder(directory.file()).durability(Durability::Kill).open();
    let store = open().await.unwrap();
    next(&store, "1", "reserves").await;
    store.close().await;
    let connection = directory.connection();
    let known = "SELECT last_sequence, reserved FROM etag_meta";
    let (last, reserved): (i64, i64) = connection.query_row(known, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    drop(connection);
    assert!(last < reserved, "numbers up to {reserved} may have been given out, and {last} is all that the file knows");
    let after = next(&open().await.unwrap(), "1", "after").await;
    assert!(i64::try_from(after.sequence()).unwrap() > reserved);
}

#[tokio::test]
async fn after_a_restore_a_rotated_epoch_keeps_old_tags_from_matching_new_states() {
    let directory = Directory::new();
    let store = directory.store().await;
    let in_backup = write(&store, "1", "a", Expectation::Absent).await.unwrap().1;
    store.close().await;
    let backup = fs::read(directory.file()).unwrap();
    let store = directory.store().await;
    let lost = write(&store, "1", "lost", Expectation::Exists).await.unwrap().1;
    store.close().await;
    fs::write(directory.file(), backup).unwrap();

    let store = directory.store().await;
    let epoch = store.rotate_epoch().await.unwrap();
    assert_eq!(tag_of(&store, "1").await, Some(in_backup.tag.clone()));
    let restored = write(&store, "1", "b", Expectation::matches(in_backup.tag)).await.unwrap().1;
    assert_eq!((restored.revision.epoch(), restored.revision.sequence()), (epoch, lost.revision.sequence()));
    assert!(write(&store, "1", "c", Expectation::matches(lost.tag)).await.unwrap_err().is_stale());
}

#[tokio::test]
async fn the_epoch_stays_through_a_restart() {
    let directory = Directory::new();
    let store = directory.store().await;
    let before = next(&store, "1", "a").await;
    store.close().await;
    let store = directory.store().await;
    assert_eq!(store.head(&key("1")).await.unwrap().unwrap().revision, before);
    assert_eq!(next(&store, "1", "b").await.epoch(), before.epoch());
}

#[tokio::test]
async fn two_stores_have_two_epochs() {
    let (one, other) = (Directory::new(), Directory::new());
    let epochs = (next(&one.store().await, "1", "a").await.epoch(), next(&other.store().await, "1", "a").await.epoch());
    assert_ne!(epochs.0, epochs.1);
}
