//! What a batch means, done once for every engine that can hold a transaction.

use std::{
    collections::HashMap,
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use smallvec::SmallVec;

use crate::{
    Batch, Committed, Conflict, Delete, Effect, Error, ErrorKind, Expectation, Head, IfUnchanged, Item, Key,
    LedgerClaim, LedgerEntry, LedgerKey, Put, Replay, Revision, Strength, TagPlan, Written,
};

/// What an engine does inside one of its transactions, for [`commit`] to make batches of.
///
/// # Contract
/// What one call writes the next ones see; nobody else writes what this transaction has read until it ends; whoever began
/// it makes all of it durable, or none.
///
/// ```
/// use std::{collections::HashMap, time::SystemTime};
/// use bytes::Bytes;
/// use etag_core::*;
///
/// #[derive(Default)]
/// struct Rows {
///     rows: HashMap<Key, Row>,
///     drawn: u64,
///     removal: Option<SystemTime>,
///     ledger: HashMap<LedgerKey, (LedgerEntry, SystemTime)>,
/// }
///
/// impl Transaction for Rows {
///     fn head(&mut self, key: &Key) -> Result<Option<Head>, Error> {
///         Ok(self.rows.get(key).map(|row| row.head.clone()))
///     }
///
///     fn draw_revision(&mut self) -> Revision {
///         self.drawn += 1;
///         Revision::new(Epoch::from_bytes([7; 6]), self.drawn)
///     }
///
///     fn write(&mut self, head: &Head, body: &Bytes, _before: Option<&Head>) -> Result<(), Error> {
///         self.rows.insert(head.key.clone(), Row { head: head.clone(), body: body.clone() });
///         Ok(())
///     }
///     // … and so on: `remove`, `last_removal`, `recall` and `record`.
/// #
/// #     fn remove(&mut self, head: &Head, at: SystemTime) -> Result<(), Error> {
/// #         self.rows.remove(&head.key);
/// #         self.removal = self.removal.max(Some(at));
/// #         Ok(())
/// #     }
/// #
/// #     fn last_removal(&mut self) -> Result<Option<SystemTime>, Error> {
/// #         Ok(self.removal)
/// #     }
/// #
/// #     fn recall(&mut self, key: &LedgerKey, now: SystemTime) -> Result<Option<LedgerEntry>, Error> {
/// #         Ok(self.ledger.get(key).filter(|(_, until)| *until > now).map(|(entry, _)| entry.clone()))
/// #     }
/// #
/// #     fn record(&mut self, key: &LedgerKey, entry: &LedgerEntry, until: SystemTime) -> Result<(), Error> {
/// #         self.ledger.insert(key.clone(), (entry.clone(), until));
/// #         Ok(())
/// #     }
/// }
///
/// let batch = Batch::new().delete(Delete::new(Key::new("notes", "1"), Expectation::Exists));
/// let error = transaction::commit(&mut Rows::default(), &batch, SystemTime::now()).unwrap_err();
/// assert!(error.is_not_found());
/// ```
pub trait Transaction {
    /// The state of a resource.
    ///
    /// # Errors
    /// Faults of the engine, as for all methods.
    fn head(&mut self, key: &Key) -> Result<Option<Head>, Error>;

    /// A revision that was never drawn before, and will never be again. Only where the transaction ends without effect and
    /// nobody is told what came of its batches may it be.
    fn draw_revision(&mut self) -> Revision;

    /// Writes a state. `before` is the one that it replaces.
    ///
    /// # Errors
    /// Faults of the engine.
    fn write(&mut self, head: &Head, body: &Bytes, before: Option<&Head>) -> Result<(), Error>;

    /// Removes a resource, and remembers `at` as the time of a removal.
    ///
    /// # Errors
    /// Faults of the engine.
    fn remove(&mut self, head: &Head, at: SystemTime) -> Result<(), Error>;

    /// The latest of the times at which resources of the store were removed; one that is too late is safe.
    ///
    /// # Errors
    /// Faults of the engine.
    fn last_removal(&mut self) -> Result<Option<SystemTime>, Error>;

    /// The ledger's row under `key`, if it is kept still at `now`.
    ///
    /// # Errors
    /// Faults of the engine.
    fn recall(&mut self, key: &LedgerKey, now: SystemTime) -> Result<Option<LedgerEntry>, Error>;

    /// Adds a row to the ledger, kept until `until`, in place of one that is no longer kept.
    ///
    /// # Errors
    /// Faults of the engine.
    fn record(&mut self, key: &LedgerKey, entry: &LedgerEntry, until: SystemTime) -> Result<(), Error>;
}

/// Does `batch` inside `transaction`: looks at the ledger, then at every expectation, and writes only where all are met.
///
/// # Errors
/// [`Error::rejected`] with every conflict, [`ErrorKind::KeyReused`], [`ErrorKind::TooLarge`] where the ledger can't keep
/// a row for so long, or a fault of the engine. Except after a fault the transaction has written nothing for this batch,
/// so others may share it.
///
/// A conflict may tell of a state that an earlier item of the batch would have left, and so of its revision, which was
/// drawn: it must not be drawn again although nothing was written.
///
/// ```
/// # use std::{collections::HashMap, time::SystemTime};
/// # use bytes::Bytes;
/// # use etag_core::*;
/// #
/// # #[derive(Default)]
/// # struct Rows {
/// #     rows: HashMap<Key, Row>,
/// #     drawn: u64,
/// #     removal: Option<SystemTime>,
/// #     ledger: HashMap<LedgerKey, (LedgerEntry, SystemTime)>,
/// # }
/// #
/// # impl Transaction for Rows {
/// #     fn head(&mut self, key: &Key) -> Result<Option<Head>, Error> {
/// #         Ok(self.rows.get(key).map(|row| row.head.clone()))
/// #     }
/// #
/// #     fn draw_revision(&mut self) -> Revision {
/// #         self.drawn += 1;
/// #         Revision::new(Epoch::from_bytes([7; 6]), self.drawn)
/// #     }
/// #
/// #     fn write(&mut self, head: &Head, body: &Bytes, _before: Option<&Head>) -> Result<(), Error> {
/// #         self.rows.insert(head.key.clone(), Row { head: head.clone(), body: body.clone() });
/// #         Ok(())
/// #     }
/// #
/// #     fn remove(&mut self, head: &Head, at: SystemTime) -> Result<(), Error> {
/// #         self.rows.remove(&head.key);
/// #         self.removal = self.removal.max(Some(at));
/// #         Ok(())
/// #     }
/// #
/// #     fn last_removal(&mut self) -> Result<Option<SystemTime>, Error> {
/// #         Ok(self.removal)
/// #     }
/// #
/// #     fn recall(&mut self, key: &LedgerKey, now: SystemTime) -> Result<Option<LedgerEntry>, Error> {
/// #         Ok(self.ledger.get(key).filter(|(_, until)| *until > now).map(|(entry, _)| entry.clone()))
/// #     }
/// #
/// #     fn record(&mut self, key: &LedgerKey, entry: &LedgerEntry, until: SystemTime) -> Result<(), Error> {
/// #         self.ledger.insert(key.clone(), (entry.clone(), until));
/// #         Ok(())
/// #     }
/// # }
/// # let mut engine = Rows::default();
/// let (key, content) = (Key::new("notes", "1"), ContentDigest::from_bytes([1; 16]));
/// let put = Put::new(key, Expectation::Absent, TagPlan::Revision, content, 1, r#"{"text":"milk"}"#.into());
/// let batch = Batch::new().put(put);
///
/// // `engine` implements `Transaction`.
/// let done = transaction::commit(&mut engine, &batch, SystemTime::now())?;
/// assert_eq!(done.items[0].effect, Effect::Created);
/// let again = transaction::commit(&mut engine, &batch, SystemTime::now());
/// assert!(again.unwrap_err().is_already_exists());
/// # Ok::<(), etag_core::Error>(())
/// ```
pub fn commit(transaction: &mut impl Transaction, batch: &Batch, now: SystemTime) -> Result<Committed, Error> {
    let claim = batch.ledger().map(|claim| end_of(claim, now).map(|until| (claim, until))).transpose()?;
    if let Some((claim, _)) = claim
        && let Some(entry) = transaction.recall(&claim.key, now)?
    {
        return repeat(claim, entry);
    }
    let plan = Plan::of(transaction, batch.items(), now)?;
    plan.write(transaction, now)?;
    let items = plan.into_written();
    if let Some((claim, until)) = claim {
        let entry = LedgerEntry { fingerprint: claim.fingerprint, items: items.clone() };
        transaction.record(&claim.key, &entry, until)?;
    }
    Ok(Committed { items, replay: Replay::Original })
}

fn end_of(claim: &LedgerClaim, now: SystemTime) -> Result<SystemTime, Error> {
    let too_long = || format!("an idempotency key can't be kept for {:?}", claim.keep_for);
    now.checked_add(claim.keep_for).ok_or_else(|| Error::new(ErrorKind::TooLarge, too_long()))
}

fn repeat(claim: &LedgerClaim, entry: LedgerEntry) -> Result<Committed, Error> {
    if entry.fingerprint == claim.fingerprint {
        return Ok(Committed { items: entry.items, replay: Replay::Repeated });
    }
    let key = &claim.key.key;
    let message =
        format!("the idempotency key {key:?} was used for another request; choose a new key for a new request");
    Err(Error::new(ErrorKind::KeyReused, message))
}

/// The longest batch whose steps are looked through for a key; a longer one has a table.
const FEW: usize = 16;

/// What each item will do, found out before anything is written.
struct Plan<'a> {
    steps: SmallVec<[Step<'a>; 1]>,
    /// The last step that changed each resource; only in a batch of more than a few.
    changes: Option<HashMap<&'a Key, usize>>,
}

struct Step<'a> {
    item: &'a Item,
    before: Option<Head>,
    outcome: Outcome,
}

