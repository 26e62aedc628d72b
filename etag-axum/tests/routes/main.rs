//! The routes over the memory store, as a client sees them.

mod authorize;
mod batch;
mod create;
mod delete;
mod derived;
mod dialect;
mod families;
mod faults;
mod hostile;
mod idempotency;
mod limits;
mod list;
mod openapi;
mod options;
mod order;
mod patch;
mod prefer;
mod read;
mod registration;
mod replace;
mod spy;
mod support;
