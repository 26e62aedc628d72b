use std::{sync::Arc, time::Duration};

use etag_core::{Durability, ErrorKind, Expectation, Store};
use etag_sqlite::SqliteStore;
use tokio::sync::Barrier;

use crate::{
    model::{tag_of, write},
    temporary::Directory,
};

/// Writes that are sure to share a group: the file is locked until all of them wait.
async fn together(directory: &Directory, store: &SqliteStore, ids: &[&str]) -> Vec<Result<(), etag_core::Error>> {
    let lock = directory.connection();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    // The first write occupies the writer, which waits for the lock; the others gather behind it.
    let barrier = Arc::new(Barrier::new(ids.len() + 1));
    let tasks: Vec<_> = ids
        .iter()
        .map(|id| {
            let (store, id, barrier) = (store.clone(), (*id).to_owned(), Arc::clone(&barrier));
            tokio::spawn(async move {
                let mut written = Box::pin(write(&store, &id, "text", Expectation::Absent));
                // Once polled, the commit waits in the queue.
                let first = poll_once(&mut written).await;
                barrier.wait().await;
                match first {
                    Some(answer) => answer.map(drop),
                    None => written.await.map(drop),
                }
            })
        })
        .collect();
    barrier.wait().await;
    lock.execute_batch("COMMIT").unwrap();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    answers
}

/// Polls a future once.
pub(crate) async fn poll_once<F: Future + Unpin>(future: &mut F) -> Option<F::Output> {
    std::future::poll_fn(|context| {
        std::task::Poll::Ready(match std::pin::Pin::new(&mut *future).poll(context) {
            std::task::Poll::Ready(output) => Some(output),
            std::task::Poll::Pending => None,
        })
    })
    .await
}

#[tokio::test]
async fn an_engine_error_of_one_member_is_that_members_alone() {
    let directory = Directory::new();
    let store = directory.store().await;
    let trigger = "CREATE TRIGGER poison BEFORE INSERT ON documents WHEN new.id = 'bad' \
         BEGIN SELECT RAISE(ABORT, 'the poisoned row'); END";
    directory.connection().execute_batch(trigger).unwrap();
    let answers = together(&directory, &store, &["0", "1", "2", "bad", "3", "4"]).await;
    for (position, answer) in answers.iter().enumerate() {
        match answer {
            Ok(()) => assert_ne!(position, 3),
            Err(error) => {
                assert_eq!((position, error.kind()), (3, ErrorKind::Engine), "{error}");
                assert!(error.to_string().contains("the poisoned row"), "{error}");
            }
        }
    }
    assert_eq!(tag_of(&store, "bad").await, None);
    for id in ["0", "1", "2", "3", "4"] {
        assert!(tag_of(&store, id).await.is_some(), "{id}");
    }
}

/// A constraint that SQLite looks at in COMMIT only, and on which COMMIT fails and leaves the transaction open.
#[tokio::test]
async fn an_error_of_the_commit_itself_is_answered_as_not_done() {
    let directory = Directory::new();
    let store = directory.store().await;
    let deferred = "CREATE TABLE theirs (id TEXT PRIMARY KEY);
         CREATE TABLE referring (to_them TEXT REFERENCES theirs (id) DEFERRABLE INITIALLY DEFERRED);
         CREATE TRIGGER orphan AFTER INSERT ON documents WHEN new.id = 'bad'
         BEGIN INSERT INTO referring VALUES ('nobody'); END";
    directory.connection().execute_batch(deferred).unwrap();
    let answers = together(&directory, &store, &["0", "1", "bad", "2"]).await;
    let kinds: Vec<_> = answers.iter().map(|answer| answer.as_ref().err().map(etag_core::Error::kind)).collect();
    assert_eq!(kinds, [None, None, Some(ErrorKind::Engine), None]);
    assert_eq!(tag_of(&store, "bad").await, None);
    assert!(tag_of(&store, "2").await.is_some());
}

#[tokio::test]
async fn an_error_of_a_second_commit_is_answered_as_not_done_too() {
    let directory = Directory::new();
    let store = directory.store().await;
    let deferred = "CREATE TABLE theirs (id TEXT PRIMARY KEY);
         CREATE TABLE referring (to_them TEXT REFERENCES theirs (id) DEFERRABLE INITIALLY DEFERRED);
         CREATE TRIGGER orphan AFTER INSERT ON documents BEGIN INSERT INTO referring VALUES ('nobody'); END";
    directory.connection().execute_batch(deferred).unwrap();
    for _ in 0..3 {
        assert_eq!(write(&store, "1", "text", Expectation::Absent).await.unwrap_err().kind(), ErrorKind::Engine);
    }
}

#[tokio::test]
async fn a_write_that_the_engine_swallows_is_no_success() {
    let directory = Directory::new();
    let store = directory.store().await;
    let trigger = "CREATE TRIGGER swallow BEFORE INSERT ON documents BEGIN SELECT RAISE(IGNORE); END";
    directory.connection().execute_batch(trigger).unwrap();
    assert_eq!(write(&store, "1", "text", Expectation::Absent).await.unwrap_err().kind(), ErrorKind::Engine);
}

#[tokio::test]
async fn one_members_conflict_does_not_disturb_the_others() {
    let directory = Directory::new();
    let store = directory.store().await;
    write(&store, "taken", "text", Expectation::Absent).await.unwrap();
    let answers = together(&directory, &store, &["0", "taken", "1", "0", "2"]).await;
    let kinds: Vec<_> = answers.iter().map(|answer| answer.as_ref().err().map(etag_core::Error::kind)).collect();
    let taken = Some(ErrorKind::AlreadyExists);
    assert_eq!(kinds, [None, taken, None, taken, None]);
}

#[tokio::test]
async fn a_lock_that_goes_in_time_is_waited_for() {
    let directory = Directory::new();
    let store = directory.store().await;
    let answers = together(&directory, &store, &["1"]).await;
    assert!(answers[0].is_ok());
}

#[tokio::test]
async fn a_lock_that_stays_is_unavailable_and_nothing_is_written() {
    let directory = Directory::new();
    let store = SqliteStore::builder(directory.file()).busy_timeout(Duration::from_millis(20)).open().await.unwrap();
    let lock = directory.connection();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    let error = write(&store, "1", "text", Expectation::Absent).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert!(error.is_transient() && error.retry_after().is_some());
    // Nobody's lock keeps a read waiting.
    assert_eq!(tag_of(&store, "1").await, None);
    lock.execute_batch("ROLLBACK").unwrap();
    write(&store, "1", "text", Expectation::Absent).await.unwrap();
}

#[tokio::test]
async fn both_durabilities_are_told() {
    for (asked, promised) in [
        (Durability::Power, Durability::Power),
        (Durability::Kill, Durability::Kill),
        (Durability::Process, Durability::Kill),
    ] {
        let directory = Directory::new();
        let store = SqliteStore::builder(directory.file()).durability(asked).open().await.unwrap();
        assert_eq!(store.capabilities().durability, promised);
    }
}
