//! The times that are measured.

use std::time::{Duration, Instant};

use nix::{
    sys::{
        resource::{UsageWho, getrusage},
        time::TimeVal,
    },
    time::{ClockId, clock_gettime},
};

/// Which time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Clock {
    /// The processor's time of the calling thread: what other programs take of a shared machine is not in it. For work
    /// that this thread does alone.
    Thread,
    /// The processor's time of all threads of this process, for work that goes from thread to thread: how long one takes to
    /// wake another is not in it.
    Process,
    /// The processor's time of the processes that the work starts and waits for.
    Children,
    /// The time of day, for work that waits.
    Day,
}

impl Clock {
    /// How long `work` takes, and what comes of it.
    pub(crate) fn time<R>(self, work: impl FnOnce() -> R) -> (Duration, R) {
        match self {
            Self::Thread => spent(thread_time, work),
            Self::Process => spent(process_time, work),
            Self::Children => spent(time_of_children, work),
            Self::Day => {
                let begin = Instant::now();
                let result = work();
                (begin.elapsed(), result)
            }
        }
    }
}

fn spent<R>(now: impl Fn() -> Duration, work: impl FnOnce() -> R) -> (Duration, R) {
    let begin = now();
    let result = work();
    (now().saturating_sub(begin), result)
}

/// What this thread has taken of the processor so far.
pub(crate) fn thread_time() -> Duration {
    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).expect("every thread has a clock").into()
}

fn process_time() -> Duration {
    clock_gettime(ClockId::CLOCK_PROCESS_CPUTIME_ID).expect("every process has a clock").into()
}

fn time_of_children() -> Duration {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("every process can ask for that");
    duration(usage.user_time()) + duration(usage.system_time())
}

fn duration(time: TimeVal) -> Duration {
    let micros = time.tv_sec() * 1_000_000 + time.tv_usec();
    Duration::from_micros(micros.try_into().expect("a time spent is never negative"))
}
