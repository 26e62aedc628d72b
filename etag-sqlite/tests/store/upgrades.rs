//! Files of former schemas.

use std::time::{Duration, UNIX_EPOCH};

use etag_core::{
    Batch, ContentDigest, Effect, Epoch, Expectation, Head, Key, LedgerKey, Parents, Revision, Row, Scan, Store,
    StoredTag, Strength,
};
use etag_sqlite::SqliteStore;

use crate::{
    families::{TOUCHING, child, link, task},
    model::{key, tag_of, write},
    temporary::Directory,
};

const SCHEMA_1: &str = include_str!("../../src/migrations/0001.sql");

const ROWS_1: &str = r#"
    PRAGMA application_id = 1163157863;
    PRAGMA user_version = 1;
    PRAGMA journal_mode = WAL;
    INSERT INTO meta (only, epoch, last_sequence, reserved, last_removal, last_group)
        VALUES (1, 7, 40, 0, 1000000, 99);
    INSERT INTO documents VALUES
        (3, 7, 'notes', '1', 9, 7, 1000001, 2000002, 1, 4, zeroblob(16), CAST('"r.AAAAAAAA.9"' AS BLOB), '{"id":"1"}'),
        (5, 7, 'notes', '2', 5, 7, 1000001, 1000001, 0, 1, zeroblob(16), CAST('"r.AAAAAAAA.5"' AS BLOB), x'FF');
    INSERT INTO ledger VALUES ('me', 'k', zeroblob(16),
        '[{"effect":"created","head":{"collection":"notes","id":"2","tag":"\"r.AAAAAAAA.5\"","revision":[[0,0,0,0,0,7],5],"created":[[0,0,0,0,0,7],5],"times":[1000001,1000001],"strong_date":false,"schema":1,"content":[0,0]}}]',
        9000000000000000);
"#;

async fn upgraded(directory: &Directory) -> SqliteStore {
    let connection = directory.connection();
    connection.execute_batch(SCHEMA_1).unwrap();
    connection.execute_batch(ROWS_1).unwrap();
    drop(connection);
    directory.store().await
}

fn revision(sequence: u64) -> Revision {
    Revision::new(Epoch::from_bytes([0, 0, 0, 0, 0, 7]), sequence)
}

fn first_row() -> Row {
    let at = |micros| UNIX_EPOCH + Duration::from_micros(micros);
    let head = Head {
        key: key("1"),
        tag: StoredTag::from_bytes(b"\"r.AAAAAAAA.9\"").unwrap(),
        revision: revision(9),
        edited: revision(9),
        created: revision(3),
        created_at: at(1_000_001),
        modified_at: at(2_000_002),
        date_strength: Strength::Strong,
        schema: 4,
        content: ContentDigest::from_bytes([0; 16]),
        parents: Parents::NONE,
    };
    Row { head, body: r#"{"id":"1"}"#.into() }
}

#[tokio::test]
async fn a_file_from_before_there_were_families_is_read_and_written_on() {
    let directory = Directory::new();
    let store = upgraded(&directory).await;
    assert_eq!(store.read(&key("1")).await.unwrap(), Some(first_row()));
    assert_eq!(store.read(&key("2")).await.unwrap().unwrap().body, [0xFF][..]);
    let page = store.scan_tags(&Scan::new("notes", 10)).await.unwrap();
    assert_eq!(page.items.iter().map(|entry| &*entry.id).collect::<Vec<_>>(), ["1", "2"]);

    let (effect, head) = write(&store, "1", "new", Expectation::matches(first_row().head.tag)).await.unwrap();
    assert_eq!((effect, head.revision, head.created), (Effect::Replaced, revision(41), revision(3)));
    store.close().await;
    assert_eq!(tag_of(&directory.store().await, "1").await, Some(head.tag));
}

#[tokio::test]
async fn a_document_from_before_there_were_families_becomes_a_parent() {
    let directory = Directory::new();
    let store = upgraded(&directory).await;
    let child = child(task("t"), &[link("note", key("1"), TOUCHING)], "text");
    let done = store.commit(Batch::new().put(child)).await.unwrap();
    assert_eq!(done.touched[0].before, first_row().head.tag);
    assert_eq!(Some(done.touched[0].after.clone().unwrap()), tag_of(&store, "1").await);
}

#[tokio::test]
async fn a_ledger_from_before_there_were_families_is_looked_up() {
    let directory = Directory::new();
    let store = upgraded(&directory).await;
    let entry = store.recall(&LedgerKey { principal: "me".into(), key: "k".into() }).await.unwrap().unwrap();
    let head = entry.items[0].head.as_ref().unwrap();
    assert_eq!((&head.key, head.edited, entry.touched.len()), (&Key::new("notes", "2"), revision(5), 0));
}
