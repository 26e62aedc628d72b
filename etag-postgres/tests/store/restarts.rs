//! The server goes away and comes back (rules S6, X1).

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use etag_core::{ErrorKind, Expectation};
use etag_postgres::PostgresStore;
use private_postgres::{Fsync, Server};

use crate::model::{card, commit, head, put};

/// Increments one counter each, and counts what was acknowledged and what is not known.
struct Tally {
    done: AtomicUsize,
    unknown: AtomicUsize,
    refused: AtomicUsize,
}

async fn count(store: PostgresStore, tally: Arc<Tally>, stop: Arc<AtomicBool>, id: usize) {
    let mut number = 0;
    let mut tag = None;
    while !stop.load(Ordering::Acquire) {
        let expectation = tag.clone().map_or(Expectation::Unconditional, Expectation::matches);
        match commit(&store, put(card(id), expectation, &format!("{number}"))).await {
            Ok(done) => {
                tally.done.fetch_add(1, Ordering::Relaxed);
                number += 1;
                tag = done.items[0].head.as_ref().map(|head| head.tag.clone());
            }
            Err(error) if error.kind() == ErrorKind::Unknown => {
                tally.unknown.fetch_add(1, Ordering::Relaxed);
                tag = None;
            }
            Err(error) => {
                // Nothing was written, so the same tag is good still: a false conflict would show here.
                assert_eq!(error.kind(), ErrorKind::Unavailable, "{error:?}");
                assert!(error.retry_after().is_some());
                tally.refused.fetch_add(1, Ordering::Relaxed);
                tokio::task::yield_now().await;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
async fn what_was_acknowledged_outlives_a_killed_server_and_the_store_recovers_by_itself() {
    let server = Server::launch(Fsync::On).unwrap();
    let store = PostgresStore::open(server.fresh_database().unwrap()).await.unwrap();
    let tally =
        Arc::new(Tally { done: AtomicUsize::new(0), unknown: AtomicUsize::new(0), refused: AtomicUsize::new(0) });
    let stop = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> =
        (0..8).map(|id| tokio::spawn(count(store.clone(), Arc::clone(&tally), Arc::clone(&stop), id))).collect();
    for _ in 0..3 {
        reach(&tally, 50).await;
        server.kill().unwrap();
        server.start().unwrap();
    }
    reach(&tally, 50).await;
    stop.store(true, Ordering::Release);
    for writer in writers {
        writer.await.unwrap();
    }
    for id in 0..8 {
        assert!(head(&store, &card(id)).await.revision.sequence() > 0);
    }
}

/// Waits until so many more writes were acknowledged.
async fn reach(tally: &Tally, more: usize) {
    let (goal, begun) = (tally.done.load(Ordering::Acquire) + more, Instant::now());
    while tally.done.load(Ordering::Acquire) < goal {
        assert!(begun.elapsed() < Duration::from_secs(60), "the store does not recover");
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
async fn a_server_that_is_not_there_is_told_with_its_address() {
    let error = PostgresStore::open("postgres://nobody@127.0.0.1:1/nothing").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert!(error.to_string().contains("127.0.0.1"), "{error}");
    let error = PostgresStore::open("not a url").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misconfigured);
}
