//! Where rows run: runtimes, and the order in which resources have their turn.

use std::sync::Arc;

use tokio::runtime::{Builder, Runtime};

/// A runtime for one caller.
pub(crate) fn one_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().expect("the system gives an event queue")
}

/// A runtime for many callers, with a thread for each core.
pub(crate) fn all_cores() -> Arc<Runtime> {
    Arc::new(Builder::new_multi_thread().enable_all().build().expect("the system gives threads"))
}

/// The places of `count` things in a scattered order, over and over, the same in each run.
pub(crate) fn in_turn(count: usize) -> impl FnMut() -> usize + Send {
    // The golden ratio's share of the whole, made odd, scatters well.
    let step = (count * 618 / 1000) | 1;
    let mut at = 0;
    move || {
        at = (at + step) % count;
        at
    }
}
