//! One write of a request, under the dialect's conditions.

mod gone;

use std::{borrow::Cow, fmt};

use bytes::Bytes;
use etag_core::{
    Batch, Cause, ChangesSince, Check, Comparison, Conflict, Delete, Document, ETag, Effect, Error, Expectation, Head,
    Item, Judgement, Key, Preconditions, Refusal, RefusalKind, Row, Snapshot, StoreExt as _, StoredTag, TagMatch,
    Touched, Versioned, WriteIntent, WriteKind, Written, put_document,
};

use self::gone::GoneStates;
use super::{Exchange, Refused};
use crate::retry::Tries;

/// How often a write is tried again that a faster one overtook. Only one that compares no tag can need more than a few.
const TRIES: usize = 200;

/// One write of a request: [`Exchange::write`].
///
/// It reads the state, judges the conditions in the dialect, asks the handler what to write, and commits on the very state
/// that was judged. Where that has moved, all of it is done again, on what is there then.
#[must_use = "a write does nothing until it is run"]
pub struct Write<'e, T: Versioned> {
    exchange: &'e Exchange,
    kind: WriteKind,
    id: &'e T::Id,
    conditions: Cow<'e, Preconditions>,
    changes: Vec<String>,
}

/// What a handler wants to be written.
///
/// ```
/// # use etag_core::*;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
/// # #[versioned(collection = "notes", validator = revision)]
/// # struct Note { #[versioned(id)] id: String, text: String }
/// use etag_axum::Change;
///
/// let change = Change::put(Note { id: "1".into(), text: "milk".into() });
/// let removal = Change::<Note>::delete();
/// # let _ = (change, removal);
/// ```
#[derive(Clone, Debug)]
pub struct Change<T> {
    value: Option<T>,
    others: Vec<Item>,
}

impl<T> Change<T> {
    /// The resource gets this value, or comes to be with it.
    pub fn put(value: T) -> Self {
        Self { value: Some(value), others: Vec::new() }
    }

    /// The resource goes.
    pub fn delete() -> Self {
        Self { value: None, others: Vec::new() }
    }

    /// This is written as well, after it and in the same commit. Where its expectation is not met, all is done again; unless
    /// it may only create and finds a resource, such as a name that is taken: that refuses the write, with
    /// [`RefusalKind::AlreadyExists`]. One that again expects a state which has gone, as one does that was read before the
    /// write began, refuses it with [`RefusalKind::Unavailable`].
    #[must_use]
    pub fn with(mut self, item: impl Into<Item>) -> Self {
        self.others.push(item.into());
        self
    }
}

/// What a write did.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Done<T> {
    /// The state that it met.
    pub before: Option<Snapshot<T>>,
    /// The state that it left.
    pub after: Option<Snapshot<T>>,
    /// What happened to the resource.
    pub effect: Effect,
    /// What happened to the others that were written with it, in their order.
    pub others: Vec<Written>,
    /// What else changed.
    pub touched: Vec<Touched>,
}

impl<T> Done<T> {
    /// The state that it left.
    ///
    /// # Errors
    /// [`RefusalKind::Internal`] after a delete, which leaves none.
    pub fn state(&self) -> Result<&Snapshot<T>, Refused> {
        self.after.as_ref().ok_or_else(|| RefusalKind::Internal.into())
    }
}

impl Exchange {
    /// A write of the resource with this id, under the request's conditions.
    pub fn write<'e, T: Document + Clone>(&'e self, kind: WriteKind, id: &'e T::Id) -> Write<'e, T> {
        Write { exchange: self, kind, id, conditions: Cow::Borrowed(&self.conditions), changes: Vec::new() }
    }
}

