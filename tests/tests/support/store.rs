//! Where a server keeps its data.

use private_postgres::Server;

/// Where a server keeps its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Store {
    Memory,
    Sqlite,
    /// In the database that this URL names.
    Postgres(&'static str),
}

impl Store {
    /// Those that need nothing installed.
    pub(crate) const ALL: [Self; 2] = [Self::Memory, Self::Sqlite];

    /// A new database on the server that all tests of this process share.
    pub(crate) fn postgres() -> Self {
        Self::postgres_on(private_postgres::shared())
    }

    /// A new database on a server of the test's own, for it to kill.
    pub(crate) fn postgres_on(server: &Server) -> Self {
        Self::Postgres(server.fresh_database().expect("the server runs").leak())
    }

    /// The value of `--store` for this example, in its working directory.
    pub(crate) fn flag(self, example: &str) -> String {
        match self {
            Self::Memory => "memory".to_owned(),
            Self::Sqlite => format!("sqlite:{example}.db"),
            Self::Postgres(url) => url.to_owned(),
        }
    }
}
