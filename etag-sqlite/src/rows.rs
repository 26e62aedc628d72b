//! The table of documents.

use std::sync::Arc;

use bytes::Bytes;
use etag_core::{ContentDigest, Cursor, Head, Key, Page, Revision, Row, Scan, StoredTag, Strength, TagEntry};
use rusqlite::{
    Connection, OptionalExtension as _, Row as SqlRow, ToSql, params,
    types::{FromSqlError, ToSqlOutput, Type, ValueRef},
};

use crate::numbers;

type Result<T> = std::result::Result<T, rusqlite::Error>;

/// All columns of a head but those of its key, in the order in which [`head_of`] reads them.
macro_rules! head_columns {
    () => {
        "tag, sequence, epoch, created_sequence, created_epoch, created_at, modified_at, date_is_strong, schema, content"
    };
}

const SELECT_HEAD: &str = concat!("SELECT ", head_columns!(), " FROM documents WHERE collection = ?1 AND id = ?2");

const SELECT_ROW: &str = concat!("SELECT ", head_columns!(), ", body FROM documents WHERE collection = ?1 AND id = ?2");

// The order of `documents_by_creation`, whose places are the cursors.
const SELECT_PAGE: &str = concat!(
    "SELECT ",
    head_columns!(),
    ", body, id FROM documents INDEXED BY documents_by_creation WHERE collection = ?1 AND created_sequence > ?2 ORDER BY created_sequence LIMIT ?3"
);

pub(crate) const SELECT_TAGS: &str = "SELECT created_sequence, id, tag FROM documents INDEXED BY documents_by_creation \
     WHERE collection = ?1 AND created_sequence > ?2 ORDER BY created_sequence LIMIT ?3";

const INSERT: &str = "INSERT INTO documents (collection, id, created_sequence, created_epoch, created_at, sequence, epoch, \
     modified_at, date_is_strong, schema, content, tag, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";

const UPDATE: &str = "UPDATE documents SET sequence = ?2, epoch = ?3, modified_at = ?4, date_is_strong = ?5, schema = ?6, \
     content = ?7, tag = ?8, body = ?9 WHERE created_sequence = ?1";

const DELETE: &str = "DELETE FROM documents WHERE created_sequence = ?1";

pub(crate) fn head(connection: &Connection, key: &Key) -> Result<Option<Head>> {
    let mut statement = connection.prepare_cached(SELECT_HEAD)?;
    statement.query_row([key.collection(), key.id()], |row| head_of(row, key.clone())).optional()
}

pub(crate) fn row(connection: &Connection, key: &Key) -> Result<Option<Row>> {
    let mut statement = connection.prepare_cached(SELECT_ROW)?;
    statement.query_row([key.collection(), key.id()], |row| row_of(row, key.clone())).optional()
}

pub(crate) fn page(connection: &Connection, scan: &Scan) -> Result<Page<Row>> {
    let mut statement = connection.prepare_cached(SELECT_PAGE)?;
    let rows = statement.query_map(scan_parameters(scan), |row| {
        let id: Arc<str> = row.get_ref(11)?.as_str().map_err(|error| unreadable(11, error))?.into();
        let row = row_of(row, Key::new(scan.collection.clone(), id))?;
        Ok((row.head.created.sequence(), row))
    })?;
    one_page(rows, scan.limit)
}

pub(crate) fn tags(connection: &Connection, scan: &Scan) -> Result<Page<TagEntry>> {
    let mut statement = connection.prepare_cached(SELECT_TAGS)?;
    let rows = statement.query_map(scan_parameters(scan), |row| {
        let id = row.get_ref(1)?.as_str().map_err(|error| unreadable(1, error))?.into();
        Ok((numbers::from_sql(row.get(0)?), TagEntry { id, tag: tag_of(row, 2)? }))
    })?;
    one_page(rows, scan.limit)
}

/// One more than the page holds is asked for, which tells whether there is a next one.
fn scan_parameters(scan: &Scan) -> (&str, i64, i64) {
    let after = scan.after.map_or(0, |Cursor(sequence)| numbers::to_sql(sequence));
    let limit = u64::try_from(scan.limit).unwrap_or(u64::MAX).saturating_add(1);
    (&scan.collection, after, numbers::to_sql(limit))
}

fn one_page<T>(rows: impl Iterator<Item = Result<(u64, T)>>, limit: usize) -> Result<Page<T>> {
    let mut page = Page { items: Vec::new(), next: None };
    let mut last = None;
    for row in rows {
        let (sequence, item) = row?;
        if page.items.len() == limit {
            page.next = last.map(Cursor);
            break;
        }
        last = Some(sequence);
        page.items.push(item);
    }
    Ok(page)
}

