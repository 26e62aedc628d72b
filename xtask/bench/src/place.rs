//! Where rows run: cores, runtimes, and the order in which resources have their turn.

use std::sync::Arc;

use nix::{
    sched::{CpuSet, sched_getaffinity, sched_setaffinity},
    unistd::Pid,
};
use tokio::runtime::{Builder, Runtime};

const THIS_THREAD: Pid = Pid::from_raw(0);

/// Keeps this thread, and those that it starts from now on, on one core. What one thread takes to wake another differs by
/// ten times from one core to another and on the same one, which would hide all else.
pub(crate) struct OnOneCore {
    before: CpuSet,
}

impl OnOneCore {
    pub(crate) fn begin() -> Self {
        let before = sched_getaffinity(THIS_THREAD).expect("a thread may ask for its cores");
        let first = (0..CpuSet::count()).find(|core| before.is_set(*core) == Ok(true)).expect("it runs somewhere");
        let mut one = CpuSet::new();
        one.set(first).expect("the core is in the set");
        sched_setaffinity(THIS_THREAD, &one).expect("a thread may choose among its cores");
        Self { before }
    }
}

impl Drop for OnOneCore {
    fn drop(&mut self) {
        sched_setaffinity(THIS_THREAD, &self.before).expect("a thread may choose among its cores");
    }
}

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
