//! The tables, made and brought up to date by the store itself (rule S4).

use std::path::Path;

use etag_core::{Environment, Error};
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, params};

use crate::{error::misconfigured, numbers};

/// Marks the file as one of this store's: "ETag" in ASCII.
const APPLICATION_ID: i32 = 0x4554_6167;

/// What leads from each schema to the next; the schema's number is how many have been done.
const MIGRATIONS: &[&str] = &[include_str!("migrations/0001.sql"), include_str!("migrations/0002.sql")];

/// Whose file it is.
pub(crate) enum Owner {
    Nobody,
    Store { schema: usize },
    Other { application_id: i32 },
}

/// Refuses a file that is not this store's, or of a newer version, before anything in it is changed.
pub(crate) fn check(owner: &Owner, file: &Path) -> Result<(), Error> {
    match owner {
        Owner::Nobody => Ok(()),
        Owner::Store { schema } if *schema <= MIGRATIONS.len() => Ok(()),
        Owner::Store { schema } => Err(newer(file, *schema)),
        Owner::Other { application_id } => Err(misconfigured(
            file,
            format_args!(
                "a SQLite database of another application (application id {application_id:#x}); name another file"
            ),
        )),
    }
}

fn newer(file: &Path, schema: usize) -> Error {
    let known = MIGRATIONS.len();
    misconfigured(
        file,
        format_args!("has schema {schema}, and this version of etag-sqlite knows up to {known}; use a newer version"),
    )
}

/// Does what is missing, in one transaction: two processes may begin at the same time.
pub(crate) fn migrate(connection: &mut Connection, environment: &Environment) -> Result<(), rusqlite::Error> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let done = match owner(&transaction)? {
        Owner::Store { schema } => schema,
        Owner::Nobody => 0,
        Owner::Other { .. } => return Err(rusqlite::Error::InvalidQuery),
    };
    for migration in MIGRATIONS.iter().skip(done) {
        transaction.execute_batch(migration)?;
    }
    if done < MIGRATIONS.len() {
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
        transaction.pragma_update(None, "user_version", i32::try_from(MIGRATIONS.len()).unwrap_or(i32::MAX))?;
    }
    begin_life(&transaction, environment)?;
    transaction.commit()
}

/// Draws the epoch of a new file. In an old one goes past every number that may have been given to a state which a loss of
/// power undid (rule T5).
fn begin_life(connection: &Connection, environment: &Environment) -> Result<(), rusqlite::Error> {
    let epoch = numbers::epoch_to_sql(numbers::draw_epoch(environment));
    connection.execute("INSERT INTO etag_meta (only, epoch) VALUES (1, ?1) ON CONFLICT DO NOTHING", params![epoch])?;
    connection.execute("UPDATE etag_meta SET last_sequence = reserved WHERE reserved > last_sequence", [])?;
    Ok(())
}

/// Whose file it is now: in one transaction, since another process may be about to make it its own.
pub(crate) fn owner_of(connection: &Connection) -> Result<Owner, rusqlite::Error> {
    let _snapshot = connection.unchecked_transaction()?;
    owner(connection)
}

fn owner(connection: &Connection) -> Result<Owner, rusqlite::Error> {
    let number = |pragma| connection.pragma_query_value(None, pragma, |row| row.get::<_, i32>(0));
    let application_id = number("application_id")?;
    let schema = number("user_version")?;
    let table = connection.query_row("SELECT 1 FROM sqlite_schema LIMIT 1", [], |_| Ok(())).optional()?;
    Ok(match (application_id, table) {
        (APPLICATION_ID, _) => Owner::Store { schema: usize::try_from(schema).unwrap_or(usize::MAX) },
        (0, None) if schema == 0 => Owner::Nobody,
        _ => Owner::Other { application_id },
    })
}
