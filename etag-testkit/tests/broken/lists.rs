//! Pages, and what goes wrong with them.

use etag_core::{Cursor, Page, Parents, Row, Scan};

use crate::{bug::Bug, rows::Rows};

pub(crate) fn page(bug: Option<Bug>, scan: &Scan, rows: &Rows) -> Page<Row> {
    let mut listed: Vec<&Row> = rows.kept.values().filter(|row| is_listed(bug, scan, row, rows)).collect();
    match bug {
        Some(Bug::ListsById) => {}
        Some(Bug::ListsByLastChange) => listed.sort_by_key(|row| row.head.revision.sequence()),
        _ => listed.sort_by_key(|row| row.head.created.sequence()),
    }
    let start = start(bug, scan, &listed);
    let end = listed.len().min(start + scan.limit);
    let items: Vec<Row> = listed[start..end].iter().map(|row| shown(bug, row)).collect();
    let is_last = end == listed.len() && bug != Some(Bug::EndsWithACursor);
    let cursor = match bug {
        Some(Bug::ListsByOffset) => Some(end as u64),
        Some(Bug::ListsByLastChange) => items.last().map(|row| row.head.revision.sequence()),
        _ => items.last().map(|row| row.head.created.sequence()),
    };
    Page { items, next: cursor.filter(|_| !is_last).map(Cursor) }
}

fn is_listed(bug: Option<Bug>, scan: &Scan, row: &Row, rows: &Rows) -> bool {
    let parents = match bug {
        Some(Bug::ListsWhereChildrenStoodFirst) => &rows.first[&row.head.key].parents,
        _ => &row.head.parents,
    };
    let is_child = scan.parent.as_ref().is_none_or(|filter| filter.lets_pass(parents));
    (row.head.key.collection() == scan.collection || bug == Some(Bug::ListsEveryCollection))
        && (is_child || bug == Some(Bug::ListsChildrenOfAll))
}

fn start(bug: Option<Bug>, scan: &Scan, listed: &[&Row]) -> usize {
    let Some(Cursor(after)) = scan.after else { return 0 };
    match bug {
        Some(Bug::ListsByOffset) => listed.len().min(usize::try_from(after).expect("a short list")),
        // By id there is no order to find the place in; the row with that number is looked for.
        Some(Bug::ListsById) => {
            listed.iter().position(|row| row.head.created.sequence() == after).map_or(0, |at| at + 1)
        }
        Some(Bug::ListsByLastChange) => listed.partition_point(|row| row.head.revision.sequence() <= after),
        _ => listed.partition_point(|row| row.head.created.sequence() <= after),
    }
}

fn shown(bug: Option<Bug>, row: &Row) -> Row {
    let mut row = row.clone();
    if bug == Some(Bug::ListsWithoutParents) {
        row.head.parents = Parents::NONE;
    }
    row
}
