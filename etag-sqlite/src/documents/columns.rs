//! What stands in which column of the documents' table.

use std::sync::Arc;

use bytes::Bytes;
use etag_core::{ContentDigest, Head, Key, Parents, Revision, Row, StoredTag, Strength};
use rusqlite::{
    Result, Row as SqlRow, Statement, ToSql,
    types::{FromSqlError, ToSqlOutput, Type, ValueRef},
};

use crate::numbers;

/// All columns of a head but those of its key, in the order in which [`head_of`] reads them.
macro_rules! head_columns {
    () => {
        "tag, sequence, epoch, created_sequence, created_epoch, edited_sequence, edited_epoch, created_at, modified_at, \
         date_is_strong, schema, content, parents"
    };
}
pub(super) use head_columns;

/// Where the body stands behind the head.
const BODY: usize = 13;

/// Where the id stands behind the body.
pub(super) const ID: usize = 14;

/// All of a state but its body, as the parameters 1 to 11.
pub(super) fn bind_state(statement: &mut Statement<'_>, head: &Head) -> Result<()> {
    let edited = (head.edited != head.revision).then_some(head.edited);
    statement.raw_bind_parameter(1, numbers::sequence_to_sql(head.created))?;
    statement.raw_bind_parameter(2, numbers::sequence_to_sql(head.revision))?;
    statement.raw_bind_parameter(3, numbers::epoch_to_sql(head.revision.epoch()))?;
    statement.raw_bind_parameter(4, edited.map(numbers::sequence_to_sql))?;
    statement.raw_bind_parameter(5, edited.map(|edited| numbers::epoch_to_sql(edited.epoch())))?;
    statement.raw_bind_parameter(6, numbers::time_to_sql(head.modified_at))?;
    statement.raw_bind_parameter(7, head.date_strength == Strength::Strong)?;
    statement.raw_bind_parameter(8, head.schema)?;
    statement.raw_bind_parameter(9, head.content.to_bytes())?;
    statement.raw_bind_parameter(10, head.tag.as_bytes())?;
    statement.raw_bind_parameter(11, head.parents.to_json())
}

/// What stays as it was at the creation, as the parameters 13 to 16.
pub(super) fn bind_creation(statement: &mut Statement<'_>, head: &Head) -> Result<()> {
    statement.raw_bind_parameter(13, head.key.collection())?;
    statement.raw_bind_parameter(14, head.key.id())?;
    statement.raw_bind_parameter(15, numbers::epoch_to_sql(head.created.epoch()))?;
    statement.raw_bind_parameter(16, numbers::time_to_sql(head.created_at))
}

/// A body is JSON, and so a text that SQLite's own functions can read; one that is not UTF-8 is kept all the same.
pub(super) struct Body<'a>(pub(super) &'a [u8]);

impl ToSql for Body<'_> {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>> {
        let value = if std::str::from_utf8(self.0).is_ok() { ValueRef::Text(self.0) } else { ValueRef::Blob(self.0) };
        Ok(ToSqlOutput::Borrowed(value))
    }
}

pub(super) fn row_of(row: &SqlRow<'_>, key: Key) -> Result<Row> {
    Ok(Row { head: head_of(row, key)?, body: body_of(row, BODY)? })
}

fn body_of(row: &SqlRow<'_>, column: usize) -> Result<Bytes> {
    match row.get_ref(column)? {
        ValueRef::Text(body) | ValueRef::Blob(body) => Ok(Bytes::copy_from_slice(body)),
        _ => Err(unreadable(column, FromSqlError::InvalidType)),
    }
}

pub(super) fn head_of(row: &SqlRow<'_>, key: Key) -> Result<Head> {
    let revision = revision_of(row, 1)?;
    Ok(Head {
        key,
        tag: tag_of(row, 0)?,
        revision,
        edited: edited_of(row, 5)?.unwrap_or(revision),
        created: revision_of(row, 3)?,
        created_at: numbers::time_from_sql(row.get(7)?),
        modified_at: numbers::time_from_sql(row.get(8)?),
        date_strength: if row.get(9)? { Strength::Strong } else { Strength::Weak },
        schema: row.get(10)?,
        content: ContentDigest::from_bytes(row.get(11)?),
        parents: parents_of(row, 12)?,
    })
}

/// A revision of which the sequence stands in `column` and the epoch in the next one.
fn revision_of(row: &SqlRow<'_>, column: usize) -> Result<Revision> {
    let sequence = numbers::from_sql(row.get(column)?);
    Ok(Revision::new(numbers::epoch_from_sql(row.get(column + 1)?), sequence))
}

fn edited_of(row: &SqlRow<'_>, column: usize) -> Result<Option<Revision>> {
    match row.get_ref(column)? {
        ValueRef::Null => Ok(None),
        _ => revision_of(row, column).map(Some),
    }
}

fn parents_of(row: &SqlRow<'_>, column: usize) -> Result<Parents> {
    let text = row.get_ref(column)?.as_str_or_null().map_err(|error| unreadable(column, error))?;
    text.map_or(Ok(Parents::NONE), |text| Parents::from_json(text).map_err(|error| unreadable(column, error)))
}

pub(super) fn tag_of(row: &SqlRow<'_>, column: usize) -> Result<StoredTag> {
    let bytes = row.get_ref(column)?.as_blob().map_err(|error| unreadable(column, error))?;
    StoredTag::from_bytes(bytes).map_err(|error| unreadable(column, error))
}

pub(super) fn text_of(row: &SqlRow<'_>, column: usize) -> Result<Arc<str>> {
    Ok(row.get_ref(column)?.as_str().map_err(|error| unreadable(column, error))?.into())
}

fn unreadable(column: usize, error: impl std::error::Error + Send + Sync + 'static) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, Type::Blob, Box::new(error))
}
