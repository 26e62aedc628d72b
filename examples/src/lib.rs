//! What all example servers share: their flags, their start and their stop.
//!
//! An example is a function from an open store to an [`App`]; [`run`] does the rest.

mod docs;
mod flags;
mod ignored_headers;
mod serve;
mod shutdown;
mod start_error;
mod token;

pub use docs::{docs_page, health};
pub use flags::{Defaults, Flags, StoreChoice};
pub use ignored_headers::{ignore_headers, is_read};
pub use serve::{App, run, run_on};
pub use start_error::StartError;
pub use token::TokenFlags;
