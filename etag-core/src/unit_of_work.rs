//! Writers that know nothing of each other, committed as one.

mod member;
mod plan;
mod provisional;
mod seat;

use std::{
    fmt,
    future::poll_fn,
    pin::{Pin, pin},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::Poll,
};

pub use self::member::Member;
use self::{plan::Plan, seat::Seat};
use crate::{Cause, Conflict, Epoch, Error, ErrorKind, Expectation, Key, Store};

/// Makes the commits of several writers one, without them knowing: all of them are done, or none.
///
/// Each writer is given a [`Member`], which is a [`Store`], and does with it what it would do with any. Its commit does not
/// return before the unit's own; what it learns then is what it would have learnt alone, with the tags that are stored.
///
/// # Contract
/// * Members are begun one after the other, each when the one before waits for the unit's commit or has finished.
/// * A member reads the stored state with what earlier members are about to write. Tags and revisions of such a state are
///   provisional: they can be given back as a condition within the unit, and never match anywhere else. Whoever shows them
///   to a client looks at [`Member::has_seen_plans`]. Scans are those of the store, and show none of it.
/// * All is one commit, in the order of the members (rule B1): conditions are compared with the state at its start and what
///   earlier members wrote directly, and what it touches fails none of it.
/// * A commit that only checks is answered at once, and made again with the unit's.
/// * A member commits once. A second commit that writes is [`ErrorKind::Misconfigured`]; after a rejection it means that the
///   member tries again on fresh state, and the unit must be made anew ([`UnitOutcome::Moved`]). A claim of the ledger is
///   [`ErrorKind::Unsupported`].
/// * A unit that is dropped has written nothing, or all if it is dropped while it commits and the store was faster.
///
/// A member that waits is not polled: it must hold nothing that later ones wait for, such as a lock or the last permit of a
/// semaphore. One that neither commits nor ends keeps the unit from going on; bound its time where that can be.
///
/// ```
/// # use std::sync::Arc;
/// # use etag_core::*;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
/// # #[versioned(collection = "notes", validator = revision)]
/// # struct Note { #[versioned(id)] id: String, text: String }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
/// let note = |id: &str| Note { id: id.to_owned(), text: "milk".to_owned() };
///
/// let mut unit = UnitOfWork::new(Arc::clone(&store));
/// for id in ["1", "2"] {
///     unit.begin(|member| async move { member.create(&note(id)).await.map(|note| note.etag().clone()) }).await;
/// }
/// assert!(store.find::<Note>(&"1".to_owned()).await?.is_none());
///
/// let UnitOutcome::Done(tags) = unit.commit().await? else { panic!("nobody else writes") };
/// assert_eq!(tags[1].as_ref().unwrap(), store.get::<Note>(&"2".to_owned()).await?.etag());
/// # Ok::<(), Error>(()) }).unwrap();
/// ```
pub struct UnitOfWork<'f, T> {
    unit: Arc<Unit>,
    members: Vec<Place<'f, T>>,
    begun: usize,
}

/// What the members of a unit share.
struct Unit {
    store: Arc<dyn Store>,
    plan: Mutex<Plan>,
}

/// A member, as far as it has come.
struct Place<'f, T> {
    seat: Arc<Seat>,
    progress: Progress<'f, T>,
}

enum Progress<'f, T> {
    Waits(Work<'f, T>),
    Finished(T),
}

type Work<'f, T> = Pin<Box<dyn Future<Output = T> + Send + 'f>>;

/// How far a member of a [`UnitOfWork`] has come.
///
/// ```
/// # use std::sync::Arc;
/// # use etag_core::*;
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let mut unit = UnitOfWork::new(Arc::new(MemoryStore::new()));
/// let begun = unit.begin(|member| async move { member.head(&Key::new("notes", "1")).await.unwrap() }).await;
/// assert_eq!(begun, Begun::Finished(&None));
/// # });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begun<'a, T> {
    /// It waits for the unit's commit.
    Waits,
    /// It has finished, and has nothing to commit.
    Finished(&'a T),
}

