//! All rows, in the order of the table.

// mod growth;
// mod hot_row;
mod memory;
mod tags;
// mod writes_sqlite;

pub(crate) mod growth { #[derive(Clone,Copy,Debug)] pub(crate) enum Reach { Usual, Long } }
use growth::Reach;
use crate::row::Row;

/// Rows that share a heading, and how to read them.
pub(crate) struct Group {
    pub(crate) title: &'static str,
    pub(crate) notes: &'static str,
    pub(crate) rows: Vec<Row>,
}

/// Every group that is measured by running code.
pub(crate) fn groups(reach: Reach) -> Vec<Group> {
    {let _ = reach; vec![tags::group(), memory::group()]}
}
