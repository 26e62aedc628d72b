//! The table of documents.

mod children;
mod columns;

use bytes::Bytes;
use etag_core::{Head, Key, Page, Row, Scan, TagEntry};
use rusqlite::{CachedStatement, Connection, OptionalExtension as _};

use self::columns::{bind_creation, bind_state, body_of, head_columns, head_of, row_of, tag_of, text_of};
use crate::{numbers, pages};

type Result<T> = std::result::Result<T, rusqlite::Error>;

const SELECT_HEAD: &str = concat!("SELECT ", head_columns!(), " FROM documents WHERE collection = ?1 AND id = ?2");

const SELECT_ROW: &str = concat!("SELECT ", head_columns!(), ", body FROM documents WHERE collection = ?1 AND id = ?2");

const SELECT_BODY: &str = "SELECT body FROM documents WHERE collection = ?1 AND id = ?2";

// The order of `documents_by_creation`, whose places are the cursors.
const SELECT_PAGE: &str = concat!(
    "SELECT ",
    head_columns!(),
    ", body, id FROM documents INDEXED BY documents_by_creation WHERE collection = ?1 AND created_sequence > ?2 ORDER BY created_sequence LIMIT ?3"
);

const SELECT_TAGS: &str = "SELECT created_sequence, id, tag FROM documents INDEXED BY documents_by_creation \
     WHERE collection = ?1 AND created_sequence > ?2 ORDER BY created_sequence LIMIT ?3";

const INSERT: &str = "INSERT INTO documents (created_sequence, sequence, epoch, edited_sequence, edited_epoch, modified_at, \
     date_is_strong, schema, content, tag, parents, body, collection, id, created_epoch, created_at) \
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)";

/// All of a state but its body.
macro_rules! set_state {
    () => {
        "UPDATE documents SET sequence = ?2, epoch = ?3, edited_sequence = ?4, edited_epoch = ?5, modified_at = ?6, \
         date_is_strong = ?7, schema = ?8, content = ?9, tag = ?10, parents = ?11"
    };
}

const UPDATE: &str = concat!(set_state!(), ", body = ?12 WHERE created_sequence = ?1");

const UPDATE_HEAD: &str = concat!(set_state!(), " WHERE created_sequence = ?1");

const DELETE: &str = "DELETE FROM documents WHERE created_sequence = ?1";

pub(crate) fn head(connection: &Connection, key: &Key) -> Result<Option<Head>> {
    let mut statement = connection.prepare_cached(SELECT_HEAD)?;
    statement.query_row([key.collection(), key.id()], |row| head_of(row, key.clone())).optional()
}

pub(crate) fn row(connection: &Connection, key: &Key) -> Result<Option<Row>> {
    let mut statement = connection.prepare_cached(SELECT_ROW)?;
    statement.query_row([key.collection(), key.id()], |row| row_of(row, key.clone())).optional()
}

pub(crate) fn body(connection: &Connection, key: &Key) -> Result<Option<Bytes>> {
    let mut statement = connection.prepare_cached(SELECT_BODY)?;
    statement.query_row([key.collection(), key.id()], |row| body_of(row, 0)).optional()
}

pub(crate) fn page(connection: &Connection, scan: &Scan) -> Result<Page<Row>> {
    let mut statement = paging(connection, scan, SELECT_PAGE, children::SELECT_PAGE)?;
    let rows = statement.raw_query().mapped(|row| {
        let row = row_of(row, Key::new(scan.collection.clone(), text_of(row, columns::ID)?))?;
        Ok((row.head.created.sequence(), row))
    });
    pages::one_page(rows, scan.limit)
}

pub(crate) fn tags(connection: &Connection, scan: &Scan) -> Result<Page<TagEntry>> {
    let mut statement = paging(connection, scan, SELECT_TAGS, children::SELECT_TAGS)?;
    let rows = statement.raw_query().mapped(|row| {
        let entry = TagEntry { id: text_of(row, 1)?, tag: tag_of(row, 2)? };
        Ok((numbers::from_sql(row.get(0)?), entry))
    });
    pages::one_page(rows, scan.limit)
}

/// The statement for a page of a collection, or of what is below a parent.
fn paging<'a>(connection: &'a Connection, scan: &Scan, of_all: &str, of_children: &str) -> Result<CachedStatement<'a>> {
    let query = if scan.parent.is_some() { of_children } else { of_all };
    let mut statement = connection.prepare_cached(query)?;
    statement.raw_bind_parameter(1, &scan.collection)?;
    statement.raw_bind_parameter(2, pages::after(scan))?;
    statement.raw_bind_parameter(3, pages::limit(scan))?;
    if let Some(filter) = &scan.parent {
        statement.raw_bind_parameter(4, filter.parent.collection())?;
        statement.raw_bind_parameter(5, filter.parent.id())?;
        statement.raw_bind_parameter(6, &filter.link)?;
    }
    Ok(statement)
}

pub(crate) fn children(connection: &Connection, parent: &Key, limit: usize) -> Result<Vec<Head>> {
    children::of(connection, parent, limit)
}

pub(crate) fn insert(connection: &Connection, head: &Head, body: &Bytes) -> Result<()> {
    let mut statement = connection.prepare_cached(INSERT)?;
    bind_state(&mut statement, head)?;
    statement.raw_bind_parameter(12, columns::Body(body))?;
    bind_creation(&mut statement, head)?;
    changed_one(statement.raw_execute()?)?;
    children::move_to(connection, head, None)
}

pub(crate) fn update(connection: &Connection, head: &Head, body: &Bytes, before: &Head) -> Result<()> {
    let mut statement = connection.prepare_cached(UPDATE)?;
    bind_state(&mut statement, head)?;
    statement.raw_bind_parameter(12, columns::Body(body))?;
    changed_one(statement.raw_execute()?)?;
    children::move_to(connection, head, Some(before))
}

pub(crate) fn update_head(connection: &Connection, head: &Head, before: &Head) -> Result<()> {
    let mut statement = connection.prepare_cached(UPDATE_HEAD)?;
    bind_state(&mut statement, head)?;
    changed_one(statement.raw_execute()?)?;
    children::move_to(connection, head, Some(before))
}

pub(crate) fn delete(connection: &Connection, head: &Head) -> Result<()> {
    children::remove(connection, head)?;
    let mut statement = connection.prepare_cached(DELETE)?;
    changed_one(statement.execute([numbers::sequence_to_sql(head.created)])?)
}

/// A trigger of somebody else's may have swallowed the write; nobody must be told that it was done.
fn changed_one(count: usize) -> Result<()> {
    if count == 1 { Ok(()) } else { Err(rusqlite::Error::StatementChangedRows(count)) }
}

#[cfg(test)]
mod tests;