/// What became of a [`UnitOfWork`].
///
/// ```
/// # use std::sync::Arc;
/// # use etag_core::*;
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let mut unit = UnitOfWork::new(Arc::new(MemoryStore::new()));
/// let delete = |id| Batch::new().delete(Delete::new(Key::new("notes", id), Expectation::Unconditional));
/// unit.begin(|member| async move { member.commit(delete("1")).await.unwrap_err().to_string() }).await;
/// let outcome = unit.commit().await?;
/// assert_eq!(outcome, UnitOutcome::Refused { member: 0, output: "notes/1 does not exist".to_owned() });
/// # Ok::<(), Error>(()) }).unwrap();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnitOutcome<T> {
    /// All is written: what each member gave back.
    Done(Vec<T>),
    /// Nothing is written.
    Refused {
        /// The place of the member that is to blame, counted from 0.
        member: usize,
        /// What it gave back when it learnt of its conflict.
        output: T,
    },
    /// Nothing is written: this resource has changed since a member read it. To be made anew, by a bounded number of tries.
    Moved(Key),
}

impl<'f, T> UnitOfWork<'f, T> {
    /// A unit without members.
    pub fn new(store: Arc<dyn Store>) -> Self {
        let epoch = Epoch::from_bytes(store.coordinator().environment().random_bytes());
        let unit = Unit { store, plan: Mutex::new(Plan::new(epoch)) };
        Self { unit: Arc::new(unit), members: Vec::new(), begun: 0 }
    }

    /// Begins the next member, and returns when it waits for the unit's commit or has finished. A unit of which a call was
    /// dropped before that can't be committed.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use etag_core::*;
    /// # use serde::{Deserialize, Serialize};
    /// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note { #[versioned(id)] id: String, text: String }
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let mut unit = UnitOfWork::new(Arc::new(MemoryStore::new()));
    /// let note = Note { id: "1".into(), text: "milk".into() };
    /// let begun = unit.begin(|member| async move { member.create(&note).await.unwrap().into_parts().0 }).await;
    /// assert_eq!(begun, Begun::Waits);
    ///
    /// // The next one sees what the first is about to write.
    /// let begun = unit.begin(|member| async move { member.get::<Note>(&"1".to_owned()).await.unwrap().into_parts().0 }).await;
    /// assert!(matches!(begun, Begun::Finished(note) if note.text == "milk"));
    /// # });
    /// ```
    pub async fn begin<F>(&mut self, member: impl FnOnce(Member) -> F) -> Begun<'_, T>
    where
        F: Future<Output = T> + Send + 'f,
    {
        let seat = Arc::new(Seat::new(&self.unit, self.begun));
        self.begun += 1;
        let mut work: Work<'f, T> = Box::pin(member(Member::new(Arc::clone(&self.unit), Arc::clone(&seat))));
        let progress = match seat.finish_unless_signalled(&mut work).await {
            Some(output) => {
                seat.rise();
                Progress::Finished(output)
            }
            None => Progress::Waits(work),
        };
        self.members.push(Place { seat, progress });
        match self.members.last().map(|place| &place.progress) {
            Some(Progress::Finished(output)) => Begun::Finished(output),
            _ => Begun::Waits,
        }
    }

    /// Commits what the members wait for, and lets them finish. Where they are refused, the one to blame alone learns of it
    /// and finishes; the others are dropped.
    ///
    /// # Errors
    /// What the store answers other than a rejection; [`ErrorKind::Unavailable`] where a member no longer waits for the
    /// commit that it asked for.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use etag_core::*;
    /// # use serde::{Deserialize, Serialize};
    /// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note { #[versioned(id)] id: String, text: String }
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    /// let mut unit = UnitOfWork::new(Arc::clone(&store));
    /// for text in ["milk", "eggs"] {
    ///     let note = Note { id: "1".into(), text: text.into() };
    ///     unit.begin(|member| async move { member.create(&note).await.map(drop).map_err(|error| error.kind()) }).await;
    /// }
    ///
    /// let outcome = unit.commit().await?;
    /// assert_eq!(outcome, UnitOutcome::Refused { member: 1, output: Err(ErrorKind::AlreadyExists) });
    /// assert!(store.find::<Note>(&"1".to_owned()).await?.is_none());
    /// # Ok::<(), Error>(()) }).unwrap();
    /// ```
    pub async fn commit(self) -> Result<UnitOutcome<T>, Error> {
        self.demand_patience()?;
        let batch = self.unit.plan().close();
        if batch.items().is_empty() {
            return Ok(UnitOutcome::Done(self.finish().await));
        }
        match self.unit.store.commit(batch).await {
            Ok(done) => {
                let shares = self.unit.plan().end(&done);
                self.seats().for_each(|seat| seat.answer(Ok(shares.of(seat.place()))));
                Ok(UnitOutcome::Done(self.finish().await))
            }
            Err(error) if error.is_rejected() => self.refuse(&error).await,
            Err(error) => {
                self.seats().for_each(|seat| seat.answer(Err(error.for_another_caller())));
                Err(error)
            }
        }
    }

