//! Documents in a table that this project did not make.

use bytes::Bytes;
use etag_core::{
    Batch, Cursor, Delete, Effect, Error, ErrorKind, Expectation, Head, Key, OnDelete, Row, Scan, Store, Touch,
};
use etag_sqlite::{
    Repository, SqliteStore, StoredHead,
    rusqlite::{self, Connection, OptionalExtension as _, Result, params},
};

use crate::{
    families::{TOUCHING, board, child, commit, head, link, rule, task},
    model::{delete, digest, put, write},
    temporary::Directory,
};

const THEIRS: &str = "PRAGMA application_id = 77; PRAGMA user_version = 5;
     CREATE TABLE entries (section TEXT, slug TEXT, document TEXT NOT NULL CHECK (document <> '{\"text\":\"bad\"}'),
         PRIMARY KEY (section, slug));
     INSERT INTO entries VALUES ('notes', 'old', '{}')";

/// No more than a repository must have.
struct Entries;

fn row_of(row: &rusqlite::Row<'_>) -> Result<Row> {
    let StoredHead(head) = row.get(0)?;
    Ok(Row { head, body: row.get::<_, String>(1)?.into() })
}

fn place(head: &Head) -> i64 {
    head.created.sequence().try_into().unwrap()
}

impl Repository for Entries {
    fn prepare(&self, connection: &Connection) -> Result<()> {
        if connection.column_exists(None, "entries", "head")? {
            return Ok(());
        }
        connection
            .execute_batch("ALTER TABLE entries ADD COLUMN head TEXT; ALTER TABLE entries ADD COLUMN place INTEGER")
    }

    fn row(&self, connection: &Connection, key: &Key) -> Result<Option<Row>> {
        let query = "SELECT head, document FROM entries WHERE section = ?1 AND slug = ?2 AND head NOT NULL";
        connection.query_row(query, [key.collection(), key.id()], row_of).optional()
    }

    fn page(&self, connection: &Connection, scan: &Scan) -> Result<Vec<Row>> {
        let query = "SELECT head, document FROM entries WHERE section = ?1 AND place > ?2 ORDER BY place";
        let after = scan.after.map_or(0, |Cursor(place)| i64::try_from(place).unwrap());
        let mut statement = connection.prepare(query)?;
        let rows: Vec<Row> = statement.query_map(params![scan.collection, after], row_of)?.collect::<Result<_>>()?;
        let is_listed = |row: &Row| scan.parent.as_ref().is_none_or(|filter| filter.lets_pass(&row.head.parents));
        Ok(rows.into_iter().filter(is_listed).take(scan.limit).collect())
    }

    fn children(&self, connection: &Connection, parent: &Key, limit: usize) -> Result<Vec<Head>> {
        let mut statement = connection.prepare("SELECT head, document FROM entries WHERE head NOT NULL")?;
        let rows: Vec<Row> = statement.query_map([], row_of)?.collect::<Result<_>>()?;
        let is_child = |head: &Head| head.parents.held().any(|link| link.parent == *parent);
        Ok(rows.into_iter().map(|row| row.head).filter(is_child).take(limit).collect())
    }

    fn write(&self, connection: &Connection, head: &Head, body: &Bytes, _: Option<&Head>) -> Result<()> {
        if head.key.id() == "forbidden" {
            let refusal = Error::new(ErrorKind::Unsupported, "no entry is called so");
            return Err(rusqlite::Error::ToSqlConversionFailure(refusal.into()));
        }
        let statement = "INSERT INTO entries VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (section, slug)
             DO UPDATE SET document = excluded.document, head = excluded.head, place = excluded.place";
        let (collection, id, document) = (head.key.collection(), head.key.id(), std::str::from_utf8(body)?);
        connection
            .execute(statement, params![collection, id, document, StoredHead(head.clone()), place(head)])
            .map(drop)
    }

    fn remove(&self, connection: &Connection, head: &Head) -> Result<()> {
        connection.execute("DELETE FROM entries WHERE place = ?1", [place(head)]).map(drop)
    }
}

async fn open(directory: &Directory) -> std::result::Result<SqliteStore, Error> {
    SqliteStore::builder(directory.file()).repository(Entries).open().await
}

async fn over_theirs(directory: &Directory) -> SqliteStore {
    directory.connection().execute_batch(THEIRS).unwrap();
    open(directory).await.unwrap()
}