pub(crate) fn insert(connection: &Connection, head: &Head, body: &Bytes) -> Result<()> {
    let mut statement = connection.prepare_cached(INSERT)?;
    let inserted = statement.execute(params![
        head.key.collection(),
        head.key.id(),
        numbers::sequence_to_sql(head.created),
        numbers::epoch_to_sql(head.created.epoch()),
        numbers::time_to_sql(head.created_at),
        numbers::sequence_to_sql(head.revision),
        numbers::epoch_to_sql(head.revision.epoch()),
        numbers::time_to_sql(head.modified_at),
        head.date_strength == Strength::Strong,
        head.schema,
        head.content.to_bytes(),
        head.tag.as_bytes(),
        Body(body),
    ])?;
    changed_one(inserted)
}

pub(crate) fn update(connection: &Connection, head: &Head, body: &Bytes) -> Result<()> {
    let mut statement = connection.prepare_cached(UPDATE)?;
    let updated = statement.execute(params![
        numbers::sequence_to_sql(head.created),
        numbers::sequence_to_sql(head.revision),
        numbers::epoch_to_sql(head.revision.epoch()),
        numbers::time_to_sql(head.modified_at),
        head.date_strength == Strength::Strong,
        head.schema,
        head.content.to_bytes(),
        head.tag.as_bytes(),
        Body(body),
    ])?;
    changed_one(updated)
}

pub(crate) fn delete(connection: &Connection, head: &Head) -> Result<()> {
    let mut statement = connection.prepare_cached(DELETE)?;
    changed_one(statement.execute([numbers::sequence_to_sql(head.created)])?)
}

/// A trigger of somebody else's may have swallowed the write; nobody must be told that it was done.
fn changed_one(count: usize) -> Result<()> {
    if count == 1 { Ok(()) } else { Err(rusqlite::Error::StatementChangedRows(count)) }
}

/// A body is JSON, and so a text that SQLite's own functions can read; one that is not UTF-8 is kept all the same.
struct Body<'a>(&'a [u8]);

impl ToSql for Body<'_> {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>> {
        let value = if std::str::from_utf8(self.0).is_ok() { ValueRef::Text(self.0) } else { ValueRef::Blob(self.0) };
        Ok(ToSqlOutput::Borrowed(value))
    }
}

fn row_of(row: &SqlRow<'_>, key: Key) -> Result<Row> {
    let head = head_of(row, key)?;
    let body = match row.get_ref(10)? {
        ValueRef::Text(body) | ValueRef::Blob(body) => Bytes::copy_from_slice(body),
        _ => return Err(unreadable(10, FromSqlError::InvalidType)),
    };
    Ok(Row { head, body })
}

fn head_of(row: &SqlRow<'_>, key: Key) -> Result<Head> {
    Ok(Head {
        key,
        tag: tag_of(row, 0)?,
        revision: revision_of(row, 1)?,
        created: revision_of(row, 3)?,
        created_at: numbers::time_from_sql(row.get(5)?),
        modified_at: numbers::time_from_sql(row.get(6)?),
        date_strength: if row.get(7)? { Strength::Strong } else { Strength::Weak },
        schema: row.get(8)?,
        content: ContentDigest::from_bytes(row.get(9)?),
    })
}

/// A revision of which the sequence stands in `column` and the epoch in the next one.
fn revision_of(row: &SqlRow<'_>, column: usize) -> Result<Revision> {
    let sequence = numbers::from_sql(row.get(column)?);
    Ok(Revision::new(numbers::epoch_from_sql(row.get(column + 1)?), sequence))
}

fn tag_of(row: &SqlRow<'_>, column: usize) -> Result<StoredTag> {
    let bytes = row.get_ref(column)?.as_blob().map_err(|error| unreadable(column, error))?;
    StoredTag::from_bytes(bytes).map_err(|error| unreadable(column, error))
}

fn unreadable(column: usize, error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Blob, Box::new(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan_of(query: &str) -> String {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(include_str!("migrations/0001.sql")).unwrap();
        let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {query}")).unwrap();
        let count = statement.parameter_count();
        let parameters = rusqlite::params_from_iter(std::iter::repeat_n(1, count));
        let steps = statement.query_map(parameters, |row| row.get::<_, String>("detail")).unwrap();
        steps.collect::<Result<Vec<_>>>().unwrap().join("\n")
    }

    #[test]
    fn ids_and_tags_of_a_page_are_read_from_the_index_alone() {
        assert_eq!(
            plan_of(SELECT_TAGS),
            "SEARCH documents USING COVERING INDEX documents_by_creation (collection=? AND created_sequence>?)"
        );
    }

    #[test]
    fn a_page_is_found_by_the_index() {
        let plan = plan_of(SELECT_PAGE);
        assert!(plan.starts_with("SEARCH documents USING INDEX documents_by_creation"), "{plan}");
        assert!(!plan.contains("TEMP B-TREE"), "{plan}");
    }

    #[test]
    fn a_resource_is_found_by_its_key_and_written_by_its_place() {
        for (query, index) in
            [(SELECT_HEAD, "AUTOINDEX"), (SELECT_ROW, "AUTOINDEX"), (UPDATE, "PRIMARY KEY"), (DELETE, "PRIMARY KEY")]
        {
            let plan = plan_of(query).to_uppercase();
            assert!(plan.starts_with("SEARCH DOCUMENTS USING") && plan.contains(index), "{plan}");
        }
    }
}
