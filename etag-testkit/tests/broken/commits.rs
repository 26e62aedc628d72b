//! The ways in which the store commits.

use std::sync::{Arc, atomic::Ordering};

use etag_core::{Batch, Committed, Error, Expectation, Item, Key, Store as _, transaction};
use tokio::{sync::OwnedMutexGuard, task::yield_now};

use crate::{
    answers::{Done, refusal},
    bug::Bug,
    requests,
    rows::{Rows, Writing},
    shortcuts,
    store::BrokenStore,
};

impl BrokenStore {
    /// A commit on `rows`, which must not change meanwhile.
    fn commit_on(&self, rows: &mut Rows, batch: &Batch) -> Result<Committed, Error> {
        let Some(bug) = self.0.bug else { return self.transact(rows, batch) };
        if let Some(refusal) = shortcuts::refusal(bug, batch, rows, |rows, batch| self.transact(rows, batch)) {
            return Err(refusal);
        }
        if bug == Bug::CommitsItemsOneByOne && batch.ledger().is_none() && !builds_on_itself(batch) {
            return shortcuts::one_by_one(batch, rows, |rows, batch| self.transact(rows, batch));
        }
        let (before, drawn) = (rows.clone(), self.0.disk.drawn.load(Ordering::SeqCst));
        let understood = requests::understood(bug, &ids_folded(bug, batch), rows);
        match self.transact(rows, &understood) {
            Ok(told) => Ok(Done { before: &before, rows, batch, drawn: &self.0.disk.drawn, told }.distorted(bug)),
            Err(error) => {
                match bug {
                    Bug::DrawsAgainAfterARefusal => self.0.disk.drawn.store(drawn, Ordering::SeqCst),
                    Bug::WritesWhatIsNotRefused => self.write_the_rest(rows, batch, &error),
                    Bug::RecordsRefusals => shortcuts::record(batch, rows, self.now()),
                    _ => {}
                }
                Err(refusal(bug, error, batch, rows))
            }
        }
    }

    fn transact(&self, rows: &mut Rows, batch: &Batch) -> Result<Committed, Error> {
        let mut known = self.0.known.lock().expect("no panic under the lock");
        let known = self.has(Bug::DecidesOnWhatItReadBefore).then_some(&mut *known);
        let (bug, now) = (self.0.bug, self.now());
        let environment = self.coordinator().environment();
        let mut writing = Writing { rows, drawn: &self.0.disk.drawn, known, now, environment, bug };
        transaction::commit(&mut writing, batch, now)
    }

    fn write_the_rest(&self, rows: &mut Rows, batch: &Batch, error: &Error) {
        let is_culprit = |index: usize| error.conflicts().iter().any(|conflict| conflict.item == index);
        let rest = batch.items().iter().enumerate().filter(|(index, _)| !is_culprit(*index));
        for (_, item) in rest {
            // What fails now fails silently, too.
            let _ = self.transact(rows, &Batch::new().with(item.clone()));
        }
    }

    /// Looks at a copy, and writes what came of it later.
    async fn commit_on_a_copy(
        &self,
        batch: &Batch,
        validate: fn(&Rows, &Rows, &[Key]) -> bool,
    ) -> Result<Committed, Error> {
        loop {
            let base = self.rows().clone();
            let mut copy = base.clone();
            let done = self.commit_on(&mut copy, batch)?;
            yield_now().await;
            yield_now().await;
            let mut rows = self.rows();
            let changed = copy.changed_since(&base);
            if validate(&rows, &base, &changed) {
                for key in &changed {
                    rows.take(key, &copy);
                }
                (rows.logs, rows.ledger, rows.last_removal) = (copy.logs, copy.ledger, copy.last_removal);
                rows.first.extend(copy.first);
                return Ok(done);
            }
        }
    }

