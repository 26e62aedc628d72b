//! A clock that stands until it is moved.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime},
};

use etag_core::{Clock, Environment, from_unix_micros, unix_micros};

/// It starts at the beginning of a second that is about now, so that it fits what other cases write in the same place.
#[derive(Clone)]
pub(crate) struct StandingClock(Arc<AtomicU64>);

impl StandingClock {
    pub(crate) fn new() -> Self {
        let micros = unix_micros(SystemTime::now());
        Self(Arc::new(AtomicU64::new(micros - micros % 1_000_000)))
    }

    pub(crate) fn advance(&self, by: Duration) {
        self.0.fetch_add(micros(by), Ordering::SeqCst);
    }

    pub(crate) fn set_back(&self, by: Duration) {
        self.0.fetch_sub(micros(by), Ordering::SeqCst);
    }

    pub(crate) fn environment(&self) -> Environment {
        Environment::system().with_clock(self.clone())
    }
}

impl Clock for StandingClock {
    fn now(&self) -> SystemTime {
        from_unix_micros(self.0.load(Ordering::SeqCst))
    }
}

fn micros(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).expect("cases move their clocks by minutes")
}