enum Outcome {
    Done(Written),
    Failed,
}

impl Step<'_> {
    /// What this step did, if it is about `key` and changed something.
    fn change_of(&self, key: &Key) -> Option<&Written> {
        let Outcome::Done(written) = &self.outcome else { return None };
        (written.effect.is_change() && self.item.key() == key).then_some(written)
    }

    fn revision_left(&self) -> Option<Revision> {
        let Outcome::Done(Written { effect, head: Some(head) }) = &self.outcome else { return None };
        (*effect != Effect::Deleted).then_some(head.revision)
    }
}

impl<'a> Plan<'a> {
    fn of(transaction: &mut impl Transaction, items: &'a [Item], now: SystemTime) -> Result<Self, Error> {
        let changes = (items.len() > FEW).then(HashMap::new);
        let mut plan = Self { steps: SmallVec::with_capacity(items.len()), changes };
        let mut conflicts = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let before = plan.state_before(transaction, item.key())?;
            let outcome = if plan.is_met(item, before.as_ref()) {
                Outcome::Done(plan.outcome(transaction, item, before.as_ref(), now)?)
            } else {
                if !plan.follows_a_failure(item) {
                    conflicts.push(conflict(index, item, before.clone()));
                }
                Outcome::Failed
            };
            plan.push(Step { item, before, outcome });
        }
        if conflicts.is_empty() { Ok(plan) } else { Err(Error::rejected(conflicts)) }
    }

    fn push(&mut self, step: Step<'a>) {
        let key = step.item.key();
        if let Some(changes) = &mut self.changes
            && step.change_of(key).is_some()
        {
            changes.insert(key, self.steps.len());
        }
        self.steps.push(step);
    }

    fn last_change_of(&self, key: &Key) -> Option<&Written> {
        match &self.changes {
            Some(changes) => changes.get(key).and_then(|&index| self.steps[index].change_of(key)),
            None => self.steps.iter().rev().find_map(|step| step.change_of(key)),
        }
    }

    /// The state at the batch's start as changed by the steps so far.
    fn state_before(&self, transaction: &mut impl Transaction, key: &Key) -> Result<Option<Head>, Error> {
        match self.last_change_of(key) {
            Some(Written { effect: Effect::Deleted, .. }) => Ok(None),
            Some(written) => Ok(written.head.clone()),
            None => transaction.head(key),
        }
    }

    fn is_met(&self, item: &Item, before: Option<&Head>) -> bool {
        let may_be_absent = !matches!(item, Item::Delete(_)) || before.is_some();
        let left = |index: usize| self.steps.get(index).and_then(Step::revision_left);
        may_be_absent && !self.builds_on_nothing(item) && item.expectation().is_met_by(before, left)
    }

    /// Whether the item builds on one that failed, so that it is not itself to blame.
    fn follows_a_failure(&self, item: &Item) -> bool {
        let Expectation::LeftBy(index) = item.expectation() else { return false };
        self.steps.get(*index).is_some_and(|step| matches!(step.outcome, Outcome::Failed))
    }

    /// Whether the item builds on one that is no earlier one, or one that failed: neither left a state, not even none.
    fn builds_on_nothing(&self, item: &Item) -> bool {
        let Expectation::LeftBy(index) = item.expectation() else { return false };
        !self.steps.get(*index).is_some_and(|step| matches!(step.outcome, Outcome::Done(_)))
    }

    fn outcome(
        &self,
        transaction: &mut impl Transaction,
        item: &Item,
        before: Option<&Head>,
        now: SystemTime,
    ) -> Result<Written, Error> {
        match (item, before) {
            (Item::Put(put), Some(before)) if is_stored_already(put, before) => {
                Ok(Written { effect: Effect::Unchanged, head: Some(before.clone()) })
            }
            (Item::Put(put), Some(before)) => {
                demand_a_new_opaque_tag(put, before)?;
                let strength = strength_of_a_later_date(transaction, before, now)?;
                let head = replaced(transaction, put, before, strength, now);
                Ok(Written { effect: Effect::Replaced, head: Some(head) })
            }
            (Item::Put(put), None) => {
                let strength = self.strength_of_a_new_date(transaction, &put.key, now)?;
                Ok(Written { effect: Effect::Created, head: Some(created(transaction, put, strength, now)) })
            }
            (Item::Delete(Delete { .. }), before) => Ok(Written { effect: Effect::Deleted, head: before.cloned() }),
            (Item::Check(_), before) => Ok(Written { effect: Effect::Checked, head: before.cloned() }),
        }
    }

    /// A new resource's date is a strong validator where nothing was removed in its second, so no former resource can
    /// have had the same date (RFC 9110 §8.8.2.2).
    fn strength_of_a_new_date(
        &self,
        transaction: &mut impl Transaction,
        key: &Key,
        now: SystemTime,
    ) -> Result<Strength, Error> {
        if self.last_change_of(key).is_some() {
            return Ok(Strength::Weak);
        }
        strength_after_removals(transaction, now)
    }

    fn write(&self, transaction: &mut impl Transaction, now: SystemTime) -> Result<(), Error> {
        for Step { item, before, outcome } in &self.steps {
            let Outcome::Done(Written { effect, head: Some(head) }) = outcome else { continue };
            match (item, effect) {
                (Item::Put(put), Effect::Created | Effect::Replaced) => {
                    transaction.write(head, &put.body, before.as_ref())?;
                }
                // A clock that was set back must not make the removal earlier than what was removed.
                (Item::Delete(_), _) => transaction.remove(head, now.max(head.modified_at))?,
                _ => {}
            }
        }
        Ok(())
    }

    fn into_written(self) -> SmallVec<[Written; 1]> {
        let done = |step: Step<'_>| match step.outcome {
            Outcome::Done(written) => Some(written),
            Outcome::Failed => None,
        };
        self.steps.into_iter().filter_map(done).collect()
    }
}

