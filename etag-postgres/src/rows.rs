//! Rows of the tables as states of resources, and reads of them.

use bytes::Bytes;
use etag_core::{
    ContentDigest, Cursor, Error, ErrorKind, Head, Key, LedgerEntry, Page, Parents, Row, Scan, StoredTag, Strength,
    TagEntry,
};
use tokio_postgres::Row as SqlRow;

use crate::numbers;

/// The columns of a head; what comes behind them stands at this index.
pub(crate) const AFTER_HEAD: usize = 15;

pub(crate) fn head_of(row: &SqlRow) -> Result<Head, Error> {
    let parents: Option<&str> = row.try_get(14).map_err(corrupt)?;
    Ok(Head {
        key: Key::new(text(row, 0)?, text(row, 1)?),
        tag: tag_of(row, 2)?,
        revision: numbers::revision_from_sql(number(row, 3)?, number(row, 4)?),
        edited: numbers::revision_from_sql(number(row, 5)?, number(row, 6)?),
        created: numbers::revision_from_sql(number(row, 7)?, number(row, 8)?),
        created_at: numbers::time_from_sql(number(row, 9)?),
        modified_at: numbers::time_from_sql(number(row, 10)?),
        date_strength: if row.try_get(11).map_err(corrupt)? { Strength::Strong } else { Strength::Weak },
        schema: u32::try_from(row.try_get::<_, i32>(12).map_err(corrupt)?).unwrap_or(0),
        content: digest_of(row, 13)?,
        parents: parents.map_or(Ok(Parents::NONE), Parents::from_json)?,
    })
}

pub(crate) fn row_of(row: &SqlRow) -> Result<Row, Error> {
    Ok(Row { head: head_of(row)?, body: body_of(row, AFTER_HEAD)?.unwrap_or_default() })
}

pub(crate) fn body_of(row: &SqlRow, column: usize) -> Result<Option<Bytes>, Error> {
    let body: Option<&[u8]> = row.try_get(column).map_err(corrupt)?;
    Ok(body.map(Bytes::copy_from_slice))
}

pub(crate) fn text(row: &SqlRow, column: usize) -> Result<String, Error> {
    row.try_get(column).map_err(corrupt)
}

pub(crate) fn number(row: &SqlRow, column: usize) -> Result<i64, Error> {
    row.try_get(column).map_err(corrupt)
}

fn tag_of(row: &SqlRow, column: usize) -> Result<StoredTag, Error> {
    StoredTag::from_bytes(row.try_get(column).map_err(corrupt)?).map_err(corrupt)
}

pub(crate) fn digest_of(row: &SqlRow, column: usize) -> Result<ContentDigest, Error> {
    let bytes: &[u8] = row.try_get(column).map_err(corrupt)?;
    Ok(ContentDigest::from_bytes(bytes.try_into().map_err(corrupt)?))
}

pub(crate) fn entry_of(row: &SqlRow, first: usize) -> Result<LedgerEntry, Error> {
    LedgerEntry::from_outcome(digest_of(row, first)?, row.try_get(first + 1).map_err(corrupt)?)
}

fn corrupt(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::new(ErrorKind::Corrupt, format!("a row of the store can't be read: {error}")).with_source(error)
}

pub(crate) fn page(rows: &[SqlRow], scan: &Scan) -> Result<Page<Row>, Error> {
    one_page(rows, scan, |row| row_of(row).map(|row| (row.head.created.sequence(), row)))
}

pub(crate) fn tags(rows: &[SqlRow], scan: &Scan) -> Result<Page<TagEntry>, Error> {
    one_page(rows, scan, |row| {
        let entry = TagEntry { id: text(row, 1)?.into(), tag: tag_of(row, 2)? };
        Ok((numbers::from_sql(number(row, 0)?), entry))
    })
}

/// One row more was asked for than the page has, which tells whether there is a next one.
fn one_page<T>(
    rows: &[SqlRow],
    scan: &Scan,
    item: impl Fn(&SqlRow) -> Result<(u64, T), Error>,
) -> Result<Page<T>, Error> {
    let items: Vec<(u64, T)> = rows.iter().take(scan.limit).map(item).collect::<Result<_, _>>()?;
    let next = (rows.len() > scan.limit).then(|| items.last().map(|(sequence, _)| Cursor(*sequence))).flatten();
    Ok(Page { items: items.into_iter().map(|(_, item)| item).collect(), next })
}
