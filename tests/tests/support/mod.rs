//! Servers of one's own, a client that sends whatever bytes a test wants, and the clients that people use.

#![allow(dead_code, unused_imports, reason = "each test binary uses its own part")]

mod board;
mod bound;
mod client;
mod client_library;
mod example;
mod message;
mod program;
mod race;
mod random;
mod soak;
mod store;
mod tasks;

pub(crate) use board::{Board, bounded_output, command};
pub(crate) use client::Client;
pub(crate) use client_library::{Said, node, python};
pub(crate) use example::{Example, on_every_store};
pub(crate) use message::{Request, Response};
pub(crate) use program::program;
pub(crate) use race::race;
pub(crate) use random::Random;
pub(crate) use soak::rounds;
pub(crate) use store::Store;
pub(crate) use tasks::{Task, new_id};
