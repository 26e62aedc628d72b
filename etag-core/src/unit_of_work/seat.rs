//! Where a member waits for its unit.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use tokio::sync::{Notify, oneshot};

use super::{Unit, given_up};
use crate::{Cause, Committed, Coordinator, Error, ErrorKind, Key};

/// What a unit knows of one member.
pub(super) struct Seat {
    place: usize,
    /// The member's own: who modifies a resource through it must not wait for another member that does, nor be committed by
    /// somebody outside of the unit.
    pub(super) coordinator: Coordinator,
    stage: Mutex<Stage>,
    signal: Notify,
    has_seen_plans: AtomicBool,
}

/// How far a member's one commit has come.
enum Stage {
    Open,
    Waits(oneshot::Sender<Result<Committed, Error>>),
    Answered,
    /// It met conflicts, which found these resources absent.
    Refused(Vec<Key>),
    TriesAgain,
}

/// What a member waits for.
pub(super) struct Answer(oneshot::Receiver<Result<Committed, Error>>);

impl Answer {
    pub(super) async fn get(self) -> Result<Committed, Error> {
        self.0.await.unwrap_or_else(|_| Err(given_up()))
    }
}

impl Seat {
    pub(super) fn new(unit: &Arc<Unit>, place: usize) -> Self {
        Self {
            place,
            coordinator: Coordinator::new(unit.store.coordinator().environment().clone()),
            stage: Mutex::new(Stage::Open),
            signal: Notify::new(),
            has_seen_plans: AtomicBool::new(false),
        }
    }

    pub(super) fn place(&self) -> usize {
        self.place
    }

    fn stage(&self) -> MutexGuard<'_, Stage> {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// When the member waits, or tries again.
    pub(super) async fn signalled(&self) {
        self.signal.notified().await;
    }

    /// Begins to wait, after `plan` has noted what for.
    pub(super) fn wait(&self, plan: impl FnOnce() -> Result<(), Error>) -> Result<Answer, Error> {
        let mut stage = self.stage();
        match *stage {
            Stage::Open => {}
            Stage::Refused(_) | Stage::TriesAgain => {
                *stage = Stage::TriesAgain;
                self.signal.notify_one();
                return Err(given_up());
            }
            Stage::Waits(_) | Stage::Answered => return Err(second_commit()),
        }
        plan()?;
        let (sender, receiver) = oneshot::channel();
        *stage = Stage::Waits(sender);
        self.signal.notify_one();
        Ok(Answer(receiver))
    }

    /// Takes no commit from now on, if none waits.
    pub(super) fn rise(&self) {
        let mut stage = self.stage();
        if matches!(*stage, Stage::Open) {
            *stage = Stage::Answered;
        }
    }

    /// Whether the member still waits for what it asked for.
    pub(super) fn is_patient(&self) -> bool {
        !matches!(&*self.stage(), Stage::Waits(sender) if sender.is_closed())
    }

    pub(super) fn answer(&self, answer: Result<Committed, Error>) {
        self.replace(Stage::Answered, answer);
    }

    pub(super) fn refuse(&self, rejection: Error) {
        let absent = rejection.conflicts().iter().filter_map(|conflict| match &conflict.cause {
            Cause::NoParent { parent, .. } => Some(parent.clone()),
            Cause::State if conflict.met.is_none() => Some(conflict.key.clone()),
            _ => None,
        });
        self.has_seen_plans.store(true, Ordering::Relaxed);
        self.replace(Stage::Refused(absent.collect()), Err(rejection));
    }

    fn replace(&self, next: Stage, answer: Result<Committed, Error>) {
        if let Stage::Waits(sender) = std::mem::replace(&mut *self.stage(), next) {
            // A caller that has gone away needs no answer.
            let _ = sender.send(answer);
        }
    }

    /// Whether the commit met no such resource: it would have been gone by then, or was deleted by another member.
    pub(super) fn found_absent(&self, key: &Key) -> bool {
        matches!(&*self.stage(), Stage::Refused(absent) if absent.contains(key))
    }

    pub(super) fn tries_again(&self) -> bool {
        matches!(*self.stage(), Stage::TriesAgain)
    }

    pub(super) fn note_plans_seen(&self) {
        self.has_seen_plans.store(true, Ordering::Relaxed);
    }

    pub(super) fn has_seen_plans(&self) -> bool {
        self.has_seen_plans.load(Ordering::Relaxed)
    }
}

fn second_commit() -> Error {
    let message = "a member of a unit of work commits once; put all that it writes into one batch";
    Error::new(ErrorKind::Misconfigured, message)
}
