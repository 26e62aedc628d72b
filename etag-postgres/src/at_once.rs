//! A group all of whose states are known here: compared and written by one statement, in one round trip (rule S2).
//!
//! The plan is made of what this process remembers. The statement locks every row that the plan looked at, compares its
//! revision with the one remembered, and writes only where all are the same; where not, nothing has happened, and the group
//! is committed from what the database says.

use std::collections::HashMap;

use etag_core::{Batch, Head, Item, Key};
use tokio_postgres::types::ToSql;

use crate::{
    error::Fault,
    group::{Desk, Done, Failure, outcomes},
    known::{Known, Log, Remembered, Reserve},
    loaded::{Document, LastRemoval, Loaded, Resource, Wanted, needs_documents},
    numbers,
    transaction::GroupTransaction,
    writes::Heads,
};

/// Where a group signs: its lane, and what is signed there before and after.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Signature {
    pub(crate) lane: i64,
    pub(crate) before: i64,
    pub(crate) after: i64,
}

impl Desk<'_> {
    /// Commits all batches from memory; `None` where that can't be done, and nothing has happened.
    pub(crate) async fn commit_at_once(
        &self,
        batches: &[&Batch],
        known: &Known,
        signature: Signature,
    ) -> Result<Option<Done>, Failure> {
        let Some(mut loaded) = remembered(batches, known) else { return Ok(None) };
        let now = numbers::to_stored_precision(self.environment.now());
        let mut transaction = GroupTransaction::new(&mut loaded, self.environment);
        let outcomes = outcomes(&mut transaction, batches, now);
        // What memory refuses may have changed, so only the database may say so.
        if !transaction.missing.is_empty() || outcomes.iter().any(Result::is_err) || !are_updates(&loaded) {
            return Ok(None);
        }
        match self.write_if_known(&loaded, signature).await {
            Ok(true) => {
                loaded.teach(known);
                Ok(Some(Done { outcomes, signed: signature.after }))
            }
            Ok(false) | Err(Fault::Contention(_) | Fault::Locked(_) | Fault::Refused(_)) => {
                known.forget(loaded.resources.keys());
                Ok(None)
            }
            Err(fault @ Fault::Disconnected(_)) => {
                known.forget(loaded.resources.keys());
                Err(Failure::Unknown { fault, group: signature.after, outcomes })
            }
            Err(fault) => Err(fault.into()),
        }
    }

    /// Whether all that is known was so, and is written.
    async fn write_if_known(&self, loaded: &Loaded, signature: Signature) -> Result<bool, Fault> {
        let (mut heads, mut bodies) = (Heads::default(), Vec::new());
        let mut compared = Compared::default();
        let mut resources: Vec<&Resource> = loaded.resources.values().collect();
        resources.sort_by_key(|resource| resource.found.as_ref().map(|head| &head.key));
        for resource in resources {
            let (Some(found), Some(now)) = (&resource.found, &resource.now) else { continue };
            compared.push(found);
            if found.revision != now.revision {
                heads.push(now);
                bodies.push(resource.body.as_deref().filter(|_| resource.document == Document::New));
            }
        }
        let count = i64::try_from(compared.ids.len()).unwrap_or(i64::MAX);
        let epoch = numbers::epoch_to_sql(loaded.epoch);
        let mut parameters = heads.columns();
        parameters.extend([
            &bodies as &(dyn ToSql + Sync),
            &compared.collections,
            &compared.ids,
            &compared.sequences,
            &compared.epochs,
            &count,
            &epoch,
            &signature.lane,
            &signature.before,
            &signature.after,
        ]);
        let row = self.client.query_one(&self.statements.write_if_known, &parameters).await?;
        Ok(row.try_get(0)?)
    }
}

/// The states that a plan looked at.
#[derive(Default)]
struct Compared<'a> {
    collections: Vec<&'a str>,
    ids: Vec<&'a str>,
    sequences: Vec<i64>,
    epochs: Vec<i64>,
}

impl<'a> Compared<'a> {
    fn push(&mut self, head: &'a Head) {
        self.collections.push(head.key.collection());
        self.ids.push(head.key.id());
        self.sequences.push(numbers::to_sql(head.revision.sequence()));
        self.epochs.push(numbers::epoch_to_sql(head.revision.epoch()));
    }
}

/// All that the batches need, if it is remembered: puts of documents whose families are known, and have no change logs to
/// go on with.
fn remembered(batches: &[&Batch], known: &Known) -> Option<Loaded> {
    if !batches.iter().all(|batch| is_plain(batch)) {
        return None;
    }
    let wanted = Wanted::of(batches.iter().copied());
    let family = known.family(wanted.keys.iter())?;
    if family.values().any(|resource| resource.log == Log::Kept) {
        return None;
    }
    let latest = family.values().map(|resource| resource.head.revision.sequence()).max().unwrap_or(0);
    let ancestors = family.len() - wanted.keys.len().min(family.len());
    let Reserve { epoch, numbers } = known.take_numbers(wanted.numbers + ancestors * batches.len(), latest)?;
    let resource = |(key, Remembered { head, .. }): (Key, Remembered)| {
        (key, Resource { found: Some(head.clone()), now: Some(head), ..Resource::default() })
    };
    Some(Loaded {
        resources: family.into_iter().map(resource).collect(),
        children: HashMap::new(),
        ledger: HashMap::new(),
        epoch,
        last_removal: LastRemoval::Unread,
        numbers: numbers.into_iter(),
    })
}

fn is_plain(batch: &Batch) -> bool {
    let is_plain = |item: &Item| matches!(item, Item::Put(put) if !needs_documents(put));
    batch.ledger().is_none() && batch.items().iter().all(is_plain)
}

/// Whether nothing comes, goes or moves, and something is written.
fn are_updates(loaded: &Loaded) -> bool {
    let is_update = |resource: &Resource| match (&resource.found, &resource.now) {
        (Some(found), Some(now)) => found.created == now.created && found.parents == now.parents,
        _ => false,
    };
    let is_changed = |resource: &Resource| resource.found != resource.now;
    loaded.resources.values().all(is_update) && loaded.resources.values().any(is_changed)
}
