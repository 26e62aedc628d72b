//! A `board` server of one's own, and a client that sends whatever bytes a test wants.

#![allow(dead_code, unused_imports, reason = "each test binary uses its own part")]

mod board;
mod client;
mod message;
mod random;
mod soak;
mod tasks;

pub(crate) use board::{Board, Store, bounded_output, command};
pub(crate) use client::Client;
pub(crate) use message::{Request, Response};
pub(crate) use random::Random;
pub(crate) use soak::rounds;
pub(crate) use tasks::{Task, new_id};
