//! Two sides that do the same work, measured in turns.

use std::{hint::black_box, iter, time::Duration};

use tokio::runtime::Runtime;

use crate::{clock::Clock, pace::Pace};

/// One side of a row: does its work so many times, and says what that took.
pub(crate) type Side = Box<dyn FnMut(u64) -> Sample>;

/// The hand-written side and ours.
pub(crate) struct Sides {
    pub(crate) hand: Side,
    pub(crate) ours: Side,
}

impl Sides {
    pub(crate) fn new(hand: Side, ours: Side) -> Self {
        Self { hand, ours }
    }
}

/// What so many operations took.
#[derive(Clone, Copy)]
pub(crate) struct Sample {
    /// Nanoseconds for each operation.
    pub(crate) nanos: f64,
    /// The latency that one operation in a hundred passes, where callers were timed one by one.
    pub(crate) p99: Option<Duration>,
}

impl Sample {
    #[expect(clippy::cast_precision_loss, reason = "a run has far fewer than 2^52 operations")]
    /// Of so many operations that took so long together.
    pub(crate) fn of(elapsed: Duration, operations: u64) -> Self {
        Self { nanos: elapsed.as_secs_f64() * 1e9 / operations.max(1) as f64, p99: None }
    }
}

/// A side that computes.
pub(crate) fn computing<R>(mut work: impl FnMut() -> R + 'static) -> Side {
    Box::new(move |operations| {
        let (elapsed, ()) = Clock::Thread.time(|| {
            for _ in 0..operations {
                black_box(work());
            }
        });
        Sample::of(elapsed, operations)
    })
}

/// A side that awaits, one operation after the other, on a runtime of its own.
pub(crate) fn awaiting<R>(clock: Clock, runtime: Runtime, mut work: impl AsyncFnMut() -> R + 'static) -> Side {
    Box::new(move |operations| {
        let all = async {
            for _ in 0..operations {
                black_box(work().await);
            }
        };
        let (elapsed, ()) = clock.time(|| runtime.block_on(all));
        Sample::of(elapsed, operations)
    })
}

/// A side that does `items` things at once: its operations, and its samples, are those of one thing.
pub(crate) fn per_item(mut side: Side, items: u32) -> Side {
    Box::new(move |operations| {
        let sample = side(operations.div_ceil(items.into()));
        Sample { nanos: sample.nanos / f64::from(items), ..sample }
    })
}

/// What a row has shown: the medians of both sides, and the ratio of each round.
pub(crate) struct Outcome {
    pub(crate) hand: Sample,
    pub(crate) ours: Sample,
    /// The time of our side through the time of the hand-written one, in ascending order.
    pub(crate) ratios: Vec<f64>,
}

impl Outcome {
    /// From the samples of all rounds: hand-written, ours.
    pub(crate) fn of(rounds: &[(Sample, Sample)]) -> Self {
        let ratios = ascending(rounds.iter().map(|(hand, ours)| ours.nanos / hand.nanos));
        let (hand, ours): (Vec<_>, Vec<_>) = rounds.iter().copied().unzip();
        Self { hand: median_sample(&hand), ours: median_sample(&ours), ratios }
    }

    /// The median of the ratios.
    pub(crate) fn ratio(&self) -> f64 {
        median(&self.ratios)
    }

    /// The smallest and the greatest ratio.
    pub(crate) fn range(&self) -> (f64, f64) {
        (self.ratios[0], self.ratios[self.ratios.len() - 1])
    }
}

/// Measures both sides in turns; which one begins changes with each round, so that neither has the warmer machine.
pub(crate) fn compare(mut sides: Sides, pace: Pace) -> Outcome {
    let hand_operations = operations_in(&mut sides.hand, pace.time);
    let our_operations = operations_in(&mut sides.ours, pace.time);
    let mut hand = || (sides.hand)(hand_operations);
    let mut ours = || (sides.ours)(our_operations);
    let rounds: Vec<_> = (0..pace.rounds)
        .map(|round| {
            if round % 2 == 0 {
                let first = hand();
                (first, ours())
            } else {
                let first = ours();
                (hand(), first)
            }
        })
        .collect();
    Outcome::of(&rounds)
}

/// How many operations fill the time: found by doing ever more, after one to warm up.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positive, and small enough by the bound")]
#[expect(clippy::cast_precision_loss, reason = "a run has far fewer than 2^52 operations")]
fn operations_in(side: &mut Side, time: Duration) -> u64 {
    let wanted = time.as_secs_f64() * 1e9;
    side(1);
    for operations in iter::successors(Some(1_u64), |operations| Some(operations * 4)) {
        let nanos = side(operations).nanos.max(0.1);
        if nanos * operations as f64 >= wanted / 8.0 {
            return (wanted / nanos).max(1.0) as u64;
        }
    }
    unreachable!("an operation takes time")
}

fn ascending(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<_> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

fn median(ascending: &[f64]) -> f64 {
    ascending[ascending.len() / 2]
}

fn median_sample(samples: &[Sample]) -> Sample {
    let mut latencies: Vec<_> = samples.iter().filter_map(|sample| sample.p99).collect();
    latencies.sort_unstable();
    let p99 = latencies.get(latencies.len() / 2).copied();
    Sample { nanos: median(&ascending(samples.iter().map(|sample| sample.nanos))), p99 }
}
