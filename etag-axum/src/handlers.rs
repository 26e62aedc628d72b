//! What each method does.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod list;
pub(crate) mod options;
mod page_query;
pub(crate) mod patch;
pub(crate) mod read;
pub(crate) mod replace;
