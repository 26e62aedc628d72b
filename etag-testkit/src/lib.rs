//! The suite that every store of [`etag_core`] passes, to be run on a store of one's own, and a store that fails on demand.
//!
//! A store is where updates are lost, so what [`Store`](etag_core::Store) promises is tested here once for all of them: each
//! case is a statement about every store, as `a_create_never_outlives_the_delete_of_its_parent`.
//!
//! # Running it
//! Say how your store is opened ([`Backend`]), and let [`conformance!`] name a test for each case, in a file `tests/conformance.rs`:
//!
//! ```
//! use std::sync::Arc;
//! use etag_core::{Environment, Error, MemoryStore, Store};
//! use etag_testkit::{Ability, Backend};
//!
//! struct InMemory;
//!
//! #[async_trait::async_trait]
//! impl Backend for InMemory {
//!     async fn open(&self, environment: Environment) -> Result<Arc<dyn Store>, Error> {
//!         Ok(Arc::new(MemoryStore::with_environment(environment)))
//!     }
//!
//!     fn lacks(&self) -> &'static [Ability] {
//!         &[Ability::Reopening, Ability::Sharing]
//!     }
//! }
//!
//! etag_testkit::conformance!(InMemory);
//! ```
//!
//! A runner of one's own goes through [`CASES`] and calls [`run`], or [`Case::run`] in a runtime that it has.
//!
//! # What is demanded of every store
//! * Reads, heads, pages of a collection and of a parent's children, and their tags; documents byte for byte.
//! * Every expectation on put, delete and check; batches of any keys that happen as a whole or not at all, and report each
//!   culprit with the state that it met (rules S1, S2, B1).
//! * A ledger of idempotency keys (rule P6), revisions that are never given out twice (rule T5), writes of equal content that
//!   leave everything as it is (rule P7).
//! * Families: touches, locks, moves, cascades and all that keeps a child from being without its parent (rules F1 to F7, S9).
//! * All of it under concurrent callers, without a deadlock.
//! * A clock that is given (rule S8), and an end (`close`) after which nothing is written.
//!
//! What a store may lack are the [`Ability`]s.
//!
//! # Faults
//! [`Faulty`] stands between a caller and any store, and refuses, holds or loses the answer of the calls it is told to. It
//! is for tests of what calls stores: they must bear an outcome that is not known.

mod backend;
mod case;
mod cases;
mod clock;
mod documents;
mod faulty;
mod together;
mod trial;

pub use backend::{Ability, Backend};
pub use case::{CASES, Case, run};
pub use faulty::{Call, Fault, Faulty, Held};

#[doc(hidden)]
pub use case::run_named;