    /// What a member no longer waits for it must not find done: it may have done something else instead.
    fn demand_patience(&self) -> Result<(), Error> {
        if self.members.len() == self.begun && self.seats().all(Seat::is_patient) { Ok(()) } else { Err(given_up()) }
    }

    fn seats(&self) -> impl Iterator<Item = &Seat> {
        self.members.iter().map(|place| &*place.seat)
    }

    async fn finish(self) -> Vec<T> {
        let mut outputs = Vec::with_capacity(self.members.len());
        for Place { progress, .. } in self.members {
            outputs.push(match progress {
                Progress::Waits(work) => work.await,
                Progress::Finished(output) => output,
            });
        }
        outputs
    }

    /// Tells the first culprit alone: what is wrong with later items may be so because of it.
    async fn refuse(mut self, error: &Error) -> Result<UnitOutcome<T>, Error> {
        let first = &error.conflicts()[0];
        let Some(culprit) = self.unit.plan().author(first.item) else {
            return Ok(UnitOutcome::Moved(first.key.clone()));
        };
        if self.unit.has_moved(first).await? {
            return Ok(UnitOutcome::Moved(first.key.clone()));
        }
        let rejection = self.unit.plan().rejection_of(culprit, error);
        let Place { seat, progress } = self.members.swap_remove(culprit);
        self.members.clear();
        let Progress::Waits(mut work) = progress else { return Err(rejection) };
        seat.refuse(rejection);
        let output = seat.finish_unless_signalled(&mut work).await;
        Ok(match output.filter(|_| !seat.tries_again()) {
            Some(output) => UnitOutcome::Refused { member: culprit, output },
            None => UnitOutcome::Moved(first.key.clone()),
        })
    }
}

impl Unit {
    fn plan(&self) -> MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether somebody else was faster: the state is not the one that the member had read. Where it is, another member is
    /// in the way, and would be so again.
    async fn has_moved(&self, conflict: &Conflict) -> Result<bool, Error> {
        let is_about_a_state = matches!(conflict.expectation, Expectation::At(_) | Expectation::Unedited(_));
        if conflict.cause != Cause::State || !is_about_a_state {
            return Ok(false);
        }
        let head = self.store.head(&conflict.key).await?;
        let part = self.plan().part(conflict.item);
        Ok(!conflict.expectation.is_met_by(head.as_ref(), part, |_| None))
    }
}

impl Seat {
    /// What the member gives back, if it does before it signals.
    async fn finish_unless_signalled<T>(&self, future: &mut (impl Future<Output = T> + Unpin + ?Sized)) -> Option<T> {
        let mut signalled = pin!(self.signalled());
        poll_fn(|context| match Pin::new(&mut *future).poll(context) {
            Poll::Ready(output) => Poll::Ready(Some(output)),
            Poll::Pending => signalled.as_mut().poll(context).map(|()| None),
        })
        .await
    }
}

/// The answer to a member whose unit writes nothing.
fn given_up() -> Error {
    let message = "nothing was written: the unit of work that the commit was to be made with was given up";
    Error::new(ErrorKind::Unavailable, message)
}

impl<T> fmt::Debug for UnitOfWork<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UnitOfWork({} members)", self.begun)
    }
}
