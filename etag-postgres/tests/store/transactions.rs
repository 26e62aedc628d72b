//! Commits inside the user's own transaction (rule S7), and locks of other programs.

use std::time::{Duration, Instant};

use etag_core::{Batch, ErrorKind, Expectation, Store as _};
use etag_postgres::PostgresStore;

use crate::model::{CASCADE, board, card, child, client, commit, database, head, put, until_waiting};

#[tokio::test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
async fn a_users_row_and_ours_commit_together_or_not_at_all() {
    let url = database();
    let store = PostgresStore::open(&url).await.unwrap();
    let mut client = client(&url).await;
    client.batch_execute("CREATE TABLE outbox (topic text NOT NULL)").await.unwrap();
    commit(&store, put(board(1), Expectation::Absent, "b")).await.unwrap();
    let before = head(&store, &board(1)).await.tag;
    for ends_well in [false, true] {
        let transaction = client.transaction().await.unwrap();
        let item = child(put(card(1), Expectation::Absent, "c"), board(1), CASCADE);
        store.commit_in(&transaction, &Batch::new().put(item)).await.unwrap();
        transaction.execute("INSERT INTO outbox VALUES ('cards')", &[]).await.unwrap();
        if ends_well {
            transaction.commit().await.unwrap();
        } else {
            transaction.rollback().await.unwrap();
            assert_eq!(head(&store, &board(1)).await.tag, before);
        }
    }
    assert_ne!(head(&store, &board(1)).await.tag, before);
    assert_eq!(client.query_one("SELECT count(*) FROM outbox", &[]).await.unwrap().get::<_, i64>(0), 1);
}

#[tokio::test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
async fn a_rejected_batch_leaves_the_users_transaction_alive() {
    let url = database();
    let store = PostgresStore::open(&url).await.unwrap();
    let mut client = client(&url).await;
    let transaction = client.transaction().await.unwrap();
    let refused = Batch::new().put(put(card(1), Expectation::Exists, "c"));
    assert!(store.commit_in(&transaction, &refused).await.unwrap_err().is_not_found());
    store.commit_in(&transaction, &Batch::new().put(put(card(1), Expectation::Absent, "c"))).await.unwrap();
    transaction.commit().await.unwrap();
    assert!(store.head(&card(1)).await.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
async fn a_row_that_another_program_keeps_locked_holds_up_no_other_family() {
    let url = database();
    let store = PostgresStore::builder(&url).lock_timeout(Duration::from_secs(60)).open().await.unwrap();
    for id in 0..8 {
        commit(&store, put(card(id), Expectation::Absent, "c")).await.unwrap();
    }
    let mut other = client(&url).await;
    let lock = other.transaction().await.unwrap();
    lock.execute("SELECT 1 FROM etag_documents WHERE id = '0' FOR UPDATE", &[]).await.unwrap();
    let mut stuck = {
        let store = store.clone();
        tokio::spawn(async move { commit(&store, put(card(0), Expectation::Exists, "stuck")).await })
    };
    until_waiting(&lock, 1).await;
    for id in 1..8 {
        for text in ["one", "two", "three"] {
            commit(&store, put(card(id), Expectation::Exists, text)).await.unwrap();
        }
    }
    let early = if stuck.is_finished() { Some((&mut stuck).await) } else { None };
    assert!(early.is_none(), "the others waited for it: {early:?}");
    lock.rollback().await.unwrap();
    stuck.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
async fn a_lock_is_waited_for_once_and_as_long_as_the_options_say() {
    let url = database();
    let store = PostgresStore::builder(&url).lock_timeout(Duration::from_millis(400)).open().await.unwrap();
    commit(&store, put(card(0), Expectation::Absent, "c")).await.unwrap();
    let mut other = client(&url).await;
    let lock = other.transaction().await.unwrap();
    lock.execute("SELECT 1 FROM etag_documents WHERE id = '0' FOR UPDATE", &[]).await.unwrap();
    let began = Instant::now();
    let error = commit(&store, put(card(0), Expectation::Exists, "stuck")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert!(error.retry_after().is_some());
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    lock.rollback().await.unwrap();
    commit(&store, put(card(0), Expectation::Exists, "free")).await.unwrap();
}
