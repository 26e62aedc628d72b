//! What a batch means, done once for every engine that can hold a transaction.

mod derived;
mod family;
mod heads;
mod plan;
mod planned;
mod write;

use std::time::SystemTime;

use bytes::Bytes;

use self::plan::Plan;
pub(crate) use self::plan::is_stored_already;
use crate::{
    Batch, ChangeLog, Committed, Error, ErrorKind, Head, Key, LedgerClaim, LedgerEntry, LedgerKey, Model, Replay,
    Revision, Written,
};

/// What an engine does inside one of its transactions, for [`commit`] to make batches of.
///
/// # Contract
/// What one call writes the next ones see; nobody else writes what this transaction has read, nor adds or removes a child of
/// a parent whose children it has read, until it ends; whoever began it makes all of it durable, or none.
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
///     // … and so on: `children`, `write_head`, `remove`, `last_removal`, `recall` and `record`.
/// #
/// #     fn children(&mut self, parent: &Key, limit: usize) -> Result<Vec<Head>, Error> {
/// #         let is_child = |row: &&Row| row.head.parents.held().any(|link| link.parent == *parent);
/// #         Ok(self.rows.values().filter(is_child).take(limit).map(|row| row.head.clone()).collect())
/// #     }
/// #
/// #     fn write_head(&mut self, head: &Head, _before: &Head) -> Result<(), Error> {
/// #         self.rows.entry(head.key.clone()).and_modify(|row| row.head = head.clone());
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

    /// The states of the resources that name `parent` by any link that holds, each once, `limit` of them at most.
    ///
    /// # Errors
    /// Faults of the engine.
    fn children(&mut self, parent: &Key, limit: usize) -> Result<Vec<Head>, Error>;

    /// Writes a state. `before` is the one that it replaces.
    ///
    /// # Errors
    /// Faults of the engine.
    fn write(&mut self, head: &Head, body: &Bytes, before: Option<&Head>) -> Result<(), Error>;

    /// Writes a state that has the document of `before`, which it replaces: after a touch by a child, or the delete of a
    /// parent.
    ///
    /// # Errors
    /// Faults of the engine.
    fn write_head(&mut self, head: &Head, before: &Head) -> Result<(), Error>;

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

    /// The document of a resource: of one whose model has a change log, for that log; of one that has fields which are derived
    /// from children, and of such a child. A store that has no change logs and lets nothing be derived need not have this.
    ///
    /// # Errors
    /// Faults of the engine.
    fn body(&mut self, key: &Key) -> Result<Option<Bytes>, Error> {
        let _ = key;
        Ok(None)
    }

    /// The model of this collection, whose fields of parents follow its resources: what the store's
    /// [`Environment`](crate::Environment::model) knows. A store that lets nothing be derived need not have this.
    fn model(&self, collection: &str) -> Option<&'static Model> {
        let _ = collection;
        None
    }

    /// The change log of a resource; `None` in a store that keeps none.
    ///
    /// # Errors
    /// Faults of the engine.
    fn changes(&mut self, key: &Key) -> Result<Option<ChangeLog>, Error> {
        let _ = key;
        Ok(None)
    }

    /// Keeps the change log of a resource that was just written or touched, for as long as the resource is there.
    ///
    /// # Errors
    /// Faults of the engine.
    fn keep_changes(&mut self, key: &Key, log: &ChangeLog) -> Result<(), Error> {
        let _ = (key, log);
        Ok(())
    }

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
/// #     fn children(&mut self, parent: &Key, limit: usize) -> Result<Vec<Head>, Error> {
/// #         let is_child = |row: &&Row| row.head.parents.held().any(|link| link.parent == *parent);
/// #         Ok(self.rows.values().filter(is_child).take(limit).map(|row| row.head.clone()).collect())
/// #     }
/// #
/// #     fn write_head(&mut self, head: &Head, _before: &Head) -> Result<(), Error> {
/// #         self.rows.entry(head.key.clone()).and_modify(|row| row.head = head.clone());
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
    let (items, touched) = plan.into_outcome();
    if let Some((claim, until)) = claim {
        let recorded = items.iter().map(|item| Written::new(item.effect, item.head.clone())).collect();
        let entry = LedgerEntry { fingerprint: claim.fingerprint, items: recorded, touched: touched.clone() };
        transaction.record(&claim.key, &entry, until)?;
    }
    Ok(Committed { items, touched, replay: Replay::Original })
}

fn end_of(claim: &LedgerClaim, now: SystemTime) -> Result<SystemTime, Error> {
    let too_long = || format!("an idempotency key can't be kept for {:?}", claim.keep_for);
    now.checked_add(claim.keep_for).ok_or_else(|| Error::new(ErrorKind::TooLarge, too_long()))
}

fn repeat(claim: &LedgerClaim, entry: LedgerEntry) -> Result<Committed, Error> {
    if entry.fingerprint == claim.fingerprint {
        return Ok(Committed { items: entry.items, touched: entry.touched, replay: Replay::Repeated });
    }
    let key = &claim.key.key;
    let message =
        format!("the idempotency key {key:?} was used for another request; choose a new key for a new request");
    Err(Error::new(ErrorKind::KeyReused, message))
}
