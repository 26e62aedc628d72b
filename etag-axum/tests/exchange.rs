//! What hand-written handlers answer through an `Exchange`, in the standard and in other dialects.

#[path = "exchange/lists.rs"]
mod lists;
#[path = "exchange/moves.rs"]
mod moves;
#[path = "exchange/order.rs"]
mod order;
#[path = "exchange/reads.rs"]
mod reads;
#[path = "exchange/refusals.rs"]
mod refusals;
#[path = "exchange/server.rs"]
mod server;
#[path = "exchange/stale.rs"]
mod stale;
#[path = "exchange/stored.rs"]
mod stored;
#[path = "exchange/tags.rs"]
mod tags;
