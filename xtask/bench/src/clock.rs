//! The two times that are measured.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// Which time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Clock {
    /// The processor's time of the calling thread: what other programs take of a shared machine is not in it. For work
    /// that this thread does alone.
    Thread,
    /// The time of day, for work that waits, or that several threads do.
    Day,
}

impl Clock {
    /// How long `work` takes.
    pub(crate) fn time(self, work: impl FnOnce()) -> Duration {
        match self {
            Self::Thread => {
                let begin = thread_time();
                work();
                thread_time().saturating_sub(begin)
            }
            Self::Day => {
                let begin = Instant::now();
                work();
                begin.elapsed()
            }
        }
    }
}

fn thread_time() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    Duration::try_from(time).expect("a thread's time is never negative")
}
