//! A bookkeeping whose schema is older than this project: its tables of invoices and their lines, served with tags, families
//! and a ledger of idempotency keys.

#[cfg(test)]
mod conformance;
mod model;
mod repository;
mod tables;
mod take_over;
#[cfg(test)]
mod tests;

use std::{path::Path, process::ExitCode, sync::Arc};

use axum::Router;
use etag_axum::{Api, Resource};
use etag_core::{Error, ErrorKind, Store};
use etag_sqlite::{SqliteStore, rusqlite::Connection};
use examples::{App, Defaults, Flags, StartError, StoreChoice, docs_page, health, run_on};

use crate::{
    model::{Invoice, Line},
    repository::Tables,
    tables::BOOKKEEPING,
    take_over::take_over,
};

const DEFAULTS: Defaults = Defaults {
    name: "own-table",
    about: "A bookkeeping in tables that were there before, whose updates are conditional",
    listen: "127.0.0.1:4012",
    store: "sqlite:bookkeeping.db",
};

#[tokio::main]
async fn main() -> ExitCode {
    run_on(Flags::parse_or(DEFAULTS), open_chosen, async |store| Ok(app(store))).await
}

async fn open_chosen(choice: &StoreChoice) -> Result<Arc<dyn Store>, StartError> {
    let opened = match choice {
        StoreChoice::Sqlite(file) => open(file).await,
        _ => Err(Error::new(ErrorKind::Misconfigured, "the bookkeeping is a SQLite file; use `sqlite:PATH`")),
    };
    match opened {
        Ok(store) => Ok(Arc::new(store)),
        Err(error) => Err(StartError::Store { store: choice.clone(), error }),
    }
}

async fn open(file: &Path) -> Result<SqliteStore, Error> {
    make_bookkeeping(file)
        .map_err(|error| Error::new(ErrorKind::Misconfigured, format!("{}: {error}", file.display())))?;
    let store = SqliteStore::builder(file).repository(Tables(BOOKKEEPING)).open().await?;
    take_over(&store, file).await?;
    Ok(store)
}

/// Stands for the program whose tables these are.
fn make_bookkeeping(file: &Path) -> etag_sqlite::rusqlite::Result<()> {
    let connection = Connection::open(file)?;
    if connection.table_exists(None, "invoices")? {
        return Ok(());
    }
    connection.execute_batch(include_str!("bookkeeping.sql"))
}

fn app(store: Arc<dyn Store>) -> App {
    let hints = ["curl -i {url}/invoices/1", "curl -i {url}/invoices/1/lines"].map(str::to_owned).into();
    App { router: routes(store).merge(docs_page()).merge(health()), hints }
}

fn routes(store: impl Store) -> Router {
    let api = Api::new(store).title("Bookkeeping");
    api.resource(Resource::<Invoice>::new()).resource(Resource::<Line>::new()).router()
}
