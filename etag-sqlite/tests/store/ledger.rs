use std::time::Duration;

use etag_core::{Batch, Effect, ErrorKind, Expectation, LedgerClaim, LedgerKey, Replay, Store};

use crate::{
    clock::TestClock,
    model::{delete, digest, key, put, tag_of, write},
    temporary::Directory,
};

const KEPT_FOR: Duration = Duration::from_secs(60);

fn claim(principal: &str, key: &str, request: &str) -> LedgerClaim {
    LedgerClaim { key: ledger_key(principal, key), fingerprint: digest(request), keep_for: KEPT_FOR }
}

fn ledger_key(principal: &str, key: &str) -> LedgerKey {
    LedgerKey { principal: principal.into(), key: key.into() }
}

fn once(text: &str, key: &str) -> Batch {
    Batch::new().put(put("1", text, Expectation::Unconditional)).once(claim("me", key, text))
}

#[tokio::test]
async fn a_repeat_gets_the_recorded_outcome_and_writes_nothing() {
    let directory = Directory::new();
    let store = directory.store().await;
    let first = store.commit(once("a", "k")).await.unwrap();
    write(&store, "1", "later", Expectation::Exists).await.unwrap();
    store.close().await;
    let store = directory.store().await;
    let again = store.commit(once("a", "k")).await.unwrap();
    assert_eq!((first.replay, again.replay), (Replay::Original, Replay::Repeated));
    assert_eq!(first.items, again.items);
    assert_eq!(store.head(&key("1")).await.unwrap().unwrap().content, digest("later"));
}

#[tokio::test]
async fn the_ledger_is_looked_up_before_the_expectations() {
    let directory = Directory::new();
    let store = directory.store().await;
    write(&store, "1", "a", Expectation::Absent).await.unwrap();
    let tag = tag_of(&store, "1").await.unwrap();
    let batch = Batch::new()
        .put(put("2", "b", Expectation::Absent))
        .delete(delete("1", Expectation::matches(tag)))
        .once(claim("me", "k", "request"));
    let first = store.commit(batch.clone()).await.unwrap();
    let again = store.commit(batch).await.unwrap();
    assert_eq!(
        again.items.iter().map(|written| written.effect).collect::<Vec<_>>(),
        [Effect::Created, Effect::Deleted]
    );
    assert_eq!(first.items, again.items);
}

#[tokio::test]
async fn a_key_used_for_another_request_is_refused() {
    let directory = Directory::new();
    let store = directory.store().await;
    let first = store.commit(once("a", "k")).await.unwrap();
    assert_eq!(store.commit(once("b", "k")).await.unwrap_err().kind(), ErrorKind::KeyReused);
    assert_eq!(store.head(&key("1")).await.unwrap(), first.items[0].head);
}

#[tokio::test]
async fn two_principals_never_share_a_key() {
    let directory = Directory::new();
    let store = directory.store().await;
    store.commit(once("a", "k")).await.unwrap();
    let theirs = Batch::new().put(put("1", "b", Expectation::Unconditional)).once(claim("you", "k", "b"));
    assert_eq!(store.commit(theirs).await.unwrap().replay, Replay::Original);
}

#[tokio::test]
async fn a_rejected_commit_leaves_no_row_in_the_ledger() {
    let directory = Directory::new();
    let store = directory.store().await;
    let refused = Batch::new().put(put("1", "a", Expectation::Exists)).once(claim("me", "k", "a"));
    store.commit(refused.clone()).await.unwrap_err();
    assert_eq!(store.recall(&ledger_key("me", "k")).await.unwrap(), None);
    write(&store, "1", "there now", Expectation::Absent).await.unwrap();
    assert_eq!(store.commit(refused).await.unwrap().replay, Replay::Original);
}

#[tokio::test]
async fn a_row_is_kept_for_its_time_and_then_forgotten() {
    let directory = Directory::new();
    let clock = TestClock::at_second(1_000);
    let store = directory.store_in(clock.environment()).await;
    let first = store.commit(once("a", "k")).await.unwrap();
    clock.advance(Duration::from_micros(59_999_999));
    let entry = store.recall(&ledger_key("me", "k")).await.unwrap().unwrap();
    assert_eq!((entry.fingerprint, entry.items), (digest("a"), first.items));
    clock.advance(Duration::from_micros(1));
    assert_eq!(store.recall(&ledger_key("me", "k")).await.unwrap(), None);
    assert_eq!(store.commit(once("b", "k")).await.unwrap().replay, Replay::Original);
}

#[tokio::test]
async fn new_rows_drive_out_old_ones_a_few_at_a_time() {
    let directory = Directory::new();
    let clock = TestClock::at_second(1_000);
    let store = directory.store_in(clock.environment()).await;
    for number in 0..20 {
        store.commit(once("a", &number.to_string())).await.unwrap();
    }
    clock.advance(KEPT_FOR);
    let rows = || {
        directory.connection().query_row("SELECT count(*) FROM etag_ledger", [], |row| row.get::<_, i64>(0)).unwrap()
    };
    store.commit(once("a", "new")).await.unwrap();
    assert_eq!(rows(), 20 - 8 + 1);
    for number in 0..2 {
        store.commit(once("a", &format!("newer {number}"))).await.unwrap();
    }
    assert_eq!(rows(), 3);
}

#[tokio::test]
async fn a_time_past_all_times_is_refused() {
    let directory = Directory::new();
    let store = directory.store().await;
    let claim = LedgerClaim { keep_for: Duration::MAX, ..claim("me", "k", "a") };
    let batch = Batch::new().put(put("1", "a", Expectation::Absent)).once(claim);
    assert_eq!(store.commit(batch).await.unwrap_err().kind(), ErrorKind::TooLarge);
}
