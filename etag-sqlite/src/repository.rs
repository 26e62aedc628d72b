//! Where the documents are: in the store's own table, or in tables of the user's (rule S4).

use std::{fmt, sync::Arc};

use bytes::Bytes;
use etag_core::{Cursor, Head, Key, Row, Scan, TagEntry};
use rusqlite::{
    Connection, Result, ToSql,
    types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef},
};

use crate::documents::Documents;

/// The tables in which documents are kept, where they are not the store's own: what a user's program implements over a
/// schema that it has already. Families, the ledger, change logs and the counter of revisions are the store's, in tables of
/// its own beside them (`etag_meta`, `etag_ledger`, `etag_changes`).
///
/// # Contract
/// * Every method works on the connection that it is given, in the transaction that is open there, and neither begins nor
///   ends one. A commit of several callers may share it; it is tried again as a whole where the engine fails, so a method
///   has no other effects.
/// * A [`Head`] is given back as it was written, bit for bit and its times to the microsecond. [`StoredHead`] keeps it in one
///   column. The document may be taken apart into columns and be put together again: it must stay the same JSON.
/// * What is written has taken effect when the method returns, else it is an error.
/// * Nobody else writes to the documents' columns. Whoever does it all the same leaves the head as it was, so that tags of
///   the former state go on passing.
///
/// Foreign keys are looked at when the transaction ends, in whatever order rows are written; those that say `RESTRICT` are
/// looked at at once, and should not be used. What a `CHECK`, a `NOT NULL` or a `UNIQUE` refuses is
/// [`ErrorKind::Invalid`](etag_core::ErrorKind::Invalid). A method that must refuse something itself gives an
/// [`etag_core::Error`] in [`rusqlite::Error::ToSqlConversionFailure`], and its kind and text reach the caller.
///
/// ```
/// use bytes::Bytes;
/// use etag_core::*;
/// use etag_sqlite::{Repository, SqliteStore, StoredHead};
/// use etag_sqlite::rusqlite::{Connection, OptionalExtension as _, Result, Row as SqlRow, params};
///
/// /// Customers, in a table that was there before: `customers (id TEXT PRIMARY KEY, name TEXT NOT NULL)`.
/// struct Customers;
///
/// fn row_of(row: &SqlRow<'_>) -> Result<Row> {
///     let StoredHead(head) = row.get(0)?;
///     Ok(Row { head, body: Bytes::from(row.get::<_, String>(1)?) })
/// }
///
/// impl Repository for Customers {
///     fn prepare(&self, connection: &Connection) -> Result<()> {
///         if connection.column_exists(None, "customers", "head")? {
///             return Ok(());
///         }
///         connection.execute_batch(
///             "ALTER TABLE customers ADD COLUMN head TEXT;
///              ALTER TABLE customers ADD COLUMN place INTEGER;
///              CREATE UNIQUE INDEX customers_by_place ON customers (place)",
///         )
///     }
///
///     fn row(&self, connection: &Connection, key: &Key) -> Result<Option<Row>> {
///         let query = "SELECT head, json_object('id', id, 'name', name) FROM customers WHERE id = ?1 AND head NOT NULL";
///         connection.prepare_cached(query)?.query_row([key.id()], row_of).optional()
///     }
///
///     fn page(&self, connection: &Connection, scan: &Scan) -> Result<Vec<Row>> {
///         let query = "SELECT head, json_object('id', id, 'name', name) FROM customers WHERE place > ?1 ORDER BY place LIMIT ?2";
///         let after = scan.after.map_or(0, |Cursor(place)| place);
///         connection.prepare_cached(query)?.query_map([after as i64, scan.limit as i64], row_of)?.collect()
///     }
///
///     fn children(&self, _: &Connection, _: &Key, _: usize) -> Result<Vec<Head>> {
///         Ok(Vec::new())
///     }
///
///     fn write(&self, connection: &Connection, head: &Head, body: &Bytes, _before: Option<&Head>) -> Result<()> {
///         let statement = "INSERT INTO customers (id, name, place, head) VALUES (?1, ?2 ->> 'name', ?3, ?4) ON CONFLICT (id)
///                          DO UPDATE SET name = excluded.name, place = excluded.place, head = excluded.head";
///         let (id, place, head) = (head.key.id(), head.created.sequence() as i64, StoredHead(head.clone()));
///         connection.prepare_cached(statement)?.execute(params![id, std::str::from_utf8(body)?, place, head]).map(drop)
///     }
///
///     fn remove(&self, connection: &Connection, head: &Head) -> Result<()> {
///         connection.prepare_cached("DELETE FROM customers WHERE id = ?1")?.execute([head.key.id()]).map(drop)
///     }
/// }
///
/// #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, Versioned)]
/// #[versioned(collection = "customers", validator = revision)]
/// struct Customer { #[versioned(id)] id: String, name: String }
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// # let path = std::env::temp_dir().join(format!("etag-sqlite-repository-{}.db", std::process::id()));
/// # Connection::open(&path).unwrap().execute_batch("CREATE TABLE customers (id TEXT PRIMARY KEY, name TEXT NOT NULL)").unwrap();
/// let store = SqliteStore::builder(&path).repository(Customers).open().await?;
/// let ada = store.create(&Customer { id: "1".into(), name: "Ada".into() }).await?;
/// store.replace(&Customer { id: "1".into(), name: "Ada L.".into() }, ada.etag()).await?;
/// assert!(store.replace(ada.value(), ada.etag()).await.unwrap_err().is_stale());
/// # store.close().await; drop(store); let _ = std::fs::remove_file(path);
/// # Ok::<(), Error>(()) }).unwrap();
/// ```
pub trait Repository: Send + Sync + 'static {
    /// Adds what the tables lack still. Called when the store is opened, in a transaction that writes; where it fails the
    /// store is not opened.
    ///
    /// # Errors
    /// Faults of the engine, as for all methods.
    fn prepare(&self, connection: &Connection) -> Result<()> {
        let _ = connection;
        Ok(())
    }

    /// A resource.
    ///
    /// # Errors
    /// Faults of the engine.
    fn row(&self, connection: &Connection, key: &Key) -> Result<Option<Row>>;

    /// A resource without its document, which is asked for far more often. The row's, unless said otherwise.
    ///
    /// # Errors
    /// Faults of the engine.
    fn head(&self, connection: &Connection, key: &Key) -> Result<Option<Head>> {
        Ok(self.row(connection, key)?.map(|row| row.head))
    }

    /// The resources of [`Scan::collection`], of those only the children of [`Scan::parent`] where there is one, in the order
    /// of the sequence numbers of their creation ([`Head::created`]), those only that come after [`Scan::after`], and
    /// [`Scan::limit`] of them at most.
    ///
    /// # Errors
    /// Faults of the engine.
    fn page(&self, connection: &Connection, scan: &Scan) -> Result<Vec<Row>>;

    /// The tags of a page with the sequence numbers of the creation, best read from an index alone. Those of the rows, unless
    /// said otherwise.
    ///
    /// # Errors
    /// Faults of the engine.
    fn tags(&self, connection: &Connection, scan: &Scan) -> Result<Vec<(Cursor, TagEntry)>> {
        let entry = |Row { head, .. }: Row| {
            (Cursor(head.created.sequence()), TagEntry { id: head.key.id().into(), tag: head.tag })
        };
        Ok(self.page(connection, scan)?.into_iter().map(entry).collect())
    }

    /// The resources of any collection that name `parent` by any link that holds, each once, `limit` of them at most.
    ///
    /// # Errors
    /// Faults of the engine.
    fn children(&self, connection: &Connection, parent: &Key, limit: usize) -> Result<Vec<Head>>;

    /// Writes a resource. `before` is the state that it replaces.
    ///
    /// # Errors
    /// Faults of the engine, and what the tables refuse.
    fn write(&self, connection: &Connection, head: &Head, body: &Bytes, before: Option<&Head>) -> Result<()>;

    /// Writes the head of a resource whose document stays: after a touch by a child, or the delete of a parent. Reads the
    /// document and writes it again, unless said otherwise.
    ///
    /// # Errors
    /// Faults of the engine.
    fn write_head(&self, connection: &Connection, head: &Head, before: &Head) -> Result<()> {
        let row = self.row(connection, &head.key)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
        self.write(connection, head, &row.body, Some(before))
    }

    /// Removes a resource. One that is gone already, because a foreign key of the tables' own took it along, is no error.
    ///
    /// # Errors
    /// Faults of the engine.
    fn remove(&self, connection: &Connection, head: &Head) -> Result<()>;
}