fn conflict(index: usize, item: &Item, met: Option<Head>) -> Conflict {
    Conflict { item: index, key: item.key().clone(), expectation: item.expectation().clone(), met }
}

/// Equal content, under the same schema, that would not be tagged otherwise (rule P7).
fn is_stored_already(put: &Put, before: &Head) -> bool {
    put.if_unchanged == IfUnchanged::Keep
        && put.content == before.content
        && put.schema == before.schema
        && put.plan.keeps(&before.tag)
}

/// A strong tag that another server gave names one state for ever: changed content under it would let a write pass that
/// was made from the former one.
fn demand_a_new_opaque_tag(put: &Put, before: &Head) -> Result<(), Error> {
    let TagPlan::Opaque(etag) = &put.plan else { return Ok(()) };
    if etag.is_weak() || put.content == before.content || *etag != before.tag.0 {
        return Ok(());
    }
    let message =
        format!("{} changes under the tag {etag}; give the changed value the tag its server gave it", put.key);
    Err(Error::new(ErrorKind::Invalid, message))
}

/// A strong date is later than all that were before it. A weak one may be earlier than the date of a former resource, and
/// so may then be the next.
fn strength_of_a_later_date(
    transaction: &mut impl Transaction,
    before: &Head,
    now: SystemTime,
) -> Result<Strength, Error> {
    match (Head::date_strength_after(before.modified_at, now), before.date_strength) {
        (Strength::Strong, Strength::Weak) => strength_after_removals(transaction, now),
        (strength, _) => Ok(strength),
    }
}

