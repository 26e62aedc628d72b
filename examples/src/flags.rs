//! The flags that every example has.

use std::{fmt, net::SocketAddr, path::PathBuf, str::FromStr, sync::Arc};

use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser};
use etag_core::{MemoryStore, Store};
use etag_postgres::PostgresStore;
use etag_sqlite::SqliteStore;

use crate::StartError;

/// Where an example listens and keeps its data.
#[derive(Clone, Debug, Parser)]
pub struct Flags {
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDR")]
    pub listen: SocketAddr,
    /// Where the data is kept
    #[arg(long, value_name = "memory | sqlite:PATH | postgres://URL")]
    pub store: StoreChoice,
}

/// What an example does where no flag says otherwise.
#[derive(Clone, Copy, Debug)]
pub struct Defaults {
    /// The name of the example.
    pub name: &'static str,
    /// What it is, in a sentence.
    pub about: &'static str,
    /// The value of `--listen`.
    pub listen: &'static str,
    /// The value of `--store`.
    pub store: &'static str,
}

impl Flags {
    /// The flags of this process. Wrong ones end it with a message and exit code 2, as `--help` does with 0.
    pub fn parse_or(defaults: Defaults) -> Self {
        Self::parse_with::<NoFlags>(defaults).0
    }

    /// The flags of this process, with those that only this example has.
    pub fn parse_with<A: Args>(defaults: Defaults) -> (Self, A) {
        let command = WithMore::<A>::command()
            .name(defaults.name)
            .about(defaults.about)
            .mut_arg("listen", |arg| arg.required(false).default_value(defaults.listen))
            .mut_arg("store", |arg| arg.required(false).default_value(defaults.store));
        match WithMore::from_arg_matches(&command.get_matches()) {
            Ok(WithMore { common, more }) => (common, more),
            Err(error) => error.exit(),
        }
    }
}

#[derive(Parser)]
struct WithMore<A: Args> {
    #[command(flatten)]
    common: Flags,
    #[command(flatten)]
    more: A,
}

#[derive(Args)]
struct NoFlags {}

/// Which store an example keeps its data in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StoreChoice {
    /// In memory, until the process ends.
    Memory,
    /// In this `SQLite` file, which is created where it does not exist.
    Sqlite(PathBuf),
    /// In the PostgreSQL database that this URL names.
    Postgres(String),
}

impl StoreChoice {
    /// Opens the store.
    ///
    /// # Errors
    /// [`StartError::Store`], which names the file and the reason.
    pub async fn open(&self) -> Result<Arc<dyn Store>, StartError> {
        match self {
            Self::Memory => Ok(Arc::new(MemoryStore::new())),
            Self::Sqlite(path) => match SqliteStore::open(path).await {
                Ok(store) => Ok(Arc::new(store)),
                Err(error) => Err(StartError::Store { store: self.clone(), error }),
            },
            Self::Postgres(url) => match PostgresStore::open(url).await {
                Ok(store) => Ok(Arc::new(store)),
                Err(error) => Err(StartError::Store { store: self.clone(), error }),
            },
        }
    }
}

impl FromStr for StoreChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.split_once(':') {
            None if text == "memory" => Ok(Self::Memory),
            Some(("sqlite", path)) if !path.is_empty() => Ok(Self::Sqlite(path.into())),
            Some(("postgres" | "postgresql", rest)) if rest.starts_with("//") => Ok(Self::Postgres(text.to_owned())),
            _ => Err("expected `memory`, `sqlite:PATH` or `postgres://USER@HOST/DATABASE`".to_owned()),
        }
    }
}

impl fmt::Display for StoreChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory => f.write_str("memory"),
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            // A password stands before the `@`, and this text is printed.
            Self::Postgres(url) => match url.rsplit_once('@') {
                Some((_, place)) => write!(f, "postgres://{place}"),
                None => f.write_str(url),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stores_read_back_as_they_are_written() {
        for text in ["memory", "sqlite:board.db", "sqlite:/var/lib/a:b.db", "postgres://127.0.0.1/board"] {
            assert_eq!(text.parse::<StoreChoice>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_password_is_not_printed() {
        let store: StoreChoice = "postgres://ada:secret@127.0.0.1/board".parse().unwrap();
        assert_eq!(store.to_string(), "postgres://127.0.0.1/board");
    }

    #[test]
    fn other_stores_are_refused() {
        for text in ["", "Memory", "memory:", "sqlite", "sqlite:", "postgres", "postgres:board"] {
            assert!(text.parse::<StoreChoice>().is_err(), "{text}");
        }
    }
}
