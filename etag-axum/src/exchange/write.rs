//! One write of a request, under the dialect's conditions.

mod attempts;
mod done;
mod gone;
mod prepared;

use std::{borrow::Cow, fmt};

use etag_core::{
    Batch, ChangesSince, Check, Comparison, Delete, Document, ETag, Expectation, Head, Item, Judgement, Key,
    Preconditions, Put, RefusalKind, Snapshot, StoreExt as _, StoredTag, TagMatch, Versioned, WriteIntent, WriteKind,
    put_document,
};

pub(super) use self::attempts::contended;
pub use self::done::Done;
use self::{
    attempts::{Attempts, Companions},
    prepared::Prepared,
};
use super::{Exchange, Refused, Stored};

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
    adjust: Option<Adjust<'e>>,
}

type Adjust<'e> = Box<dyn Fn(&mut Put) + Send + Sync + 'e>;

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

impl Exchange {
    /// A write of the resource with this id, under the request's conditions.
    pub fn write<'e, T: Document + Clone>(&'e self, kind: WriteKind, id: &'e T::Id) -> Write<'e, T> {
        Write {
            exchange: self,
            kind,
            id,
            conditions: Cow::Borrowed(&self.conditions),
            changes: Vec::new(),
            adjust: None,
        }
    }
}

impl<'e, T: Document + Clone> Write<'e, T> {
    /// Under the condition that the resource has this tag, in place of the conditions in the headers: for dialects that have
    /// it in the body.
    pub fn naming(mut self, etag: ETag) -> Self {
        self.conditions = Cow::Owned(Preconditions::none().with_if_match(etag));
        self
    }

    /// Says which paths it changes, as a change log has them: for dialects that let disjoint changes pass.
    pub fn changing(mut self, paths: impl IntoIterator<Item = String>) -> Self {
        self.changes = paths.into_iter().collect();
        self
    }

    /// Changes what the store is given of the resource besides its value, before each commit: for what is not settled by the
    /// model but by who starts the service, such as the [rules of its links](Put::parents) and the length of its
    /// [change log](Put::changes).
    ///
    /// ```
    /// use etag_axum::{Change, Done, Exchange, Refused};
    /// use etag_core::{ChangeRule, Document, WriteKind};
    ///
    /// /// However many changes the model would remember.
    /// async fn replace<T: Document + Clone>(exchange: &Exchange, value: &T, keep: u16) -> Result<Done<T>, Refused> {
    ///     let write = exchange.write::<T>(WriteKind::Replace, value.id());
    ///     let write = write.adjusting(|put| put.changes = ChangeRule { keep, ..T::MODEL.changes });
    ///     write.run(|_| Ok(Change::put(value.clone()))).await
    /// }
    /// ```
    pub fn adjusting(mut self, adjust: impl Fn(&mut Put) + Send + Sync + 'e) -> Self {
        self.adjust = Some(Box::new(adjust));
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
        let mut attempts = Attempts::of(self, Companions::GivenOnce);
        loop {
            let before = attempts.judged_state().await?;
            let wanted = change(before.as_ref())?;
            if let Some(done) = attempts.commit(before, wanted).await? {
                return Ok(done);
            }
        }
    }