    async fn commit_by_halves(&self, batch: &Batch) -> Result<Committed, Error> {
        let base = self.rows().clone();
        let mut copy = base.clone();
        let done = self.commit_on(&mut copy, batch)?;
        for key in copy.changed_since(&base) {
            self.rows().take(&key, &copy);
            yield_now().await;
        }
        *self.rows() = copy;
        Ok(done)
    }

    /// The locks of all that the batch writes or touches, as its caller names them.
    pub(crate) async fn lock_in_the_callers_order(&self, batch: &Batch) -> Vec<OwnedMutexGuard<()>> {
        let mut keys: Vec<Key> = Vec::new();
        for item in batch.items() {
            let before = self.rows().head(item.key()).map(|head| head.parents).unwrap_or_default();
            let after = if let Item::Put(put) = item { put.parents.clone() } else { before.clone() };
            let parents = before.held().chain(after.held()).map(|link| link.parent.clone());
            keys.extend([item.key().clone()].into_iter().chain(parents));
        }
        let mut held = Vec::new();
        for (at, key) in keys.iter().enumerate().filter(|(at, key)| !keys[..*at].contains(key)) {
            let lock =
                Arc::clone(self.0.disk.locks.lock().expect("no panic under the lock").entry(key.clone()).or_default());
            held.push(lock.lock_owned().await);
            if at + 1 < keys.len() {
                yield_now().await;
            }
        }
        held
    }

    pub(crate) async fn commit_through(&self, batch: &Batch) -> Result<Committed, Error> {
        match self.0.bug {
            Some(Bug::ComparesBeforeItWrites) => self.commit_on_a_copy(batch, |_, _, _| true).await,
            Some(Bug::ValidatesWhatItWritesOnly) => {
                let is_unchanged = |rows: &Rows, base: &Rows, keys: &[Key]| {
                    keys.iter().all(|key| rows.kept.get(key) == base.kept.get(key))
                };
                self.commit_on_a_copy(batch, is_unchanged).await
            }
            Some(Bug::StopsHalfway) => self.commit_by_halves(batch).await,
            Some(Bug::AnswersWithoutWriting) => self.commit_on(&mut self.rows().clone(), batch),
            Some(Bug::DropsWhatIsUnderWay) => {
                let before = self.rows().clone();
                let done = self.commit_on(&mut self.rows(), batch)?;
                yield_now().await;
                if self.is_closed() {
                    let mut rows = self.rows();
                    rows.changed_since(&before).iter().for_each(|key| rows.take(key, &before));
                }
                Ok(done)
            }
            Some(Bug::TellsTheLatestTagAfter) => {
                let mut done = self.commit_on(&mut self.rows(), batch)?;
                yield_now().await;
                for touch in &mut done.touched {
                    touch.after = self.rows().head(&touch.key).map(|head| head.tag);
                }
                Ok(done)
            }
            _ => {
                let mut rows = self.rows();
                let before = rows.clone();
                let done = self.commit_on(&mut rows, batch)?;
                *self.0.disk.former.lock().expect("no panic under the lock") = before;
                Ok(done)
            }
        }
    }
}

fn builds_on_itself(batch: &Batch) -> bool {
    batch.items().iter().any(|item| matches!(item.expectation(), Expectation::LeftBy(_)))
}

/// The batch with its ids as the store keeps them.
fn ids_folded(bug: Bug, batch: &Batch) -> Batch {
    let items = batch.items().iter().cloned().map(|mut item| {
        let key = match &mut item {
            Item::Put(put) => &mut put.key,
            Item::Delete(delete) => &mut delete.key,
            Item::Check(check) => &mut check.key,
        };
        if bug == Bug::FoldsIds {
            *key = folded(key);
        }
        item
    });
    let kept: Batch = items.collect();
    batch.ledger().map_or(kept.clone(), |claim| kept.once(claim.clone()))
}

pub(crate) fn folded(key: &Key) -> Key {
    Key::new(key.collection().to_owned(), key.id().to_lowercase())
}
