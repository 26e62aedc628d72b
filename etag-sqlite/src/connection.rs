//! Connections: how a file is found fit, opened and set up.

use std::{io, path::Path, time::Duration};

use etag_core::{Error, ErrorKind};
use rusqlite::{Connection, OpenFlags};

use crate::{
    error::{Fault, misconfigured},
    migrations,
    options::Options,
    patience::patiently,
};

/// How much of the file each reader keeps. Not a memory map: where a disk fails under one, or the file is cut short, the
/// system kills the process, and from a cache the read is an error.
const CACHE_KIBIBYTES: i64 = 32 * 1024;

/// How many statements each connection keeps: all of the store's own, and those of a repository with some ten tables.
const STATEMENTS: usize = 128;

/// When what was committed is flushed to the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flush {
    /// Before it is answered.
    EachCommit,
    /// Now and then.
    Later,
}

impl Flush {
    pub(crate) fn apply(self, connection: &Connection) -> Result<(), rusqlite::Error> {
        let level = match self {
            Self::EachCommit => "FULL",
            Self::Later => "NORMAL",
        };
        connection.pragma_update(None, "synchronous", level)
    }
}

/// The connection that writes, to a file that is this store's and up to date.
pub(crate) fn open_writer(options: &Options) -> Result<Connection, Error> {
    let file = options.path.as_path();
    check_path(file)?;
    let fault = |error| Fault::new(file, error).to_error();
    let mut connection = connect(file).map_err(fault)?;
    // The patience is our own, so that it ends when it should.
    connection.busy_timeout(Duration::ZERO).map_err(fault)?;
    if connection.is_readonly("main").map_err(fault)? {
        return Err(misconfigured(file, "the file may only be read; give this process the right to write it"));
    }
    let patience = |work: &mut dyn FnMut() -> Result<(), rusqlite::Error>| {
        patiently(options.busy_timeout, &options.environment, work).map_err(fault)
    };
    // Reads the first page, so that another's file is found out before anything in it is changed.
    patience(&mut || connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(())))?;
    let mut owner = migrations::Owner::Nobody;
    patience(&mut || migrations::owner_of(&connection).map(|found| owner = found))?;
    migrations::check(&owner, &options.tables, file)?;
    patience(&mut || set_up_log(&connection))?;
    check_log(&connection, file)?;
    patience(&mut || options.flush().apply(&connection))?;
    patience(&mut || migrations::migrate(&mut connection, &options.tables, &options.environment))?;
    Ok(connection)
}

/// A connection that reads.
pub(crate) fn open_reader(options: &Options) -> Result<Connection, Error> {
    let open = || {
        let connection = connect(&options.path)?;
        connection.busy_timeout(options.busy_timeout)?;
        connection.pragma_update(None, "query_only", true)?;
        connection.pragma_update(None, "cache_size", -CACHE_KIBIBYTES)?;
        Ok(connection)
    };
    open().map_err(|error| Fault::new(&options.path, error).to_error())
}

fn connect(file: &Path) -> Result<Connection, rusqlite::Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

fn set_up_log(connection: &Connection) -> Result<(), rusqlite::Error> {
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // On macOS a plain flush stops at the drive's own memory; elsewhere these two do nothing.
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true)
}

fn check_log(connection: &Connection, file: &Path) -> Result<(), Error> {
    let mode = connection.pragma_query_value(None, "journal_mode", |row| row.get::<_, String>(0));
    let mode = mode.map_err(|error| Fault::new(file, error).to_error())?;
    if mode == "wal" {
        return Ok(());
    }
    Err(misconfigured(
        file,
        format_args!("SQLite can't keep a write-ahead log here (journal mode {mode}); use a local disk"),
    ))
}

/// What SQLite would only call "unable to open database file".
fn check_path(file: &Path) -> Result<(), Error> {
    let text = file.to_string_lossy();
    if text.is_empty() || text == ":memory:" || text.starts_with("file:") {
        let reason = "not the path of a file; for a store in memory use `etag_core::MemoryStore`";
        return Err(Error::new(ErrorKind::Misconfigured, format!("{text:?} is {reason}")));
    }
    if file.is_dir() {
        return Err(misconfigured(file, "is a directory; name a file in it"));
    }
    check_directory(file)
}

fn check_directory(file: &Path) -> Result<(), Error> {
    let directory = file.parent().filter(|directory| !directory.as_os_str().is_empty()).unwrap_or(Path::new("."));
    match directory.metadata() {
        Ok(metadata) if metadata.is_dir() => Ok(()),
        Ok(_) => Err(misconfigured(file, format_args!("{} is not a directory", directory.display()))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(misconfigured(
            file,
            format_args!("the directory {} does not exist; make it first", directory.display()),
        )),
        Err(error) => Err(misconfigured(file, format_args!("{}: {error}", directory.display())).with_source(error)),
    }
}
