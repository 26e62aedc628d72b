//! The ledger: what the commits under idempotency keys did (rule P6).

use std::time::SystemTime;

use etag_core::{ContentDigest, LedgerEntry, LedgerKey};
use rusqlite::{Connection, OptionalExtension as _, Row, params, types::Type};

use crate::numbers;

type Result<T> = std::result::Result<T, rusqlite::Error>;

const SELECT: &str = "SELECT fingerprint, outcome FROM etag_ledger WHERE principal = ?1 AND key = ?2 AND expires > ?3";

const INSERT: &str =
    "INSERT OR REPLACE INTO etag_ledger (principal, key, fingerprint, outcome, expires) VALUES (?1, ?2, ?3, ?4, ?5)";

// More than the one row that comes, so that the ledger shrinks, and few, so that no commit pays for many.
const PURGE: &str = "DELETE FROM etag_ledger WHERE (principal, key) IN \
     (SELECT principal, key FROM etag_ledger WHERE expires <= ?1 ORDER BY expires LIMIT 8)";

pub(crate) fn recall(connection: &Connection, key: &LedgerKey, now: SystemTime) -> Result<Option<LedgerEntry>> {
    let mut statement = connection.prepare_cached(SELECT)?;
    statement.query_row(params![key.principal, key.key, numbers::time_to_sql(now)], entry_of).optional()
}

pub(crate) fn record(connection: &Connection, key: &LedgerKey, entry: &LedgerEntry, until: SystemTime) -> Result<()> {
    let (fingerprint, expires) = (entry.fingerprint.to_bytes(), numbers::time_to_sql(until));
    let mut statement = connection.prepare_cached(INSERT)?;
    statement.execute(params![key.principal, key.key, fingerprint, entry.outcome(), expires])?;
    Ok(())
}

/// Removes some of what is no longer kept.
pub(crate) fn purge(connection: &Connection, now: SystemTime) -> Result<()> {
    connection.prepare_cached(PURGE)?.execute([numbers::time_to_sql(now)])?;
    Ok(())
}

fn entry_of(row: &Row<'_>) -> Result<LedgerEntry> {
    let outcome: String = row.get(1)?;
    let entry = LedgerEntry::from_outcome(ContentDigest::from_bytes(row.get(0)?), &outcome);
    entry.map_err(|error| rusqlite::Error::FromSqlConversionFailure(1, Type::Text, Box::new(error)))
}
