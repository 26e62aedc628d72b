//! The ledger: what the commits under idempotency keys did (rule P6).

mod record;

use std::time::SystemTime;

use etag_core::{ContentDigest, LedgerEntry, LedgerKey};
use rusqlite::{Connection, OptionalExtension as _, Row, params, types::Type};

use crate::{numbers, parents::Unreadable};

type Result<T> = std::result::Result<T, rusqlite::Error>;

const SELECT: &str =
    "SELECT fingerprint, outcome, touched FROM etag_ledger WHERE principal = ?1 AND key = ?2 AND expires > ?3";

const INSERT: &str = "INSERT OR REPLACE INTO etag_ledger (principal, key, fingerprint, outcome, touched, expires) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";

// More than the one row that comes, so that the ledger shrinks, and few, so that no commit pays for many.
const PURGE: &str = "DELETE FROM etag_ledger WHERE (principal, key) IN \
     (SELECT principal, key FROM etag_ledger WHERE expires <= ?1 ORDER BY expires LIMIT 8)";

pub(crate) fn recall(connection: &Connection, key: &LedgerKey, now: SystemTime) -> Result<Option<LedgerEntry>> {
    let mut statement = connection.prepare_cached(SELECT)?;
    statement.query_row(params![key.principal, key.key, numbers::time_to_sql(now)], entry_of).optional()
}

pub(crate) fn record(connection: &Connection, key: &LedgerKey, entry: &LedgerEntry, until: SystemTime) -> Result<()> {
    let not_json = |error: serde_json::Error| rusqlite::Error::ToSqlConversionFailure(error.into());
    let outcome = record::items_to_json(&entry.items).map_err(not_json)?;
    let touched = record::touched_to_json(&entry.touched).map_err(not_json)?;
    let (fingerprint, expires) = (entry.fingerprint.to_bytes(), numbers::time_to_sql(until));
    let mut statement = connection.prepare_cached(INSERT)?;
    statement.execute(params![key.principal, key.key, fingerprint, outcome, touched, expires])?;
    Ok(())
}

/// Removes some of what is no longer kept.
pub(crate) fn purge(connection: &Connection, now: SystemTime) -> Result<()> {
    connection.prepare_cached(PURGE)?.execute([numbers::time_to_sql(now)])?;
    Ok(())
}

fn entry_of(row: &Row<'_>) -> Result<LedgerEntry> {
    let unreadable = |error: Unreadable| rusqlite::Error::FromSqlConversionFailure(1, Type::Text, error);
    let (outcome, touched): (String, Option<String>) = (row.get(1)?, row.get(2)?);
    let touched = touched.map(|text| record::touched_from_json(&text)).transpose();
    Ok(LedgerEntry {
        fingerprint: ContentDigest::from_bytes(row.get(0)?),
        items: record::items_from_json(&outcome).map_err(unreadable)?.into_iter().collect(),
        touched: touched.map_err(unreadable)?.unwrap_or_default(),
    })
}
