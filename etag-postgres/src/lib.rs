//! The store of `etag-core` on PostgreSQL.
//!
//! [`PostgresStore`] keeps documents in tables that it makes itself. Commits that wait at the same time share one
//! transaction and one flush, each with its own outcome; what they need is locked and read in one round trip and written in
//! the next. Every comparison is made on locked rows, and a commit whose family moved in between is made again (rule S9).
//!
//! ```no_run
//! # use etag_core::*;
//! # async fn example() -> Result<(), Error> {
//! use etag_postgres::PostgresStore;
//!
//! let store = PostgresStore::open("postgres://app@127.0.0.1/app").await?;
//! assert_eq!(store.capabilities().durability, Durability::Power);
//! # Ok(()) }
//! ```
//!
//! Connections are not encrypted yet: use a server on the same machine or in a network that you trust.

mod at_once;
mod committer;
mod connection;
mod error;
mod group;
mod keepable;
mod known;
mod loaded;
mod migrations;
mod numbers;
mod options;
mod rows;
mod statements;
mod store;
mod transaction;
mod writes;

pub use options::Options;
pub use store::PostgresStore;