fn strength_after_removals(transaction: &mut impl Transaction, now: SystemTime) -> Result<Strength, Error> {
    let last_removal = transaction.last_removal()?;
    Ok(last_removal.map_or(Strength::Strong, |at| Head::date_strength_after(at, now)))
}

/// The precision of the times in tags.
const INSTANT: Duration = Duration::from_micros(1);

fn replaced(
    transaction: &mut impl Transaction,
    put: &Put,
    before: &Head,
    date_strength: Strength,
    now: SystemTime,
) -> Head {
    let revision = transaction.draw_revision();
    // A clock that stands or was set back must not give two states of a resource one time, nor the later an earlier one.
    let modified_at = now.max(before.modified_at + INSTANT);
    Head {
        key: put.key.clone(),
        tag: put.plan.tag(revision, modified_at),
        revision,
        created: before.created,
        created_at: before.created_at,
        modified_at,
        date_strength,
        schema: put.schema,
        content: put.content,
    }
}

fn created(transaction: &mut impl Transaction, put: &Put, date_strength: Strength, now: SystemTime) -> Head {
    let revision = transaction.draw_revision();
    Head {
        key: put.key.clone(),
        tag: put.plan.tag(revision, now),
        revision,
        created: revision,
        created_at: now,
        modified_at: now,
        date_strength,
        schema: put.schema,
        content: put.content,
    }
}
