//! Several writes of one request, all or none.

use std::{fmt, sync::Arc};

use etag_core::{Key, RefusalKind, UnitOfWork, UnitOutcome};

use super::{Exchange, Refused, write::contended};
use crate::{request_batch::UnitStore, retry::Tries};

/// How often all of them are tried where others were faster.
const TRIES: usize = 20;

/// Why none of several writes was done: [`Exchange::together`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoneDone {
    /// Those to blame, by their numbers counted from 0, with what refuses each. The others would have been done.
    Culprits(Vec<(usize, Refused)>),
    /// None of them is to blame.
    Fault(Refused),
}

impl From<NoneDone> for Refused {
    /// What refuses the first of those to blame.
    fn from(none: NoneDone) -> Self {
        match none {
            NoneDone::Fault(refused) => refused,
            NoneDone::Culprits(culprits) => {
                culprits.into_iter().next().map_or_else(|| RefusalKind::Internal.into(), |(_, refused)| refused)
            }
        }
    }
}

impl fmt::Display for NoneDone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Culprits(culprits) => write!(f, "{} of the writes were refused; none was done", culprits.len()),
            Self::Fault(refused) => refused.fmt(f),
        }
    }
}

impl std::error::Error for NoneDone {}

impl Exchange {
    /// Does `count` writes that know nothing of each other, all or none: for requests that are about several resources.
    ///
    /// `work` is called with the number of each, from 0, and an exchange whose store makes its commit part of the whole (see
    /// [`UnitOfWork`]); each commits once. Every one is asked, so that all who are to blame are named. Where a state moved
    /// that one was judged on, all are begun again, a bounded number of times.
    ///
    /// # Errors
    /// [`NoneDone`]: which of them were refused, or what else kept them from being done.
    ///
    /// ```
    /// use axum::{Router, response::Response, routing::post};
    /// use etag_axum::{Change, Dialogue, DialectJson, Exchange, Refused};
    /// use etag_core::{Dialect, MemoryStore, StoreExt, Versioned, WriteKind};
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
    /// async fn create_all(exchange: Exchange, DialectJson(notes): DialectJson<Vec<Note>>) -> Result<String, Refused> {
    ///     let created = exchange.together(notes.len(), |number, exchange| {
    ///         let note = notes[number].clone();
    ///         async move { exchange.write(WriteKind::Create, &note.id).run(|_| Ok(Change::put(note.clone()))).await }
    ///     });
    ///     Ok(created.await?.len().to_string())
    /// }
    ///
    /// # tokio::runtime::Runtime::new().unwrap().block_on(async {
    /// let store = MemoryStore::new();
    /// let app = Dialogue::new(store.clone(), Dialect::RFC_9110).serve(Router::new().route("/notes", post(create_all)));
    /// # use tower::ServiceExt;
    /// let twice = r#"[{"id": "1", "text": "milk"}, {"id": "2", "text": "tea"}, {"id": "2", "text": "eggs"}]"#;
    /// let answer = app.oneshot(http::Request::post("/notes").body(axum::body::Body::from(twice))?).await?;
    /// assert_eq!(answer.status(), 409);
    /// assert!(store.find::<Note>(&"1".to_owned()).await?.is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(()) }).unwrap();
    /// ```
    pub async fn together<T, F>(&self, count: usize, work: impl Fn(usize, Self) -> F) -> Result<Vec<T>, NoneDone>
    where
        F: Future<Output = Result<T, Refused>> + Send,
    {
        let mut tries = Tries::at_most(TRIES, self.environment());
        loop {
            match self.try_together(count, &work).await? {
                Attempt::Done(outputs) => return Ok(outputs),
                Attempt::Moved(key) => tries.pause(&key).await.map_err(|_| NoneDone::Fault(contended()))?,
            }
        }
    }

    async fn try_together<T, F>(&self, count: usize, work: &impl Fn(usize, Self) -> F) -> Result<Attempt<T>, NoneDone>
    where
        F: Future<Output = Result<T, Refused>> + Send,
    {
        let mut unit = UnitOfWork::new(Arc::clone(self.store()));
        let mut culprits = Vec::new();
        for number in 0..count {
            let begun = unit.begin(|member| work(number, self.within(UnitStore::new(Arc::new(member))))).await;
            if let etag_core::Begun::Finished(Err(refused)) = begun {
                culprits.push((number, refused.clone()));
            }
        }
        if !culprits.is_empty() {
            return Err(NoneDone::Culprits(culprits));
        }
        match unit.commit().await.map_err(|error| NoneDone::Fault(error.into()))? {
            UnitOutcome::Moved(key) => Ok(Attempt::Moved(key)),
            UnitOutcome::Refused { member, output } => Err(refusal_of(member, output.err())),
            UnitOutcome::Done(outputs) => all_of(outputs),
        }
    }

    fn within(&self, unit: UnitStore) -> Self {
        Self { unit: Some(unit), ..self.clone() }
    }
}

enum Attempt<T> {
    Done(Vec<T>),
    Moved(Key),
}

fn all_of<T>(outputs: Vec<Result<T, Refused>>) -> Result<Attempt<T>, NoneDone> {
    // What is refused after its commit was refused by a handler that wrote all the same.
    outputs.into_iter().collect::<Result<_, _>>().map(Attempt::Done).map_err(NoneDone::Fault)
}

fn refusal_of(member: usize, refused: Option<Refused>) -> NoneDone {
    match refused {
        Some(refused) => NoneDone::Culprits(vec![(member, refused)]),
        None => NoneDone::Fault(RefusalKind::Internal.into()),
    }
}