    /// Does it as [`run`](Self::run) does, where `change` must look at other resources to know what to write: it is a future,
    /// and reads them anew whenever it is called.
    ///
    /// What it decided by is only sure to be so still when the write is done if it is a part of it: written along, or
    /// demanded with a [`Check`]. Where one of these was not met, `change` is called again. One that may only create refuses
    /// the write where it is wanted twice and finds a resource, with [`RefusalKind::AlreadyExists`].
    ///
    /// # Errors
    /// As those of [`run`](Self::run).
    ///
    /// ```
    /// use axum::{Router, extract::Path, response::Response, routing::post};
    /// use etag_axum::{Change, Dialogue, Exchange, Refused};
    /// use etag_core::{
    ///     AllowUnconditional, Check, Dialect, Expectation, MemoryStore, RefusalKind, StoreExt, Versioned, WriteKind,
    /// };
    /// use http::StatusCode;
    /// use serde::{Deserialize, Serialize};
    ///
    /// #[derive(Clone, Serialize, Deserialize, Versioned)]
    /// #[versioned(collection = "notes", validator = revision)]
    /// struct Note {
    ///     #[versioned(id)]
    ///     id: String,
    ///     text: String,
    /// }
    ///
    /// /// Copies what another note says, while it says so.
    /// async fn copy(exchange: Exchange, Path((id, from)): Path<(String, String)>) -> Result<Response, Refused> {
    ///     let write = exchange.write::<Note>(WriteKind::Action, &id).run_async(async |note| {
    ///         let note = note.ok_or(RefusalKind::NotFound)?;
    ///         let other = exchange.get::<Note>(&from).await?;
    ///         let is_so_still = Check::new(Note::key_of(&from), Expectation::At(other.revision()));
    ///         Ok(Change::put(Note { text: other.text.clone(), ..note.value().clone() }).with(is_so_still))
    ///     });
    ///     Ok(exchange.bare(StatusCode::NO_CONTENT, write.await?.state()?))
    /// }
    ///
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// let store = MemoryStore::new();
    /// store.create(&Note { id: "1".into(), text: "milk".into() }).await?;
    /// store.create(&Note { id: "2".into(), text: "tea".into() }).await?;
    /// let dialect = Dialect { missing: &AllowUnconditional, ..Dialect::RFC_9110 };
    /// let routes = Router::new().route("/notes/{id}/copy/{from}", post(copy));
    /// let app = Dialogue::new(store.clone(), dialect).serve(routes);
    /// # use tower::ServiceExt;
    /// let request = http::Request::post("/notes/1/copy/2").body(axum::body::Body::empty())?;
    /// assert_eq!(app.oneshot(request).await?.status(), 204);
    /// assert_eq!(store.get::<Note>(&"1".to_owned()).await?.text, "tea");
    /// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
    /// ```
    pub async fn run_async<F, D>(self, mut change: F) -> Result<Done<T>, Refused>
    where
        F: FnMut(Option<Snapshot<T>>) -> D,
        D: Future<Output = Result<Change<T>, Refused>>,
    {
        let mut attempts = Attempts::of(self, Companions::ReadAnew);
        loop {
            let before = attempts.judged_state().await?;
            let wanted = change(before.clone()).await?;
            if let Some(done) = attempts.commit(before, wanted).await? {
                return Ok(done);
            }
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

    fn prepare(
        &self,
        key: &Key,
        before: Option<Snapshot<T>>,
        wanted: Change<T>,
    ) -> Result<(Batch, Prepared<T>), Refused> {
        let expectation = before.as_ref().map_or(Expectation::Absent, |state| Expectation::At(state.revision()));
        let own = self.own_item(key, wanted.value.as_ref(), expectation)?;
        let body = if let Item::Put(put) = &own { Some(put.body.clone()) } else { None };
        let batch = std::iter::once(own).chain(wanted.others).collect();
        Ok((batch, Prepared { before, value: wanted.value, body }))
    }

    fn own_item(&self, key: &Key, value: Option<&T>, expectation: Expectation) -> Result<Item, Refused> {
        let Some(value) = value else {
            // What else changes with it may depend on its links, of which the store keeps the names only.
            self.exchange.environment().learn(T::MODEL);
            return Ok(Delete::new(key.clone(), expectation).into());
        };
        let mut put = put_document(self.exchange.store(), value, expectation)?;
        put.if_unchanged = self.exchange.dialect().if_unchanged;
        if let Some(adjust) = &self.adjust {
            adjust(&mut put);
        }
        Ok(put.into())
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    On,
    Again,
}

impl<T: Versioned> fmt::Debug for Write<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Write").field("kind", &self.kind).field("conditions", &self.conditions).finish_non_exhaustive()
    }
}
