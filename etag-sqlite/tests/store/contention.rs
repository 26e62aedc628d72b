use std::sync::Arc;

use etag_core::{Error, Expectation, Store, StoreExt};
use etag_sqlite::SqliteStore;
use tokio::sync::Barrier;

use crate::{
    model::{Counter, key, write},
    temporary::Directory,
};

const WRITERS: usize = 32;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_32_writers_with_one_tag_exactly_one_succeeds() {
    let directory = Directory::new();
    let store = directory.store().await;
    let (_, mut head) = write(&store, "1", "start", Expectation::Absent).await.unwrap();
    for round in 0..25 {
        let barrier = Arc::new(Barrier::new(WRITERS));
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (store, barrier, tag) = (store.clone(), Arc::clone(&barrier), head.tag.clone());
                tokio::spawn(async move {
                    barrier.wait().await;
                    write(&store, "1", &format!("{round} {writer}"), Expectation::matches(tag)).await
                })
            })
            .collect();
        let mut winners = Vec::new();
        for writer in writers {
            match writer.await.unwrap() {
                Ok((_, head)) => winners.push(head),
                Err(error) => assert!(error.is_stale(), "{error}"),
            }
        }
        assert_eq!(winners.len(), 1, "round {round}");
        head = winners.remove(0);
        assert_eq!(store.head(&key("1")).await.unwrap().unwrap(), head);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_32_creators_and_deleters_exactly_one_succeeds() {
    let directory = Directory::new();
    let store = directory.store().await;
    let created =
        race(&store, |store| async move { write(&store, "1", "mine", Expectation::Absent).await.map(drop) }).await;
    let tag = store.head(&key("1")).await.unwrap().unwrap().tag;
    let deleted = race(&store, move |store| {
        let delete = etag_core::Delete::new(key("1"), Expectation::matches(tag.clone()));
        async move { store.commit(etag_core::Batch::new().delete(delete)).await.map(drop) }
    })
    .await;
    assert_eq!((created, deleted), (1, 1));
}

/// How many of 32 callers at the same time succeed.
async fn race<F>(store: &SqliteStore, work: impl Fn(SqliteStore) -> F) -> usize
where
    F: Future<Output = Result<(), Error>> + Send + 'static,
{
    let callers: Vec<_> = (0..WRITERS).map(|_| tokio::spawn(work(store.clone()))).collect();
    let mut successes = 0;
    for caller in callers {
        successes += usize::from(caller.await.unwrap().is_ok());
    }
    successes
}

async fn counted(store: &SqliteStore) -> u64 {
    store.get::<Counter>(&"1".to_owned()).await.unwrap().count
}

async fn new_counter(store: &SqliteStore) {
    store.create(&Counter { id: "1".into(), count: 0 }).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_increment_is_lost_through_modify() {
    let directory = Directory::new();
    let store = directory.store().await;
    new_counter(&store).await;
    let callers: Vec<_> = (0..16)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                for _ in 0..50 {
                    let increment = |counter: &mut Counter| {
                        counter.count += 1;
                        Ok(())
                    };
                    store.modify(&"1".to_owned(), increment).await.unwrap();
                }
            })
        })
        .collect();
    for caller in callers {
        caller.await.unwrap();
    }
    assert_eq!(counted(&store).await, 16 * 50);
}

/// Increments until it has succeeded `times`, as a client does: read, replace under the tag, again where that is stale.
pub(crate) async fn increment_by_hand(store: &SqliteStore, times: usize) {
    for _ in 0..times {
        loop {
            let counter = store.get::<Counter>(&"1".to_owned()).await.unwrap();
            match counter.edit(|counter| counter.count += 1).save(store).await {
                Ok(_) => break,
                Err(error) => assert!(error.is_stale(), "{error}"),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_increment_is_lost_through_read_and_replace() {
    let directory = Directory::new();
    let store = directory.store().await;
    new_counter(&store).await;
    let callers: Vec<_> = (0..16)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move { increment_by_hand(&store, 15).await })
        })
        .collect();
    for caller in callers {
        caller.await.unwrap();
    }
    assert_eq!(counted(&store).await, 16 * 15);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_has_written_reads_it() {
    let directory = Directory::new();
    let store = directory.store().await;
    let callers: Vec<_> = (0..8)
        .map(|caller| {
            let store = store.clone();
            tokio::spawn(async move {
                for round in 0..50 {
                    let id = format!("{caller}");
                    let (_, head) = write(&store, &id, &format!("{round}"), Expectation::Unconditional).await.unwrap();
                    assert_eq!(store.head(&key(&id)).await.unwrap(), Some(head));
                }
            })
        })
        .collect();
    for caller in callers {
        caller.await.unwrap();
    }
}
