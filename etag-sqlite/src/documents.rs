//! The store's own table of documents.

mod children;
mod columns;

use bytes::Bytes;
use etag_core::{Cursor, Head, Key, Row, Scan, TagEntry};
use rusqlite::{CachedStatement, Connection, OptionalExtension as _, Result, Row as SqlRow};

use self::columns::{bind_creation, bind_state, head_columns, head_of, row_of, tag_of, text_of};
use crate::{numbers, repository::Repository};

const SELECT_HEAD: &str = concat!("SELECT ", head_columns!(), " FROM documents WHERE collection = ?1 AND id = ?2");

const SELECT_ROW: &str = concat!("SELECT ", head_columns!(), ", body FROM documents WHERE collection = ?1 AND id = ?2");

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

/// The store's own tables: `documents`, and `children` for the links between them.
pub(crate) struct Documents;

impl Repository for Documents {
    fn row(&self, connection: &Connection, key: &Key) -> Result<Option<Row>> {
        let mut statement = connection.prepare_cached(SELECT_ROW)?;
        statement.query_row([key.collection(), key.id()], |row| row_of(row, key.clone())).optional()
    }

    fn head(&self, connection: &Connection, key: &Key) -> Result<Option<Head>> {
        let mut statement = connection.prepare_cached(SELECT_HEAD)?;
        statement.query_row([key.collection(), key.id()], |row| head_of(row, key.clone())).optional()
    }

    fn page(&self, connection: &Connection, scan: &Scan) -> Result<Vec<Row>> {
        let mut statement = paging(connection, scan, SELECT_PAGE, children::SELECT_PAGE)?;
        let rows = statement.raw_query();
        rows.mapped(|row| row_of(row, Key::new(scan.collection.clone(), text_of(row, columns::ID)?))).collect()
    }

    fn tags(&self, connection: &Connection, scan: &Scan) -> Result<Vec<(Cursor, TagEntry)>> {
        let mut statement = paging(connection, scan, SELECT_TAGS, children::SELECT_TAGS)?;
        let entry = |row: &SqlRow<'_>| {
            let place = Cursor(numbers::from_sql(row.get(0)?));
            Ok((place, TagEntry { id: text_of(row, 1)?, tag: tag_of(row, 2)? }))
        };
        statement.raw_query().mapped(entry).collect()
    }

    fn children(&self, connection: &Connection, parent: &Key, limit: usize) -> Result<Vec<Head>> {
        children::of(connection, parent, limit)
    }

    fn write(&self, connection: &Connection, head: &Head, body: &Bytes, before: Option<&Head>) -> Result<()> {
        let mut statement = connection.prepare_cached(if before.is_some() { UPDATE } else { INSERT })?;
        bind_state(&mut statement, head)?;
        statement.raw_bind_parameter(12, columns::Body(body))?;
        if before.is_none() {
            bind_creation(&mut statement, head)?;
        }
        changed_one(statement.raw_execute()?)?;
        children::move_to(connection, head, before)
    }

    fn write_head(&self, connection: &Connection, head: &Head, before: &Head) -> Result<()> {
        let mut statement = connection.prepare_cached(UPDATE_HEAD)?;
        bind_state(&mut statement, head)?;
        changed_one(statement.raw_execute()?)?;
        children::move_to(connection, head, Some(before))
    }

    fn remove(&self, connection: &Connection, head: &Head) -> Result<()> {
        children::remove(connection, head)?;
        let mut statement = connection.prepare_cached(DELETE)?;
        changed_one(statement.execute([numbers::sequence_to_sql(head.created)])?)
    }
}

/// The statement for a page of a collection, or of what is below a parent.
fn paging<'a>(connection: &'a Connection, scan: &Scan, of_all: &str, of_children: &str) -> Result<CachedStatement<'a>> {
    let query = if scan.parent.is_some() { of_children } else { of_all };
    let mut statement = connection.prepare_cached(query)?;
    statement.raw_bind_parameter(1, &scan.collection)?;
    statement.raw_bind_parameter(2, scan.after.map_or(0, |Cursor(sequence)| numbers::to_sql(sequence)))?;
    statement.raw_bind_parameter(3, numbers::count_to_sql(scan.limit))?;
    if let Some(filter) = &scan.parent {
        statement.raw_bind_parameter(4, filter.parent.collection())?;
        statement.raw_bind_parameter(5, filter.parent.id())?;
        statement.raw_bind_parameter(6, &filter.link)?;
    }
    Ok(statement)
}

/// A trigger of somebody else's may have swallowed the write; nobody must be told that it was done.
fn changed_one(count: usize) -> Result<()> {
    if count == 1 { Ok(()) } else { Err(rusqlite::Error::StatementChangedRows(count)) }
}

#[cfg(test)]
mod tests;
