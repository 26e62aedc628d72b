//! The store on a private PostgreSQL server. `cargo xtask test` runs these; plain `cargo test` leaves them out.

mod families;
mod limits;
mod lost_answers;
mod model;
mod odd_input;
mod proxy;
mod races;
mod restarts;
mod transactions;
