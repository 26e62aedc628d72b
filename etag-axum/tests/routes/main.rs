//! The routes over the memory store, as a client sees them.

mod replace;
mod support;
