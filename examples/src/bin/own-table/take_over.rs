//! Rows that were there before the store: each is created in it once, and so gets its first tag.

use std::path::Path;

use etag_core::{Document, Error, ErrorKind, Expectation, Store, StoreExt as _};
use etag_sqlite::rusqlite::{self, Connection};

use crate::{
    model::{Invoice, Line},
    repository::Table,
    tables::BOOKKEEPING,
};

/// Takes over what is new, parents first.
///
/// # Errors
/// Rows that are no documents, and faults of the store.
pub(crate) async fn take_over(store: &dyn Store, file: &Path) -> Result<(), Error> {
    let [invoices, lines] = BOOKKEEPING else { unreachable!("the bookkeeping has two tables") };
    take_over_table::<Invoice>(store, file, invoices).await?;
    take_over_table::<Line>(store, file, lines).await
}

async fn take_over_table<T: Document>(store: &dyn Store, file: &Path, table: &Table) -> Result<(), Error> {
    let rows = rows_from_before(file, table);
    for text in rows.map_err(|error| Error::new(ErrorKind::Engine, format!("{}: {error}", table.name)))? {
        let value: T = serde_json::from_str(&text)
            .map_err(|error| Error::new(ErrorKind::Undecodable, format!("a row of {}: {error}", table.name)))?;
        match store.put(&value, Expectation::Absent).await {
            // Another server was faster.
            Err(error) if error.is_already_exists() => {}
            put => drop(put?),
        }
    }
    Ok(())
}

fn rows_from_before(file: &Path, Table { name, document, .. }: &Table) -> rusqlite::Result<Vec<String>> {
    let connection = Connection::open(file)?;
    let mut statement = connection.prepare(&format!("SELECT {document} FROM {name} WHERE etag_head IS NULL"))?;
    statement.query_map([], |row| row.get(0))?.collect()
}
