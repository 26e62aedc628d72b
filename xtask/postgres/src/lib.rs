//! A PostgreSQL server of one's own, for as long as a test or a benchmark runs.
//!
//! A [`Server`] is a new cluster in a new folder, on a free port of the loopback interface. It needs no variable in the
//! environment, touches no other cluster, and goes with the process that launched it, however that process ends.
//!
//! A test that is content with a database of its own takes one of the [`shared`] server. A test that stops or kills its
//! server launches one. Both are ignored by default, so that plain `cargo test` needs no server and says what it left out:
//!
//! ```no_run
//! #[test]
//! #[ignore = "needs PostgreSQL: run by cargo xtask test"]
//! fn a_row_survives_a_crash() -> Result<(), private_postgres::Error> {
//!     let server = private_postgres::Server::launch(private_postgres::Fsync::Off)?;
//!     let url = server.fresh_database()?;
//!     // write a row
//!     server.kill()?;
//!     server.start()
//!     // read it
//! }
//! ```

mod binaries;
mod cluster;
mod error;
mod log;
mod owner;
mod ports;
mod postmaster;
mod server;
mod sweeper;

use std::sync::OnceLock;

pub use crate::{
    binaries::Binaries,
    error::Error,
    server::{Fsync, Server},
};

/// The server that all tests of this process share: launched by the first that asks, gone soon after the process.
///
/// # Panics
/// Where PostgreSQL is missing or does not start; the message says what to do.
pub fn shared() -> &'static Server {
    static SHARED: OnceLock<Result<Server, Error>> = OnceLock::new();
    SHARED.get_or_init(|| Server::launch(Fsync::Off)).as_ref().unwrap_or_else(|error| panic!("{error}"))
}
