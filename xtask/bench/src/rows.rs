//! All rows, in the order of the table.

mod tags;

use crate::row::Row;

/// Rows that share a heading, and how to read them.
pub(crate) struct Group {
    pub(crate) title: &'static str,
    pub(crate) notes: &'static str,
    pub(crate) rows: Vec<Row>,
}

/// Every group that is measured by running code.
pub(crate) fn groups() -> Vec<Group> {
    vec![tags::group()]
}
