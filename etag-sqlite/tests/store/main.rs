//! What the store promises, tried on files of its own.

mod batches;
mod changes;
mod children;
mod clock;
mod contention;
mod expectations;
mod families;
mod faults;
mod ledger;
mod limits;
mod lists;
mod model;
mod opening;
mod own_tables;
mod processes;
mod revisions;
mod shutdown;
mod statements;
mod temporary;
mod upgrades;
