//! `POST /$batch` (rule B1).

mod answers;
mod conditions;
mod failures;
mod form;
mod hooks;
mod hostile;
mod ledger;
mod limits;
mod references;
pub(crate) mod support;
