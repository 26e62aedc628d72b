//! Tables that were there before, as the place of a store's documents: rule S4 in some 80 lines.

use bytes::Bytes;
use etag_core::{Cursor, Head, Key, Row, Scan};
use etag_sqlite::{
    Repository, StoredHead,
    rusqlite::{self, Connection, OptionalExtension as _, Result, ToSql, params},
};

/// A table, and how its columns and a document become one another: fragments of SQL, in which `?1` is the collection and `?2`
/// the id of a key.
pub(crate) struct Table {
    /// The one collection of the rows, or `None` where a column says it.
    pub(crate) collection: Option<&'static str>,
    pub(crate) name: &'static str,
    /// The columns of the primary key.
    pub(crate) key: &'static str,
    /// Which row a key names.
    pub(crate) named: &'static str,
    /// Which rows are of the collection, or of any where it is empty.
    pub(crate) listed: &'static str,
    /// Which rows are below the parent with the collection `?4` and the id `?5`, by the link `?6` or, where that is empty, by any.
    pub(crate) below: &'static str,
    /// The document, made of the columns.
    pub(crate) document: &'static str,
    pub(crate) columns: &'static str,
    /// What goes into the columns of the document `?3`.
    pub(crate) values: &'static str,
}

/// All tables, which get two columns more: `etag_place` in the order of creation, and `etag_head`, which is NULL in rows that
/// the store has not written yet.
pub(crate) struct Tables(pub(crate) &'static [Table]);

impl Repository for Tables {
    fn prepare(&self, connection: &Connection) -> Result<()> {
        for &Table { name, .. } in self.0 {
            if !connection.column_exists(None, name, "etag_head")? {
                connection.execute_batch(&format!(
                    "ALTER TABLE {name} ADD COLUMN etag_place INTEGER; ALTER TABLE {name} ADD COLUMN etag_head TEXT;
                     CREATE UNIQUE INDEX {name}_by_etag_place ON {name} (etag_place)"
                ))?;
            }
        }
        Ok(())
    }

    fn row(&self, connection: &Connection, key: &Key) -> Result<Option<Row>> {
        let table = self.of(key.collection())?;
        let mut statement = connection.prepare_cached(&table.select(table.named))?;
        statement.query_row([key.collection(), key.id()], row_of).optional()
    }

    fn page(&self, connection: &Connection, scan: &Scan) -> Result<Vec<Row>> {
        let table = self.of(&scan.collection)?;
        let (place, limit) = (number(scan.after.map_or(0, |Cursor(place)| place)), number(scan.limit as u64));
        let below = if scan.parent.is_some() { table.below } else { "TRUE" };
        let condition = format!("{} AND etag_place > ?2 AND {below} ORDER BY etag_place LIMIT ?3", table.listed);
        let mut statement = connection.prepare_cached(&table.select(&condition))?;
        let parent = scan.parent.as_ref().map(|filter| &filter.parent);
        let (above, id) = (parent.map(Key::collection), parent.map(Key::id));
        let link = scan.parent.as_ref().map(|filter| &filter.link);
        let given: [&dyn ToSql; 6] = [&scan.collection, &place, &limit, &above, &id, &link];
        // Not every fragment has a use for all of them.
        let used = statement.parameter_count();
        statement.query_map(&given[..used], row_of)?.collect()
    }

    fn children(&self, connection: &Connection, parent: &Key, limit: usize) -> Result<Vec<Head>> {
        let mut children = Vec::new();
        for table in self.0 {
            let scan = Scan::new(table.collection.unwrap_or_default(), limit).under("", parent.clone());
            children.extend(self.page(connection, &scan)?.into_iter().map(|row| row.head));
        }
        children.truncate(limit);
        Ok(children)
    }

    fn write(&self, connection: &Connection, head: &Head, body: &Bytes, _before: Option<&Head>) -> Result<()> {
        let table = self.of(head.key.collection())?;
        let Table { name, key, columns, values, .. } = table;
        // Over a row that is there already, so that columns which no document has keep what they hold.
        let mut statement = connection.prepare_cached(&format!(
            "INSERT INTO {name} ({columns}, etag_place, etag_head) VALUES ({values}, ?4, ?5) ON CONFLICT ({key}) DO UPDATE
             SET ({columns}, etag_place, etag_head) = ({values}, ?4, ?5)"
        ))?;
        let (document, place) = (std::str::from_utf8(body)?, number(head.created.sequence()));
        let head_column = StoredHead(head.clone());
        statement.execute(params![head.key.collection(), head.key.id(), document, place, head_column]).map(drop)
    }

    fn remove(&self, connection: &Connection, head: &Head) -> Result<()> {
        let Table { name, named, .. } = self.of(head.key.collection())?;
        let mut statement = connection.prepare_cached(&format!("DELETE FROM {name} WHERE {named}"))?;
        statement.execute([head.key.collection(), head.key.id()]).map(drop)
    }
}

impl Tables {
    fn of(&self, collection: &str) -> Result<&Table> {
        let found = self.0.iter().find(|table| table.collection.is_none_or(|own| own == collection));
        found
            .ok_or_else(|| rusqlite::Error::InvalidParameterName(format!("no table has the collection {collection:?}")))
    }
}

impl Table {
    fn select(&self, condition: &str) -> String {
        format!("SELECT etag_head, {} FROM {} WHERE etag_head NOT NULL AND {condition}", self.document, self.name)
    }
}

fn row_of(row: &rusqlite::Row<'_>) -> Result<Row> {
    let StoredHead(head) = row.get(0)?;
    Ok(Row { head, body: row.get::<_, String>(1)?.into() })
}

fn number(place: u64) -> i64 {
    i64::try_from(place).unwrap_or(i64::MAX)
}
