use std::{fs, time::Duration};

use etag_core::{Error, ErrorKind, Expectation, Store};
use etag_sqlite::SqliteStore;

use crate::{model::write, processes, temporary::Directory};

async fn refusal(directory: &Directory) -> Error {
    let error = SqliteStore::open(directory.file()).await.unwrap_err();
    assert!(error.to_string().starts_with(&directory.file().display().to_string()), "{error}");
    error
}

fn assert_says(error: &Error, kind: ErrorKind, words: &str) {
    assert_eq!(error.kind(), kind, "{error}");
    assert!(error.to_string().contains(words), "{error}");
}

#[tokio::test]
async fn a_database_of_another_application_is_refused_and_left_as_it_was() {
    let directory = Directory::new();
    directory.connection().execute_batch("CREATE TABLE invoices (id); PRAGMA application_id = 77").unwrap();
    let before = fs::read(directory.file()).unwrap();
    assert_says(&refusal(&directory).await, ErrorKind::Misconfigured, "another application (application id 0x4d)");
    assert_eq!(fs::read(directory.file()).unwrap(), before);
}

#[tokio::test]
async fn a_database_without_an_application_id_is_refused_if_it_has_tables() {
    let directory = Directory::new();
    directory.connection().execute_batch("CREATE TABLE documents (id)").unwrap();
    assert_says(&refusal(&directory).await, ErrorKind::Misconfigured, "another application");
}

#[tokio::test]
async fn a_newer_schema_is_refused_with_both_versions() {
    let directory = Directory::new();
    directory.store().await.close().await;
    directory.connection().execute_batch("PRAGMA user_version = 9").unwrap();
    assert_says(
        &refusal(&directory).await,
        ErrorKind::Misconfigured,
        "has schema 9, and this version of etag-sqlite knows up to 2",
    );
}

#[tokio::test]
async fn a_file_that_is_no_database_is_corrupt() {
    let directory = Directory::new();
    fs::write(directory.file(), "a letter to my aunt ".repeat(100)).unwrap();
    assert_says(&refusal(&directory).await, ErrorKind::Corrupt, "not a SQLite database");
}

#[tokio::test]
async fn a_damaged_page_is_corrupt_and_not_a_conflict() {
    let directory = Directory::new();
    let store = directory.store().await;
    for number in 0..200 {
        write(&store, &number.to_string(), &"x".repeat(500), Expectation::Absent).await.unwrap();
    }
    store.close().await;
    let mut bytes = fs::read(directory.file()).unwrap();
    bytes[4096 * 2..].fill(0xA5);
    fs::write(directory.file(), bytes).unwrap();
    let answer = match SqliteStore::open(directory.file()).await {
        Ok(store) => write(&store, "5", "new", Expectation::Exists).await.map(drop),
        Err(error) => Err(error),
    };
    assert_says(&answer.unwrap_err(), ErrorKind::Corrupt, "restore it from a backup");
}

#[tokio::test]
async fn a_missing_directory_is_named() {
    let directory = Directory::new();
    let error = SqliteStore::open(directory.path().join("no").join("board.db")).await.unwrap_err();
    assert_says(&error, ErrorKind::Misconfigured, "no does not exist; make it first");
}

#[tokio::test]
async fn a_directory_is_no_file() {
    let directory = Directory::new();
    let error = SqliteStore::open(directory.path()).await.unwrap_err();
    assert_says(&error, ErrorKind::Misconfigured, "is a directory");
}

#[tokio::test]
async fn memory_is_the_memory_stores() {
    for path in [":memory:", "", "file:x?mode=memory"] {
        assert_says(&SqliteStore::open(path).await.unwrap_err(), ErrorKind::Misconfigured, "MemoryStore");
    }
}

#[tokio::test]
async fn a_locked_file_is_unavailable_and_says_when_to_try_again() {
    let directory = Directory::new();
    let other = directory.connection();
    other.execute_batch("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE").unwrap();
    let options = SqliteStore::builder(directory.file()).busy_timeout(Duration::from_millis(50));
    let error = options.open().await.unwrap_err();
    assert_says(&error, ErrorKind::Unavailable, "locked");
    assert!(error.retry_after().is_some());
}

/// Run as a user who is bound by permissions, which root is not.
#[cfg(unix)]
#[test]
fn a_read_only_file_and_a_read_only_directory_are_refused() {
    use std::os::unix::fs::PermissionsExt as _;

    let directory = Directory::new();
    fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o555)).unwrap();
    let answer = processes::opened_by_nobody(&directory.file());
    assert!(answer.contains("Misconfigured") && answer.contains("check that its directory may be written"), "{answer}");

    fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o755)).unwrap();
    fs::write(directory.file(), "").unwrap();
    fs::set_permissions(directory.file(), fs::Permissions::from_mode(0o444)).unwrap();
    let answer = processes::opened_by_nobody(&directory.file());
    assert!(answer.contains("Misconfigured") && answer.contains("the file may only be read"), "{answer}");
}

#[tokio::test]
async fn the_file_is_an_ordinary_database_of_readable_documents() {
    let directory = Directory::new();
    let store = directory.store().await;
    write(&store, "1", "milk", Expectation::Absent).await.unwrap();
    let query = "SELECT json_extract(body, '$.text') FROM documents WHERE collection = 'notes' AND id = '1'";
    let text: String = directory.connection().query_row(query, [], |row| row.get(0)).unwrap();
    assert_eq!(text, "milk");
    let checked: String = directory.connection().query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(checked, "ok");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_new_file_may_be_opened_by_many_at_once() {
    let directory = Directory::new();
    let opened: Vec<_> = (0..8).map(|_| tokio::spawn(SqliteStore::open(directory.file()))).collect();
    for (number, store) in opened.into_iter().enumerate() {
        let store = store.await.unwrap().unwrap();
        write(&store, &number.to_string(), "text", Expectation::Absent).await.unwrap();
    }
}
