use std::time::{Duration, Instant};

use etag_core::{Batch, ErrorKind, Expectation, LedgerClaim, LedgerKey, Store, StoreExt};
use etag_sqlite::SqliteStore;

use crate::{
    model::{Counter, digest, put, write},
    temporary::Directory,
};

#[tokio::test]
async fn a_lock_that_stays_is_told_in_the_time_that_was_asked_for() {
    let directory = Directory::new();
    let store = SqliteStore::builder(directory.file()).busy_timeout(Duration::from_millis(20)).open().await.unwrap();
    let lock = directory.connection();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    let begun = Instant::now();
    let error = write(&store, "1", "text", Expectation::Absent).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert!(begun.elapsed() < Duration::from_secs(3), "it took {:?}", begun.elapsed());
}

/// Each of them is well within the bounds of a commit.
#[tokio::test]
async fn callers_of_modify_are_never_too_many_for_one_commit() {
    let directory = Directory::new();
    let store = SqliteStore::builder(directory.file()).batch(10, 1 << 20).open().await.unwrap();
    store.create(&Counter { id: "1".into(), count: 0 }).await.unwrap();
    let callers: Vec<_> = (0..64)
        .map(|_| {
            let store = store.clone();
            let increment = |counter: &mut Counter| {
                counter.count += 1;
                Ok(())
            };
            tokio::spawn(async move { store.modify(&"1".to_owned(), increment).await.map(drop) })
        })
        .collect();
    for caller in callers {
        caller.await.unwrap().unwrap();
    }
    assert_eq!(store.get::<Counter>(&"1".to_owned()).await.unwrap().count, 64);
}

#[tokio::test]
async fn what_the_ledger_can_not_keep_so_long_is_refused_and_nothing_is_written() {
    let directory = Directory::new();
    let store = directory.store().await;
    let key = LedgerKey { principal: String::new(), key: "k".into() };
    let claim = LedgerClaim { key, fingerprint: digest("request"), keep_for: Duration::MAX };
    let batch = Batch::new().put(put("1", "text", Expectation::Absent));
    assert_eq!(store.commit(batch.clone().once(claim)).await.unwrap_err().kind(), ErrorKind::TooLarge);
    store.commit(batch).await.unwrap();
}
