//! All rows, in the order of the table.

mod dialects;
pub(crate) mod growth;
mod growth_families;
mod growth_memory;
mod hot_row;
mod memory;
mod reads;
mod reads_http;
mod systems;
mod tags;
mod writes_postgres;
mod writes_sqlite;

use self::growth::Reach;
use crate::row::Row;

/// Rows that share a heading, and how to read them.
pub(crate) struct Group {
    pub(crate) title: &'static str,
    pub(crate) notes: &'static str,
    pub(crate) rows: Vec<Row>,
}

/// Every group that is measured by running code.
pub(crate) fn groups(reach: Reach) -> Vec<Group> {
    vec![
        tags::group(),
        reads::group(),
        reads_http::group(),
        writes_sqlite::group(),
        hot_row::group(),
        writes_postgres::group(),
        memory::group(),
        growth::group(reach),
        growth_memory::group(reach),
        growth_families::group(),
        dialects::group(),
        systems::group(),
    ]
}