/// A head in one column, as JSON.
///
/// ```
/// use etag_core::{Head, MemoryStore, StoreExt, Versioned};
/// use etag_sqlite::{StoredHead, rusqlite::Connection};
///
/// # #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, Versioned)]
/// # #[versioned(collection = "notes", validator = revision)]
/// # struct Note { #[versioned(id)] id: String }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// # let note = MemoryStore::new().create(&Note { id: "1".into() }).await.unwrap();
/// # let head: &Head = note.head();
/// let connection = Connection::open_in_memory().unwrap();
/// let kept: StoredHead = connection.query_row("SELECT ?1", [StoredHead(head.clone())], |row| row.get(0)).unwrap();
/// assert_eq!(kept.0.tag, head.tag);
/// # });
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredHead(pub Head);

impl ToSql for StoredHead {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>> {
        Ok(self.0.to_json().into())
    }
}

impl FromSql for StoredHead {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Head::from_json(value.as_str()?).map(Self).map_err(FromSqlError::other)
    }
}

/// Whose tables the documents are in.
#[derive(Clone)]
pub(crate) enum Tables {
    Ours,
    Theirs(Arc<dyn Repository>),
}

impl Tables {
    pub(crate) fn repository(&self) -> &dyn Repository {
        match self {
            Self::Ours => &Documents,
            Self::Theirs(repository) => &**repository,
        }
    }
}

impl fmt::Debug for Tables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ours => "Ours",
            Self::Theirs(_) => "Theirs",
        })
    }
}
