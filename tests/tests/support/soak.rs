//! For how long a test that can go on goes on.

use std::time::{Duration, Instant};

/// The numbers of the rounds: `least` of them, and more until `VERSIONED_SOAK_SECONDS` are over.
pub(crate) fn rounds(least: usize) -> impl Iterator<Item = usize> {
    let seconds = std::env::var("VERSIONED_SOAK_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
    let soak = seconds.map(Duration::from_secs);
    let began = Instant::now();
    (0..).take_while(move |round| *round < least || soak.is_some_and(|soak| began.elapsed() < soak))
}
