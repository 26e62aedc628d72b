//! Callers that start at once.

use std::sync::Arc;

use tokio::sync::Barrier;

/// Calls `work` with each number below `callers`, each in a task of its own that begins when all are ready, and gives what
/// they answered in the order of the numbers.
pub(crate) async fn together<T, F>(callers: usize, work: impl Fn(usize) -> F) -> Vec<T>
where
    T: Send + 'static,
    F: Future<Output = T> + Send + 'static,
{
    let barrier = Arc::new(Barrier::new(callers));
    let tasks: Vec<_> = (0..callers).map(|caller| tokio::spawn(at_once(Arc::clone(&barrier), work(caller)))).collect();
    let mut answers = Vec::with_capacity(callers);
    for task in tasks {
        answers.push(task.await.expect("a caller ends"));
    }
    answers
}

async fn at_once<T>(barrier: Arc<Barrier>, work: impl Future<Output = T>) -> T {
    barrier.wait().await;
    work.await
}

/// Two different callers that start at once.
pub(crate) async fn both<A, B>(
    one: impl Future<Output = A> + Send + 'static,
    other: impl Future<Output = B> + Send + 'static,
) -> (A, B)
where
    A: Send + 'static,
    B: Send + 'static,
{
    let barrier = Arc::new(Barrier::new(2));
    let one = tokio::spawn(at_once(Arc::clone(&barrier), one));
    let other = at_once(barrier, other).await;
    (one.await.expect("a caller ends"), other)
}