impl<T: Document + Clone> Write<'_, T> {
    /// Under the condition that the resource has this tag, in place of the conditions in the headers: for dialects that have
    /// it in the body.
    pub fn naming(mut self, etag: ETag) -> Self {
        self.conditions = Cow::Owned(Preconditions::none().with_if_match(etag));
        self
    }

    /// Under no condition, whatever the headers say, and as the dialect judges writes without one: for requests that make
    /// something new, where a service looks at no tag that a client may send along.
    pub fn unconditionally(mut self) -> Self {
        self.conditions = Cow::Owned(Preconditions::none());
        self
    }

    /// Says which paths it changes, as a change log has them: for dialects that let disjoint changes pass.
    pub fn changing(mut self, paths: impl IntoIterator<Item = String>) -> Self {
        self.changes = paths.into_iter().collect();
        self
    }

    /// Does it. `change` is called with the state that the conditions were judged on, maybe several times.
    ///
    /// `change` is not called where the resource is absent and the write needs it: [`WriteKind::Update`],
    /// [`WriteKind::Delete`] and [`WriteKind::Action`]. [`WriteKind::Create`] reads nothing, and passes `None`.
    ///
    /// # Errors
    /// What the dialect refuses, what `change` refuses, and faults of the store.
    pub async fn run<F>(self, mut change: F) -> Result<Done<T>, Refused>
    where
        F: FnMut(Option<&Snapshot<T>>) -> Result<Change<T>, Refused>,
    {
        let mut tries = Tries::at_most(TRIES, self.exchange.environment());
        let (key, mut gone) = (T::key_of(self.id), GoneStates::default());
        loop {
            let before = self.look().await?;
            if self.judge(&key, before.as_ref().map(Snapshot::head)).await? == Step::On {
                let wanted = change(before.as_ref())?;
                gone.demand_none(&wanted.others)?;
                if let Some(done) = self.commit(&key, before, wanted, &mut gone).await? {
                    return Ok(done);
                }
            }
            tries.pause(&key).await.map_err(|_| contended())?;
        }
    }

    async fn look(&self) -> Result<Option<Snapshot<T>>, Refused> {
        let state = match self.kind {
            WriteKind::Create => None,
            _ => self.exchange.store().find::<T>(self.id).await?,
        };
        let needs_state = matches!(self.kind, WriteKind::Update | WriteKind::Delete | WriteKind::Action);
        if needs_state && state.is_none() { Err(RefusalKind::NotFound.into()) } else { Ok(state) }
    }

    async fn judge(&self, key: &Key, state: Option<&Head>) -> Result<Step, Refused> {
        let tag = match self.judgement(state, ChangesSince::NotAsked) {
            Judgement::Proceed => return Ok(Step::On),
            Judgement::Refuse(refusal) => return Err(refusal.into()),
            Judgement::AskChangesSince(tag) => tag,
        };
        let Some(changed) = self.changes_since(key, tag).await? else { return Ok(Step::Again) };
        let since = changed.as_deref().map_or(ChangesSince::Forgotten, ChangesSince::Known);
        match self.judgement(state, since) {
            Judgement::Proceed => Ok(Step::On),
            Judgement::Refuse(refusal) => Err(refusal.into()),
            Judgement::AskChangesSince(_) => Err(RefusalKind::Internal.into()),
        }
    }

    fn judgement(&self, state: Option<&Head>, since: ChangesSince<'_>) -> Judgement {
        let intent = WriteIntent { kind: self.kind, changes: &self.changes };
        self.exchange.dialect().judge_write(T::MODEL, &self.conditions, intent, state, since)
    }

    /// What changed since the state with this tag: nothing, where it is the current one, which the dialect spells in another
    /// way. The inner `None` where that is forgotten, the outer one where the resource has gone.
    async fn changes_since(&self, key: &Key, tag: StoredTag) -> Result<Option<Option<Vec<String>>>, Refused> {
        let demanded = TagMatch { tags: [tag].into_iter().collect(), comparison: Comparison::Weak };
        let check = Check::new(key.clone(), Expectation::Matches(demanded));
        match self.exchange.store().commit(Batch::new().check(check)).await {
            Ok(_) => Ok(Some(Some(Vec::new()))),
            Err(error) => match error.conflicts() {
                [conflict] if conflict.met.is_some() => Ok(Some(conflict.changed.clone())),
                [_] => Ok(None),
                _ => Err(error.into()),
            },
        }
    }

    /// `None` where the state has moved.
    async fn commit(
        &self,
        key: &Key,
        before: Option<Snapshot<T>>,
        wanted: Change<T>,
        gone: &mut GoneStates,
    ) -> Result<Option<Done<T>>, Refused> {
        let expectation = before.as_ref().map_or(Expectation::Absent, |state| Expectation::At(state.revision()));
        let (value, items) = (wanted.value, wanted.others);
        let own = self.own_item(key, value.as_ref(), expectation)?;
        let body = if let Item::Put(put) = &own { Some(put.body.clone()) } else { None };
        match self.exchange.store().commit(std::iter::once(own).chain(items).collect()).await {
            Ok(committed) => {
                let mut items = committed.items.into_iter();
                let own = items.next().ok_or(RefusalKind::Internal)?;
                let after = match (own.effect, value, body, own.head) {
                    (Effect::Deleted, ..) => None,
                    (_, Some(value), Some(given), Some(head)) => Some(left(value, given, own.body, head)?),
                    _ => None,
                };
                Ok(Some(Done {
                    before,
                    after,
                    effect: own.effect,
                    others: items.collect(),
                    touched: committed.touched,
                }))
            }
            Err(error) if self.has_moved(&error) => {
                gone.note(error.conflicts());
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    fn own_item(&self, key: &Key, value: Option<&T>, expectation: Expectation) -> Result<Item, Refused> {
        let Some(value) = value else {
            // What else changes with it may depend on its links, of which the store keeps the names only.
            self.exchange.environment().learn(T::MODEL);
            return Ok(Delete::new(key.clone(), expectation).into());
        };
        let mut put = put_document(self.exchange.store(), value, expectation)?;
        put.if_unchanged = self.exchange.dialect().if_unchanged;
        Ok(put.into())
    }

    /// Whether a commit was refused only because a state was no longer the one that was read.
    fn has_moved(&self, error: &Error) -> bool {
        let conflicts = error.conflicts();
        let helps = if conflicts.iter().any(|conflict| conflict.item == 0) {
            self.kind != WriteKind::Create
        } else {
            !conflicts.iter().any(finds_what_it_creates)
        };
        helps && error.is_rejected() && conflicts.iter().all(|conflict| conflict.cause == Cause::State)
    }
}

/// Which another try, on fresh state of the resource itself, does not help.
fn finds_what_it_creates(conflict: &Conflict) -> bool {
    conflict.expectation == Expectation::Absent
}

/// The state as a read would give it. `completed` is the document with what the store derives from children.
fn left<T: Document>(value: T, given: Bytes, completed: Option<Bytes>, head: Head) -> Result<Snapshot<T>, Error> {
    if completed.is_none() && T::MODEL.stamps().next().is_none() {
        return Ok(Snapshot::new(value, head));
    }
    Snapshot::from_row(Row { head, body: completed.unwrap_or(given) })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    On,
    Again,
}

pub(super) fn contended() -> Refused {
    let message = "the resource changed under each of many tries; nothing was written; send the request again";
    Refusal::new(RefusalKind::Unavailable).saying(message).into()
}

impl<T: Versioned> fmt::Debug for Write<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Write").field("kind", &self.kind).field("conditions", &self.conditions).finish_non_exhaustive()
    }
}
