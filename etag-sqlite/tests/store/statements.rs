use etag_core::{Batch, Committed, Effect, Error, ErrorKind, Expectation, LedgerClaim, LedgerKey, Store};
use etag_sqlite::{SqliteStore, rusqlite::Connection};

use crate::{
    faults::poll_once,
    model::{digest, key, put, tag_of, write},
    temporary::Directory,
};

type Done = Result<(), Box<dyn std::error::Error + Send + Sync>>;

fn note(connection: &Connection, _: &Committed) -> Done {
    connection.execute("INSERT INTO outbox VALUES ('noted')", [])?;
    Ok(())
}

async fn with_outbox(directory: &Directory) -> SqliteStore {
    let store = directory.store().await;
    let schema = "CREATE TABLE outbox (message TEXT CHECK (message <> 'bad'))";
    directory.connection().execute_batch(schema).unwrap();
    store
}

fn noted(directory: &Directory) -> i64 {
    directory.connection().query_row("SELECT count(*) FROM outbox", [], |row| row.get(0)).unwrap()
}

fn create(id: &str) -> Batch {
    Batch::new().put(put(id, "text", Expectation::Absent))
}

#[tokio::test]
async fn a_commit_and_its_statements_are_done_together() {
    let directory = Directory::new();
    let store = with_outbox(&directory).await;
    let statements = |connection: &Connection, done: &Committed| -> Done {
        assert_eq!(done.items[0].effect, Effect::Created);
        let seen: i64 = connection.query_row("SELECT count(*) FROM documents", [], |row| row.get(0))?;
        assert_eq!(seen, 1);
        note(connection, done)
    };
    store.commit_with(create("1"), statements).await.unwrap();
    store.close().await;
    assert_eq!(noted(&directory), 1);
    assert!(tag_of(&directory.store().await, "1").await.is_some());
}

#[tokio::test]
async fn a_rejected_commit_runs_no_statements() {
    let directory = Directory::new();
    let store = with_outbox(&directory).await;
    write(&store, "1", "text", Expectation::Absent).await.unwrap();
    let error = store.commit_with(create("1"), |_, _| unreachable!()).await.unwrap_err();
    assert!(error.is_already_exists());
}

#[tokio::test]
async fn statements_that_fail_undo_their_commit_and_no_other() {
    let directory = Directory::new();
    let store = with_outbox(&directory).await;
    let failing = |connection: &Connection, done: &Committed| {
        note(connection, done)?;
        Err("out of stamps".into())
    };
    let mut first = Box::pin(store.commit_with(create("1"), note));
    let mut second = Box::pin(store.commit_with(create("2"), failing));
    let mut third = Box::pin(store.commit_with(create("3"), note));
    // Locked until all three wait, so that they share a transaction.
    let lock = directory.connection();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    assert!(poll_once(&mut first).await.is_none());
    assert!(poll_once(&mut second).await.is_none());
    assert!(poll_once(&mut third).await.is_none());
    lock.execute_batch("COMMIT").unwrap();
    let (first, second, third) = tokio::join!(first, second, third);
    assert_eq!((first.is_ok(), third.is_ok()), (true, true));
    let error = second.unwrap_err();
    assert_eq!((error.kind(), error.to_string()), (ErrorKind::Refused, "out of stamps".to_owned()));
    assert_eq!(noted(&directory), 2);
    assert_eq!(tag_of(&store, "2").await, None);
    // What was undone has had its revision, which nobody else is given.
    let sequence = async |id| store.head(&key(id)).await.unwrap().unwrap().revision.sequence();
    assert_eq!(sequence("3").await - sequence("1").await, 2);
}

#[tokio::test]
async fn errors_of_statements_keep_what_they_are() {
    let directory = Directory::new();
    let store = with_outbox(&directory).await;
    let refused = |_: &Connection, _: &Committed| -> Done { Err(Error::new(ErrorKind::TooLarge, "too many").into()) };
    assert_eq!(store.commit_with(create("1"), refused).await.unwrap_err().kind(), ErrorKind::TooLarge);
    let checked = |connection: &Connection, _: &Committed| -> Done {
        connection.execute("INSERT INTO outbox VALUES ('bad')", [])?;
        Ok(())
    };
    assert_eq!(store.commit_with(create("1"), checked).await.unwrap_err().kind(), ErrorKind::Invalid);
    assert_eq!(tag_of(&store, "1").await, None);
}

#[tokio::test]
async fn statements_that_panic_are_an_error_and_the_store_goes_on() {
    let directory = Directory::new();
    let store = with_outbox(&directory).await;
    let error = store.commit_with(create("1"), |_, _| panic!("on purpose")).await.unwrap_err();
    assert!(error.to_string().contains("panicked"), "{error}");
    assert_eq!(tag_of(&store, "1").await, None);
    write(&store, "1", "text", Expectation::Absent).await.unwrap();
}

#[tokio::test]
async fn statements_can_not_end_the_transaction() {
    for ending in
        [&["COMMIT"][..], &["ROLLBACK"], &["ROLLBACK", "INSERT INTO outbox VALUES ('past')"], &["COMMIT", "BEGIN"]]
    {
        let directory = Directory::new();
        let store = with_outbox(&directory).await;
        let end = move |connection: &Connection, _: &Committed| -> Done {
            for statement in ending {
                let _ = connection.execute(statement, []);
            }
            Ok(())
        };
        let error = store.commit_with(create("1"), end).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Engine, "{ending:?}: {error}");
        assert_eq!((tag_of(&store, "1").await, noted(&directory)), (None, 0), "{ending:?}");
        write(&store, "1", "text", Expectation::Absent).await.unwrap();
    }
}

#[tokio::test]
async fn a_repeat_under_an_idempotency_key_runs_no_statements_again() {
    let directory = Directory::new();
    let store = with_outbox(&directory).await;
    let ledger_key = LedgerKey { principal: "me".into(), key: "k".into() };
    let claim =
        LedgerClaim { key: ledger_key, fingerprint: digest("request"), keep_for: std::time::Duration::from_secs(60) };
    for _ in 0..2 {
        store.commit_with(create("1").once(claim.clone()), note).await.unwrap();
    }
    assert_eq!(noted(&directory), 1);
}
