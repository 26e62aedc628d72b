//! Bugs in the order in which a commit looks at things.

use std::time::SystemTime;

use etag_core::{Batch, Cause, Committed, Conflict, Error, ErrorKind, Item, LedgerEntry, Replay};

use crate::{bug::Bug, rows::Rows};

/// What a store refuses before it looks at what it should have looked at first.
pub(crate) fn refusal(
    bug: Bug,
    batch: &Batch,
    rows: &Rows,
    commit: impl Fn(&mut Rows, &Batch) -> Result<Committed, Error>,
) -> Option<Error> {
    match bug {
        Bug::LooksForParentsFirst => missing_parent(batch, rows),
        Bug::LooksAtTheLedgerLast => {
            let without_its_claim: Batch = batch.items().iter().cloned().collect();
            commit(&mut rows.clone(), &without_its_claim).err()
        }
        Bug::RefusesEmptyBatches if batch.items().is_empty() => {
            Some(Error::new(ErrorKind::Invalid, "the batch has no items"))
        }
        _ => None,
    }
}

fn missing_parent(batch: &Batch, rows: &Rows) -> Option<Error> {
    let [Item::Put(put)] = batch.items() else { return None };
    let missing = put.parents.held().find(|link| !rows.kept.contains_key(&link.parent))?;
    let conflict = Conflict::new(0, put.key.clone(), put.expectation.clone(), rows.head(&put.key));
    let cause = Cause::NoParent { link: missing.name.clone(), parent: missing.parent.clone() };
    Some(Error::rejected(vec![conflict.because(cause)]))
}

/// Each item as a batch of its own: all or nothing still, but each meets the touches of those before it.
pub(crate) fn one_by_one(
    batch: &Batch,
    rows: &mut Rows,
    commit: impl Fn(&mut Rows, &Batch) -> Result<Committed, Error>,
) -> Result<Committed, Error> {
    let mut copy = rows.clone();
    let mut told = Committed { items: [].into_iter().collect(), touched: Vec::new(), replay: Replay::Original };
    for (index, item) in batch.items().iter().enumerate() {
        let done = commit(&mut copy, &Batch::new().with(item.clone())).map_err(|error| at(index, &error))?;
        told.items.extend(done.items);
        told.touched.extend(done.touched);
    }
    *rows = copy;
    Ok(told)
}

fn at(index: usize, error: &Error) -> Error {
    let conflicts = error.conflicts().iter().cloned().map(|conflict| Conflict { item: index, ..conflict });
    Error::rejected(conflicts.collect())
}

/// A row in the ledger for what was refused.
pub(crate) fn record(batch: &Batch, rows: &mut Rows, now: SystemTime) {
    if let Some(claim) = batch.ledger() {
        let entry =
            LedgerEntry { fingerprint: claim.fingerprint, items: [].into_iter().collect(), touched: Vec::new() };
        rows.ledger.insert(claim.key.clone(), (entry, now + claim.keep_for));
    }
}
