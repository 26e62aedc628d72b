//! A side of many callers at once, each timed by itself.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{runtime::Runtime, task::JoinSet};

use crate::measure::{Sample, Side};

/// One of the callers, and what it remembers from one operation to the next.
pub(crate) trait Caller: Send + 'static {
    /// Does one useful operation, with as many tries as it takes.
    fn step(&mut self) -> impl Future<Output = ()> + Send;
}

/// A side whose operations are shared out among `callers`, who work at the same time.
pub(crate) fn calling<C: Caller>(runtime: Arc<Runtime>, callers: Vec<C>) -> Side {
    let mut callers = callers;
    Box::new(move |operations| {
        let begin = Instant::now();
        let (rested, latencies) = runtime.block_on(run(std::mem::take(&mut callers), operations));
        let elapsed = begin.elapsed();
        callers = rested;
        sample(elapsed, latencies)
    })
}

async fn run<C: Caller>(callers: Vec<C>, operations: u64) -> (Vec<C>, Vec<Duration>) {
    let left = Arc::new(AtomicI64::new(i64::try_from(operations).unwrap_or(i64::MAX)));
    let mut tasks: JoinSet<_> = callers.into_iter().map(|caller| work(caller, Arc::clone(&left))).collect();
    let (mut rested, mut latencies) = (Vec::new(), Vec::new());
    while let Some(done) = tasks.join_next().await {
        let (caller, mut own) = done.expect("a caller does not panic");
        rested.push(caller);
        latencies.append(&mut own);
    }
    (rested, latencies)
}

async fn work<C: Caller>(mut caller: C, left: Arc<AtomicI64>) -> (C, Vec<Duration>) {
    let mut latencies = Vec::new();
    while left.fetch_sub(1, Ordering::Relaxed) > 0 {
        let begin = Instant::now();
        caller.step().await;
        latencies.push(begin.elapsed());
    }
    (caller, latencies)
}

#[expect(clippy::cast_precision_loss, reason = "a run has far fewer than 2^52 operations")]
fn sample(elapsed: Duration, mut latencies: Vec<Duration>) -> Sample {
    latencies.sort_unstable();
    let p99 = latencies.get(latencies.len() * 99 / 100).copied();
    Sample { nanos: elapsed.as_secs_f64() * 1e9 / latencies.len().max(1) as f64, p99 }
}
