//! A server that is full, slow or silent, and callers that ask for much (rules S2, S6, S8).

use std::{
    net::TcpListener,
    num::NonZeroUsize,
    time::{Duration, Instant},
};

use etag_core::{Batch, Error, ErrorKind, Expectation, Scan, Store as _};
use etag_postgres::PostgresStore;
use tokio_postgres::IsolationLevel;

use crate::model::{card, client, commit, database, put};

fn assert_unavailable(error: &Error) {
    assert_eq!(error.kind(), ErrorKind::Unavailable, "{error:?}");
    assert!(error.retry_after().is_some(), "{error:?}");
}

#[tokio::test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
async fn a_server_without_room_for_a_connection_is_unavailable_until_it_has_some() {
    let url = database();
    let (admin, name) = (client(&url).await, url.rsplit_once('/').unwrap().1);
    let role = format!("CREATE ROLE {name} LOGIN; ALTER DATABASE {name} OWNER TO {name}");
    admin.batch_execute(&role).await.unwrap();
    let (_, server) = url.rsplit_once('@').unwrap();
    let store = PostgresStore::open(format!("postgres://{name}@{server}")).await.unwrap();
    admin.batch_execute(&format!("ALTER ROLE {name} CONNECTION LIMIT 0")).await.unwrap();
    assert_unavailable(&store.read(&card(1)).await.unwrap_err());
    assert_unavailable(&commit(&store, put(card(1), Expectation::Absent, "c")).await.unwrap_err());
    admin.batch_execute(&format!("ALTER ROLE {name} CONNECTION LIMIT 10")).await.unwrap();
    commit(&store, put(card(1), Expectation::Absent, "c")).await.unwrap();
    assert!(store.read(&card(1)).await.unwrap().is_some());
    store.close().await;
}

/// As a replica is, and a server that became one.
#[tokio::test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
async fn a_server_that_takes_no_writes_is_not_asked_for_reads() {
    let url = database();
    let (admin, name) = (client(&url).await, url.rsplit_once('/').unwrap().1);
    let store = PostgresStore::open(&url).await.unwrap();
    let set_read_only = |setting| format!("ALTER DATABASE {name} SET default_transaction_read_only = {setting}");
    admin.batch_execute(&set_read_only("on")).await.unwrap();
    assert_unavailable(&store.read(&card(1)).await.unwrap_err());
    assert_unavailable(&commit(&store, put(card(1), Expectation::Absent, "c")).await.unwrap_err());
    assert_unavailable(&PostgresStore::open(&url).await.unwrap_err());
    admin.batch_execute(&format!("SET default_transaction_read_only = off; {}", set_read_only("off"))).await.unwrap();
    commit(&store, put(card(1), Expectation::Absent, "c")).await.unwrap();
    assert!(store.read(&card(1)).await.unwrap().is_some());
}

#[tokio::test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
async fn a_statement_that_takes_too_long_is_given_up_with_nothing_written() {
    let url = database();
    let store = PostgresStore::builder(&url).statement_timeout(Duration::from_millis(400)).open().await.unwrap();
    commit(&store, put(card(1), Expectation::Absent, "c")).await.unwrap();
    let mut other = client(&url).await;
    let lock = other.transaction().await.unwrap();
    lock.execute("SELECT 1 FROM etag_documents FOR UPDATE", &[]).await.unwrap();
    let before = store.read(&card(1)).await.unwrap();
    assert_unavailable(&commit(&store, put(card(1), Expectation::Exists, "late")).await.unwrap_err());
    lock.rollback().await.unwrap();
    assert_eq!(store.read(&card(1)).await.unwrap(), before);
    commit(&store, put(card(1), Expectation::Exists, "in time")).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_listens_and_says_nothing_is_given_up() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("postgres://ada@{}/cards", silent.local_addr().unwrap());
    let began = Instant::now();
    let opening = PostgresStore::builder(url).connect_timeout(Duration::from_millis(300)).open();
    assert_unavailable(&opening.await.unwrap_err());
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
async fn a_batch_that_is_more_than_a_group_may_be_is_done_by_itself() {
    let store = PostgresStore::builder(database()).writers(NonZeroUsize::MIN).open().await.unwrap();
    let large: Batch = (0..600).map(|id| put(card(id), Expectation::Absent, "c")).collect();
    let heavy = put(card("heavy"), Expectation::Absent, &"c".repeat(9 << 20));
    let small = (1_000..1_050).map(|id| Batch::new().put(put(card(id), Expectation::Absent, "c")));
    let batches = [large, Batch::new().put(heavy)].into_iter().chain(small);
    let commits: Vec<_> = batches
        .map(|batch| {
            let store = store.clone();
            tokio::spawn(async move { store.commit(batch).await })
        })
        .collect();
    for commit in commits {
        commit.await.unwrap().unwrap();
    }
    assert_eq!(store.scan_tags(&Scan::new("cards", 1_000)).await.unwrap().items.len(), 651);
}

#[tokio::test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
async fn a_users_transaction_at_another_isolation_is_refused() {
    let url = database();
    let (store, mut user) = (PostgresStore::open(&url).await.unwrap(), client(&url).await);
    let transaction = user.build_transaction().isolation_level(IsolationLevel::RepeatableRead).start().await.unwrap();
    let batch = Batch::new().put(put(card(1), Expectation::Absent, "c"));
    assert_eq!(store.commit_in(&transaction, &batch).await.unwrap_err().kind(), ErrorKind::Misconfigured);
}

/// What a runtime that stops leaves half done ends with its connections, and does not stay in the way.
#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn a_store_outlives_the_runtime_that_it_was_used_in() {
    let runtime = || tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let url = database();
    let store = runtime().block_on(PostgresStore::open(&url)).unwrap();
    for round in 0..10 {
        let short = runtime();
        for _ in 0..20 {
            let store = store.clone();
            short.spawn(async move { commit(&store, put(card(1), Expectation::Unconditional, "short")).await });
        }
        short.block_on(tokio::task::yield_now());
        drop(short);
        let write = commit(&store, put(card(1), Expectation::Unconditional, &round.to_string()));
        runtime()
            .block_on(async { tokio::time::timeout(Duration::from_secs(60), write).await })
            .expect("a place was not given back")
            .unwrap();
    }
}
