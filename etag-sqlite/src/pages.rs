//! Pages of lists.

use etag_core::{Cursor, Page, Scan};

use crate::numbers;

type Result<T> = std::result::Result<T, rusqlite::Error>;

pub(crate) fn after(scan: &Scan) -> i64 {
    scan.after.map_or(0, |Cursor(sequence)| numbers::to_sql(sequence))
}

/// One more than the page holds is asked for, which tells whether there is a next one.
pub(crate) fn limit(scan: &Scan) -> i64 {
    numbers::to_sql(u64::try_from(scan.limit).unwrap_or(u64::MAX).saturating_add(1))
}

pub(crate) fn one_page<T>(rows: impl Iterator<Item = Result<(u64, T)>>, limit: usize) -> Result<Page<T>> {
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
