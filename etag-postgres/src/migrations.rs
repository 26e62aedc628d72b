//! The tables, made and brought up to date by the store itself (rule S4).

use etag_core::{Environment, Epoch, Error, ErrorKind};
use tokio_postgres::Client;

use crate::{error::Fault, numbers};

const MIGRATIONS: &[&str] = &[include_str!("migrations/0001.sql")];

/// Any number that nobody else locks: processes that start at once make the tables one after the other.
const LOCK: i64 = 0x6574_6167_2d70_6773;

/// Makes what is not there yet.
pub(crate) async fn migrate(client: &mut Client, environment: &Environment) -> Result<(), Error> {
    let done = apply(client, environment).await;
    done.map_err(|fault| fault.to_error())
}

async fn apply(client: &mut Client, environment: &Environment) -> Result<(), Fault> {
    let transaction = client.transaction().await?;
    transaction.execute("SELECT pg_advisory_xact_lock($1)", &[&LOCK]).await?;
    transaction.batch_execute("CREATE TABLE IF NOT EXISTS etag_schema (version integer NOT NULL)").await?;
    let versions = transaction.query("SELECT version FROM etag_schema", &[]).await?;
    let version = versions.first().map_or(0, |row| row.get::<_, i32>(0));
    let done = usize::try_from(version).unwrap_or(0);
    if done > MIGRATIONS.len() {
        return Err(newer(version));
    }
    for migration in &MIGRATIONS[done..] {
        transaction.batch_execute(migration).await?;
    }
    if done < MIGRATIONS.len() {
        let version = i32::try_from(MIGRATIONS.len()).unwrap_or(i32::MAX);
        transaction.execute("DELETE FROM etag_schema", &[]).await?;
        transaction.execute("INSERT INTO etag_schema (version) VALUES ($1)", &[&version]).await?;
    }
    let epoch = numbers::epoch_to_sql(Epoch::from_bytes(environment.random_bytes()));
    let begin = "INSERT INTO etag_meta (only_row, epoch) VALUES (1, $1) ON CONFLICT DO NOTHING";
    transaction.execute(begin, &[&epoch]).await?;
    transaction.commit().await?;
    Ok(())
}

fn newer(version: i32) -> Fault {
    let known = MIGRATIONS.len();
    let message = format!(
        "the tables have schema {version}, and this version of etag-postgres knows up to {known}; use a newer one"
    );
    Fault::Own(ErrorKind::Misconfigured, message)
}