#[tokio::test]
async fn the_users_own_marks_and_rows_are_left_alone() {
    let directory = Directory::new();
    let store = over_theirs(&directory).await;
    write(&store, "1", "text", Expectation::Absent).await.unwrap();
    store.close().await;
    let connection = directory.connection();
    let marks: (i64, i64) = connection
        .query_row("SELECT application_id, user_version FROM pragma_application_id, pragma_user_version", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    assert_eq!(marks, (77, 5));
    let tables = "SELECT group_concat(name, ' ' ORDER BY name) FROM sqlite_schema WHERE type = 'table'";
    let tables: String = connection.query_row(tables, [], |row| row.get(0)).unwrap();
    assert_eq!(tables, "entries etag_changes etag_ledger etag_meta");
    let slugs: String = connection
        .query_row("SELECT group_concat(slug, ' ' ORDER BY slug) FROM entries", [], |row| row.get(0))
        .unwrap();
    assert_eq!(slugs, "1 old");
}

#[tokio::test]
async fn a_row_from_before_is_taken_over_by_a_create() {
    let directory = Directory::new();
    let store = over_theirs(&directory).await;
    let (effect, head) = write(&store, "old", "new text", Expectation::Absent).await.unwrap();
    assert_eq!(effect, Effect::Created);
    assert_eq!(store.head(&head.key).await.unwrap(), Some(head));
}

#[tokio::test]
async fn families_over_the_users_tables_survive_a_reopen() {
    let directory = Directory::new();
    let store = over_theirs(&directory).await;
    commit(&store, child(board("1"), &[], "a board")).await;
    let before = head(&store, board("1")).await;
    commit(&store, child(task("a"), &[link("board", board("1"), TOUCHING)], "a task")).await;
    store.close().await;

    let store = open(&directory).await.unwrap();
    let touched = store.read(&board("1")).await.unwrap().unwrap();
    assert_ne!(touched.head.tag, before.tag);
    assert_eq!(touched.body, r#"{"text":"a board"}"#);
    let done = store.commit(Batch::new().delete(Delete::new(board("1"), Expectation::Exists))).await.unwrap();
    assert_eq!(done.touched[0].key, task("a"));
    assert_eq!(store.head(&task("a")).await.unwrap(), None);
}

#[tokio::test]
async fn pages_end_where_they_are_full() {
    let directory = Directory::new();
    let store = over_theirs(&directory).await;
    commit(&store, child(board("1"), &[], "a board")).await;
    let apart = rule(Touch::None, OnDelete::Restrict);
    for id in ["a", "b", "c"] {
        commit(&store, child(task(id), &[link("board", board("1"), apart)], "a task")).await;
    }
    let scan = Scan::new("tasks", 2).under("board", board("1"));
    let first = store.scan(&scan).await.unwrap();
    let rest = store.scan_tags(&scan.clone().after(first.next)).await.unwrap();
    assert_eq!((first.items.len(), rest.items.len(), rest.next), (2, 1, None));
    assert_eq!(store.scan(&Scan::new("tasks", 3)).await.unwrap().next, None);
}

#[tokio::test]
async fn a_value_that_the_tables_refuse_is_invalid_and_nobody_elses_matter() {
    let directory = Directory::new();
    let store = over_theirs(&directory).await;
    let bad = child(task("bad"), &[], "bad");
    let (refused, written) = tokio::join!(
        store.commit(Batch::new().put(bad)),
        store.commit(Batch::new().put(child(task("good"), &[], "good"))),
    );
    let error = refused.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid, "{error}");
    assert!(error.to_string().starts_with("the database refuses the value: CHECK constraint failed"), "{error}");
    written.unwrap();
}

#[tokio::test]
async fn what_the_repository_refuses_is_told_in_its_words() {
    let directory = Directory::new();
    let store = over_theirs(&directory).await;
    let error = write(&store, "forbidden", "text", Expectation::Absent).await.unwrap_err();
    assert_eq!((error.kind(), error.to_string()), (ErrorKind::Unsupported, "no entry is called so".to_owned()));
    assert_eq!(store.scan(&Scan::new("notes", 9)).await.unwrap().items.len(), 0);
}

#[tokio::test]
async fn change_logs_are_kept_beside_the_users_tables() {
    let directory = Directory::new();
    let store = over_theirs(&directory).await;
    let logged = |text: &str, expectation| {
        let mut put = put("1", text, expectation);
        put.changes = etag_core::ChangeRule::last(5);
        Batch::new().put(put)
    };
    let first = store.commit(logged("a", Expectation::Absent)).await.unwrap().items[0].head.clone().unwrap();
    store.commit(logged("b", Expectation::Exists)).await.unwrap();
    store.close().await;
    let store = open(&directory).await.unwrap();
    let error = store.commit(logged("c", Expectation::matches(first.tag))).await.unwrap_err();
    assert_eq!(error.conflicts()[0].changed, Some(vec!["text".to_owned()]));
    assert_eq!(store.head(&first.key).await.unwrap().unwrap().content, digest("b"));
    store.commit(Batch::new().delete(delete("1", Expectation::Exists))).await.unwrap();
}

#[tokio::test]
async fn a_store_of_one_kind_is_not_opened_as_the_other() {
    let (ours, theirs) = (Directory::new(), Directory::new());
    ours.store().await.close().await;
    let error = open(&ours).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misconfigured);
    assert!(error.to_string().ends_with("open it without a repository"), "{error}");

    over_theirs(&theirs).await.close().await;
    let error = SqliteStore::open(theirs.file()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misconfigured);
    assert!(error.to_string().ends_with("open it with its repository"), "{error}");
}

#[tokio::test]
async fn newer_tables_beside_the_users_are_refused() {
    let directory = Directory::new();
    over_theirs(&directory).await.close().await;
    directory.connection().execute("UPDATE etag_meta SET schema = 9", []).unwrap();
    let error = open(&directory).await.unwrap_err();
    assert!(error.to_string().contains("has schema 9, and this version of etag-sqlite knows up to 1"), "{error}");
}

#[tokio::test]
async fn tables_that_can_not_be_prepared_are_not_opened_and_left_as_they_were() {
    let directory = Directory::new();
    directory.connection().execute_batch("CREATE TABLE others (id)").unwrap();
    let error = open(&directory).await.unwrap_err();
    assert!(error.to_string().contains("no such table: entries"), "{error}");
    assert!(!directory.connection().table_exists(None, "etag_meta").unwrap());
}
