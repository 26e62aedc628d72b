//! Trying again where another connection is in the way (rule S6).

use std::{
    thread,
    time::{Duration, Instant},
};

use backon::{BackoffBuilder as _, ExponentialBuilder};
use etag_core::Environment;

use crate::error::is_contention;

const SHORTEST_PAUSE: Duration = Duration::from_micros(200);
const LONGEST_PAUSE: Duration = Duration::from_millis(10);

/// Does `work` again, with back-off and full jitter, as long as another connection is in the way and `budget` lasts.
///
/// SQLite's own handler pauses for up to 100 ms at a time, in which a busy writer of another process would win each race.
pub(crate) fn patiently<T>(
    budget: Duration,
    environment: &Environment,
    mut work: impl FnMut() -> Result<T, rusqlite::Error>,
) -> Result<T, rusqlite::Error> {
    let started = Instant::now();
    let mut pauses = pauses();
    loop {
        match work() {
            Err(error) if is_contention(&error) && started.elapsed() < budget => {}
            result => return result,
        }
        thread::sleep(environment.jittered(pauses.next().unwrap_or(LONGEST_PAUSE)));
    }
}

fn pauses() -> impl Iterator<Item = Duration> {
    let growing = ExponentialBuilder::new().with_min_delay(SHORTEST_PAUSE).with_max_delay(LONGEST_PAUSE);
    growing.without_max_times().build()
}
