//! Pages of lists.

use etag_core::{Cursor, Page, Row, Scan, TagEntry};
use rusqlite::{Connection, Result};

use crate::repository::Repository;

pub(crate) fn rows(repository: &dyn Repository, connection: &Connection, scan: &Scan) -> Result<Page<Row>> {
    let rows = repository.page(connection, &with_one_more(scan))?;
    Ok(one_page(rows, scan.limit, |row| Cursor(row.head.created.sequence())))
}

pub(crate) fn tags(repository: &dyn Repository, connection: &Connection, scan: &Scan) -> Result<Page<TagEntry>> {
    let tags = repository.tags(connection, &with_one_more(scan))?;
    let Page { items, next } = one_page(tags, scan.limit, |(place, _)| *place);
    Ok(Page { items: items.into_iter().map(|(_, entry)| entry).collect(), next })
}

/// One more than the page holds is asked for, which tells whether there is a next one.
fn with_one_more(scan: &Scan) -> Scan {
    let mut scan = scan.clone();
    scan.limit = scan.limit.saturating_add(1);
    scan
}

fn one_page<T>(mut items: Vec<T>, limit: usize, place: impl Fn(&T) -> Cursor) -> Page<T> {
    let is_last = items.len() <= limit;
    items.truncate(limit);
    let next = items.last().filter(|_| !is_last).map(place);
    Page { items, next }
}
