//! The tables, made and brought up to date by the store itself (rule S4).

use std::path::Path;

use etag_core::{Environment, Error};
use rusqlite::{Connection, OptionalExtension as _, Result, TransactionBehavior, params};

use crate::{
    error::misconfigured,
    numbers,
    repository::{Repository, Tables},
};

/// Marks the file as one of this store's: "ETag" in ASCII.
const APPLICATION_ID: i32 = 0x4554_6167;

/// What leads from each schema to the next; the schema's number is how many have been done.
const MIGRATIONS: &[&str] = &[include_str!("migrations/0001.sql"), include_str!("migrations/0002.sql")];

/// The same for the tables beside documents that are in tables of the user's.
const MIGRATIONS_BESIDE: &[&str] = &[include_str!("migrations/beside/0001.sql")];

/// Whose file it is.
pub(crate) enum Owner {
    Nobody,
    Store {
        schema: usize,
    },
    /// `beside` is the schema of the store's tables beside the owner's; 0 where there are none.
    Other {
        application_id: i32,
        beside: usize,
    },
}

/// Refuses a file that is not as the options say, or of a newer version, before anything in it is changed.
pub(crate) fn check(owner: &Owner, tables: &Tables, file: &Path) -> std::result::Result<(), Error> {
    match (owner, tables) {
        (Owner::Nobody, _) => Ok(()),
        (Owner::Store { schema }, Tables::Ours) => check_known(*schema, MIGRATIONS, file),
        (Owner::Other { beside, .. }, Tables::Theirs(_)) => check_known(*beside, MIGRATIONS_BESIDE, file),
        (Owner::Store { .. }, Tables::Theirs(_)) => {
            Err(misconfigured(file, "a store with a table of documents; open it without a repository"))
        }
        (Owner::Other { application_id, beside: 0 }, Tables::Ours) => Err(misconfigured(
            file,
            format_args!(
                "a SQLite database of another application (application id {application_id:#x}); name another file"
            ),
        )),
        (Owner::Other { .. }, Tables::Ours) => Err(misconfigured(
            file,
            "a store whose documents are in tables of another application; open it with its repository",
        )),
    }
}

fn check_known(schema: usize, migrations: &[&str], file: &Path) -> std::result::Result<(), Error> {
    let known = migrations.len();
    if schema <= known {
        return Ok(());
    }
    Err(misconfigured(
        file,
        format_args!("has schema {schema}, and this version of etag-sqlite knows up to {known}; use a newer version"),
    ))
}

/// Does what is missing, in one transaction: two processes may begin at the same time.
pub(crate) fn migrate(connection: &mut Connection, tables: &Tables, environment: &Environment) -> Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let owner = owner(&transaction)?;
    match tables {
        Tables::Ours => migrate_ours(&transaction, &owner)?,
        Tables::Theirs(repository) => migrate_beside(&transaction, &owner, &**repository)?,
    }
    begin_life(&transaction, environment)?;
    if let Tables::Theirs(_) = tables {
        let schema = numbers::count_to_sql(MIGRATIONS_BESIDE.len());
        transaction.execute("UPDATE etag_meta SET schema = ?1 WHERE schema <> ?1", [schema])?;
    }
    transaction.commit()
}

fn migrate_ours(connection: &Connection, owner: &Owner) -> Result<()> {
    let done = match owner {
        Owner::Store { schema } => *schema,
        Owner::Nobody => 0,
        Owner::Other { .. } => return Err(rusqlite::Error::InvalidQuery),
    };
    do_all(connection, MIGRATIONS, done)?;
    if done < MIGRATIONS.len() {
        connection.pragma_update(None, "application_id", APPLICATION_ID)?;
        connection.pragma_update(None, "user_version", i32::try_from(MIGRATIONS.len()).unwrap_or(i32::MAX))?;
    }
    Ok(())
}

fn migrate_beside(connection: &Connection, owner: &Owner, repository: &dyn Repository) -> Result<()> {
    let done = match owner {
        Owner::Other { beside, .. } => *beside,
        Owner::Nobody => 0,
        Owner::Store { .. } => return Err(rusqlite::Error::InvalidQuery),
    };
    repository.prepare(connection)?;
    do_all(connection, MIGRATIONS_BESIDE, done)
}

fn do_all(connection: &Connection, migrations: &[&str], done: usize) -> Result<()> {
    migrations.iter().skip(done).try_for_each(|migration| connection.execute_batch(migration))
}

/// Draws the epoch of a new file. In an old one goes past every number that may have been given to a state which a loss of
/// power undid (rule T5).
fn begin_life(connection: &Connection, environment: &Environment) -> Result<()> {
    let epoch = numbers::epoch_to_sql(numbers::draw_epoch(environment));
    connection.execute("INSERT INTO etag_meta (only, epoch) VALUES (1, ?1) ON CONFLICT DO NOTHING", params![epoch])?;
    connection.execute("UPDATE etag_meta SET last_sequence = reserved WHERE reserved > last_sequence", [])?;
    Ok(())
}

/// Whose file it is now: in one transaction, since another process may be about to make it its own.
pub(crate) fn owner_of(connection: &Connection) -> Result<Owner> {
    let _snapshot = connection.unchecked_transaction()?;
    owner(connection)
}

fn owner(connection: &Connection) -> Result<Owner> {
    let number = |pragma| connection.pragma_query_value(None, pragma, |row| row.get::<_, i32>(0));
    let application_id = number("application_id")?;
    let schema = number("user_version")?;
    let table = connection.query_row("SELECT 1 FROM sqlite_schema LIMIT 1", [], |_| Ok(())).optional()?;
    Ok(match (application_id, table) {
        (APPLICATION_ID, _) => Owner::Store { schema: usize::try_from(schema).unwrap_or(usize::MAX) },
        (0, None) if schema == 0 => Owner::Nobody,
        _ => Owner::Other { application_id, beside: schema_beside(connection)? },
    })
}

fn schema_beside(connection: &Connection) -> Result<usize> {
    if connection.table_exists(Some("main"), "etag_meta")? {
        let schema: i64 = connection.query_row("SELECT schema FROM etag_meta", [], |row| row.get(0))?;
        Ok(usize::try_from(schema).unwrap_or(usize::MAX))
    } else {
        Ok(0)
    }
}
