//! Doing a write again that somebody else was faster than: bounded, with back-off and full jitter.

use std::{fmt, time::Duration};

use backon::{BackoffBuilder as _, ExponentialBackoff, ExponentialBuilder};
use etag_core::{Environment, Key};

use crate::problem::{Problem, ProblemKind, retry_after};

/// How often a write is tried where nothing else is said.
const TRIES: usize = 8;

/// The tries of one write.
pub(crate) struct Tries<'a> {
    environment: &'a Environment,
    bounds: ExponentialBackoff,
}

impl<'a> Tries<'a> {
    pub(crate) fn new(environment: &'a Environment) -> Self {
        Self::at_most(TRIES, environment)
    }

    pub(crate) fn at_most(tries: usize, environment: &'a Environment) -> Self {
        let bounds = ExponentialBuilder::new()
            .with_min_delay(Duration::from_millis(1))
            .with_max_delay(Duration::from_millis(100))
            .with_max_times(tries - 1)
            .build();
        Self { environment, bounds }
    }

    /// Waits before the next try.
    ///
    /// # Errors
    /// 503 where there is none left.
    pub(crate) async fn pause(&mut self, key: &Key) -> Result<(), Problem> {
        let bound = self.bounds.next().ok_or_else(contended)?;
        tracing::debug!(%key, "the resource moved under the write; trying again");
        tokio::time::sleep(self.environment.jittered(bound)).await;
        Ok(())
    }
}

impl fmt::Debug for Tries<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tries").finish_non_exhaustive()
    }
}

fn contended() -> Problem {
    let (name, value) = retry_after(Duration::from_secs(1));
    let detail =
        format!("the resource changed under each of {TRIES} tries; nothing was written; send the request again");
    Problem::new(ProblemKind::Contended, detail).with_header(name, value)
}
