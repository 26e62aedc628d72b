//! Doing a write again that a faster one overtook.

use etag_core::{
    Cause, Conflict, Document, Error, Expectation, Key, Refusal, RefusalKind, Snapshot, Store as _, WriteKind,
};

use super::{Change, Done, Refused, Step, Write, gone::GoneStates};
use crate::retry::Tries;

/// How often a write is tried again that a faster one overtook. Only one that compares no tag can need more than a few.
const TRIES: usize = 200;

/// The attempts at one write.
pub(super) struct Attempts<'e, T: Document> {
    write: Write<'e, T>,
    companions: Companions,
    key: Key,
    gone: GoneStates,
    tries: Tries<'e>,
}

/// What another attempt may do about what is written along.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Companions {
    /// It knows no more of them than the first one.
    GivenOnce,
    /// It reads them anew.
    ReadAnew,
}

impl<'e, T: Document + Clone> Attempts<'e, T> {
    pub(super) fn of(write: Write<'e, T>, companions: Companions) -> Self {
        let tries = Tries::at_most(TRIES, write.exchange.environment());
        let key = T::key_of(write.id);
        Self { write, companions, key, gone: GoneStates::default(), tries }
    }

    /// The state, once it is judged that it may be written.
    pub(super) async fn judged_state(&mut self) -> Result<Option<Snapshot<T>>, Refused> {
        loop {
            let state = self.write.look().await?;
            if self.write.judge(&self.key, state.as_ref().map(Snapshot::head)).await? == Step::On {
                return Ok(state);
            }
            self.pause().await?;
        }
    }

    /// `None` where a state has moved, and it is time for another attempt.
    pub(super) async fn commit(
        &mut self,
        before: Option<Snapshot<T>>,
        wanted: Change<T>,
    ) -> Result<Option<Done<T>>, Refused> {
        self.gone.demand_none(&wanted.others)?;
        let (batch, prepared) = self.write.prepare(&self.key, before, wanted)?;
        match self.write.exchange.store().commit(batch).await {
            Ok(committed) => Ok(Some(prepared.done(committed)?)),
            Err(error) if self.has_moved(&error) => {
                self.gone.note(error.conflicts());
                self.pause().await?;
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn pause(&mut self) -> Result<(), Refused> {
        self.tries.pause(&self.key).await.map_err(|_| contended())
    }

    /// Whether a commit was refused only because a state was no longer the one that was read.
    fn has_moved(&self, error: &Error) -> bool {
        let conflicts = error.conflicts();
        let helps = if conflicts.iter().any(|conflict| conflict.item == 0) {
            self.write.kind != WriteKind::Create
        } else {
            self.companions == Companions::ReadAnew || !conflicts.iter().any(finds_what_it_creates)
        };
        helps && error.is_rejected() && conflicts.iter().all(|conflict| conflict.cause == Cause::State)
    }
}

/// Which another try, on fresh state of the resource itself, does not help.
fn finds_what_it_creates(conflict: &Conflict) -> bool {
    conflict.expectation == Expectation::Absent
}

pub(in crate::exchange) fn contended() -> Refused {
    let message = "the resource changed under each of many tries; nothing was written; send the request again";
    Refusal::new(RefusalKind::Unavailable).saying(message).into()
}
