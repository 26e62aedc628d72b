//! How long rows are measured.

use std::time::Duration;

/// How thorough a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effort {
    /// Under a minute, for a first look.
    Quick,
    /// What results are written from.
    Full,
}

/// What kind of work a row does, and so how noisy it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Nanoseconds of computing.
    Computing,
    /// Requests in process, and reads of a store.
    Requests,
    /// Requests through sockets, of which the server's time at the processor is measured.
    Sockets,
    /// Requests to servers in processes of their own, of which the time at the processor is measured.
    Processes,
    /// Callers who wait for a disk.
    Disk,
}

/// How many rounds, and how long each side works in one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    pub(crate) rounds: usize,
    pub(crate) time: Duration,
}

impl Kind {
    pub(crate) fn pace(self, effort: Effort) -> Pace {
        let (rounds, millis) = match (self, effort) {
            (Self::Computing, Effort::Full) => (61, 8),
            (Self::Computing, Effort::Quick) => (15, 4),
            (Self::Requests, Effort::Full) => (41, 20),
            (Self::Requests, Effort::Quick) => (9, 10),
            (Self::Sockets, Effort::Full) => (31, 50),
            (Self::Sockets, Effort::Quick) => (5, 20),
            (Self::Processes, Effort::Full) => (21, 20),
            (Self::Processes, Effort::Quick) => (5, 10),
            (Self::Disk, Effort::Full) => (5, 1200),
            (Self::Disk, Effort::Quick) => (3, 300),
        };
        Pace { rounds, time: Duration::from_millis(millis) }
    }
}
