//! Read, change, write under the tag just read: one at a time for each resource, together for all who wait (rule B4).

use std::{
    any::Any,
    collections::{HashMap, VecDeque},
    fmt,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use backon::{BackoffBuilder as _, ExponentialBuilder};
use tokio::sync::oneshot;

use crate::{
    Batch, Document, Environment, Error, ErrorKind, Expectation, Item, Key, Put, Row, Snapshot, Store, decode,
    put_document,
};

/// How many callers share one commit at most.
const MOST_TOGETHER: usize = 128;
/// How often a change is made again on fresh state before the callers are told.
const TRIES: usize = 12;

pub(crate) async fn modify<T, F, S>(store: &S, id: &T::Id, change: F) -> Result<Snapshot<T>, Error>
where
    T: Document,
    F: FnMut(&mut T) -> Result<(), Error> + Send + 'static,
    S: Store + ?Sized,
{
    let key = T::key_of(id);
    let (answer, answered) = oneshot::channel();
    let job = Box::new(TypedJob { change, answer: Some(answer), value: std::marker::PhantomData::<fn(T)> });
    if store.coordinator().queues().join(&key, job) == Role::Leader {
        // Made before the task, so that it ends the queue also where there is no runtime to begin it.
        let leadership = Leadership { store: store.handle(), key, queue: QueueState::Led };
        // A task of its own: the leader's caller may go away, and the others' work with it must not.
        tokio::spawn(lead(leadership));
    }
    match answered.await {
        Ok(Answer::Written(row)) => Snapshot::from_row(*row),
        Ok(Answer::Failed(error)) => Err(error),
        Ok(Answer::Panicked(payload)) => resume_unwind(payload),
        Err(_) => Err(Error::new(ErrorKind::Unknown, "the runtime stopped before the change was answered")),
    }
}

enum Answer {
    Written(Box<Row>),
    Failed(Error),
    Panicked(Box<dyn Any + Send>),
}

/// The changes that wait, for each resource that somebody modifies now.
#[derive(Default)]
pub(crate) struct Queues(Mutex<HashMap<Key, VecDeque<Box<dyn Job>>>>);

#[derive(PartialEq, Eq)]
enum Role {
    Leader,
    Follower,
}

impl Queues {
    fn join(&self, key: &Key, job: Box<dyn Job>) -> Role {
        let mut queues = self.lock();
        if let Some(queue) = queues.get_mut(key) {
            queue.push_back(job);
            return Role::Follower;
        }
        queues.insert(key.clone(), VecDeque::from([job]));
        Role::Leader
    }

    /// The next changes to make; an empty queue ends, and the next caller leads a new one.
    fn take(&self, key: &Key) -> Option<Vec<Box<dyn Job>>> {
        let mut queues = self.lock();
        let queue = queues.get_mut(key)?;
        if queue.is_empty() {
            queues.remove(key);
            return None;
        }
        let count = queue.len().min(MOST_TOGETHER);
        Some(queue.drain(..count).collect())
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, VecDeque<Box<dyn Job>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Queues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Queues({} resources)", self.lock().len())
    }
}

/// Ends the queue if its leader ends early, since the runtime stopped: whoever waits learns that there is no answer.
struct Leadership {
    store: Arc<dyn Store>,
    key: Key,
    queue: QueueState,
}

#[derive(PartialEq, Eq)]
enum QueueState {
    Led,
    /// Another caller may lead a new one by now.
    Ended,
}

impl Drop for Leadership {
    fn drop(&mut self) {
        if self.queue == QueueState::Led {
            // Dropped after the lock: what the callers gave runs code of theirs when it goes.
            let _abandoned = self.store.coordinator().queues().lock().remove(&self.key);
        }
    }
}

async fn lead(mut leadership: Leadership) {
    while let Some(jobs) = leadership.store.coordinator().queues().take(&leadership.key) {
        make_all(&*leadership.store, &leadership.key, jobs).await;
    }
    leadership.queue = QueueState::Ended;
}

/// Makes the changes together, and in parts where together they are refused for what each by itself may not be.
async fn make_all(store: &dyn Store, key: &Key, jobs: Vec<Box<dyn Job>>) {
    let mut parts = vec![jobs];
    while let Some(mut jobs) = parts.pop() {
        let Err(failure) = make_together(store, key, &mut jobs).await else { continue };
        if jobs.len() > 1 && may_be_one_changes(&failure) {
            let later = jobs.split_off(jobs.len() / 2);
            parts.extend([later, jobs]);
        } else {
            fail_all(jobs, &failure);
        }
    }
}

fn may_be_one_changes(failure: &Error) -> bool {
    matches!(failure.kind(), ErrorKind::TooLarge | ErrorKind::Engine)
}

/// Makes all the changes in one commit, again on fresh state where somebody else was faster.
async fn make_together(store: &dyn Store, key: &Key, jobs: &mut Vec<Box<dyn Job>>) -> Result<(), Error> {
    let mut pauses = pauses(store.coordinator().environment());
    loop {
        let Err(failure) = attempt(store, key, jobs).await else { return Ok(()) };
        let pause = if failure.is_stale() { pauses.next() } else { None };
        let Some(pause) = pause else { return Err(failure) };
        tokio::time::sleep(pause).await;
    }
}

fn fail_all(jobs: Vec<Box<dyn Job>>, failure: &Error) {
    for mut job in jobs {
        job.answer(Answer::Failed(failure.for_another_caller()));
    }
}

/// Exponential back-off with full jitter: each pause is anything between nothing and a bound that doubles.
fn pauses(environment: &Environment) -> impl Iterator<Item = Duration> {
    let bounds = ExponentialBuilder::new()
        .with_min_delay(Duration::from_millis(1))
        .with_max_delay(Duration::from_millis(250))
        .with_max_times(TRIES - 1)
        .build();
    bounds.map(move |bound| environment.jittered(bound))
}

/// One read, all the changes one after the other, one commit. The jobs that are answered are taken out of `jobs`.
async fn attempt(store: &dyn Store, key: &Key, jobs: &mut Vec<Box<dyn Job>>) -> Result<(), Error> {
    let Some(row) = store.read(key).await? else {
        return Err(Error::new(ErrorKind::NotFound, format!("{key} does not exist")));
    };
    let mut state = State { row, value: None };
    let mut puts: Vec<Put> = Vec::with_capacity(jobs.len());
    jobs.retain_mut(|job| {
        let expectation = match puts.len() {
            0 => Expectation::Unedited(state.row.head.edited),
            written => Expectation::LeftBy(written - 1),
        };
        match job.run(store, &mut state, expectation) {
            Some(put) => {
                puts.push(put);
                true
            }
            None => false,
        }
    });
    if puts.is_empty() {
        return Ok(());
    }
    let bodies: Vec<_> = puts.iter().map(|put| put.body.clone()).collect();
    let committed = store.commit(puts.into_iter().map(Item::from).collect::<Batch>()).await?;
    for ((mut job, written), body) in jobs.drain(..).zip(committed.items).zip(bodies) {
        if let Some(head) = written.head {
            job.answer(Answer::Written(Box::new(Row { head, body: written.body.unwrap_or(body) })));
        }
    }
    Ok(())
}

/// The state that the changes so far have made, of which only the body and the decoded value are ahead of the store.
struct State {
    row: Row,
    value: Option<Box<dyn Any + Send>>,
}

trait Job: Send {
    /// Makes the change on `state`; answers by itself, and gives nothing to write, where that fails.
    fn run(&mut self, store: &dyn Store, state: &mut State, expectation: Expectation) -> Option<Put>;

    fn answer(&mut self, answer: Answer);
}

struct TypedJob<T, F> {
    change: F,
    answer: Option<oneshot::Sender<Answer>>,
    value: std::marker::PhantomData<fn(T)>,
}

impl<T, F> TypedJob<T, F>
where
    T: Document,
    F: FnMut(&mut T) -> Result<(), Error> + Send,
{
    /// The state as a value: the one that the last change left, if it was of the same type.
    fn value_of(state: &mut State) -> Result<Box<T>, Error> {
        match state.value.take().map(<Box<dyn Any + Send>>::downcast) {
            Some(Ok(value)) => Ok(value),
            Some(Err(_)) | None => decode(&state.row).map(Box::new),
        }
    }

    fn change(&mut self, store: &dyn Store, state: &mut State, expectation: Expectation) -> Result<Put, Error> {
        let mut value = Self::value_of(state)?;
        (self.change)(&mut value)?;
        let put = put_document(store, &*value, expectation)?;
        if put.key != state.row.head.key {
            return Err(Error::new(
                ErrorKind::Refused,
                format!("a change may not change the id of {}", state.row.head.key),
            ));
        }
        state.row.body = match put.keep_derived {
            Some(keep_derived) => keep_derived(&put.body, &state.row)?,
            None => put.body.clone(),
        };
        state.row.head.schema = put.schema;
        // What the change made of derived fields is not what the next one may see.
        state.value = if put.keep_derived.is_some() { None } else { Some(value) };
        Ok(put)
    }
}

impl<T, F> Job for TypedJob<T, F>
where
    T: Document,
    F: FnMut(&mut T) -> Result<(), Error> + Send,
{
    fn run(&mut self, store: &dyn Store, state: &mut State, expectation: Expectation) -> Option<Put> {
        match catch_unwind(AssertUnwindSafe(|| self.change(store, state, expectation))) {
            Ok(Ok(put)) => return Some(put),
            Ok(Err(error)) => self.answer(Answer::Failed(error)),
            Err(payload) => self.answer(Answer::Panicked(payload)),
        }
        // The failed change may have left the value half changed.
        state.value = None;
        None
    }

    fn answer(&mut self, answer: Answer) {
        if let Some(caller) = self.answer.take() {
            // A caller that has gone away needs no answer.
            let _ = caller.send(answer);
        }
    }
}
