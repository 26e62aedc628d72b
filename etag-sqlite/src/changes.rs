//! The change logs (rule B2).

use etag_core::{ChangeLog, Key};
use rusqlite::{Connection, OptionalExtension as _, params, types::Type};

type Result<T> = std::result::Result<T, rusqlite::Error>;

const SELECT: &str = "SELECT log FROM etag_changes WHERE collection = ?1 AND id = ?2";

const INSERT: &str = "INSERT OR REPLACE INTO etag_changes (collection, id, log) VALUES (?1, ?2, ?3)";

const DELETE: &str = "DELETE FROM etag_changes WHERE collection = ?1 AND id = ?2";

pub(crate) fn find(connection: &Connection, key: &Key) -> Result<Option<ChangeLog>> {
    let mut statement = connection.prepare_cached(SELECT)?;
    let text: Option<String> = statement.query_row([key.collection(), key.id()], |row| row.get(0)).optional()?;
    let unreadable = |error| rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(error));
    text.map(|text| ChangeLog::from_json(&text).map_err(unreadable)).transpose()
}

pub(crate) fn keep(connection: &Connection, key: &Key, log: &ChangeLog) -> Result<()> {
    connection.prepare_cached(INSERT)?.execute(params![key.collection(), key.id(), log.to_json()])?;
    Ok(())
}

pub(crate) fn forget(connection: &Connection, key: &Key) -> Result<()> {
    connection.prepare_cached(DELETE)?.execute([key.collection(), key.id()])?;
    Ok(())
}
