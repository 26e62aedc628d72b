//! The head of each new state: its revision, its tag and its times.

use std::time::{Duration, SystemTime};

use super::Transaction;
use crate::{Error, ErrorKind, Head, Lock, Parents, Put, Strength};

/// The precision of the times in tags.
const INSTANT: Duration = Duration::from_micros(1);

/// A clock that stands or was set back must not give two states of a resource one time, nor the later an earlier one.
fn later_than(before: &Head, now: SystemTime) -> SystemTime {
    now.max(before.modified_at + INSTANT)
}

pub(super) fn created(transaction: &mut impl Transaction, put: &Put, date_strength: Strength, now: SystemTime) -> Head {
    let revision = transaction.draw_revision();
    Head {
        key: put.key.clone(),
        tag: put.plan.tag(revision, now),
        revision,
        edited: revision,
        created: revision,
        created_at: now,
        modified_at: now,
        date_strength,
        schema: put.schema,
        content: put.content,
        parents: put.parents.clone(),
    }
}

pub(super) fn replaced(
    transaction: &mut impl Transaction,
    put: &Put,
    before: &Head,
    now: SystemTime,
) -> Result<Head, Error> {
    let date_strength = strength_of_a_later_date(transaction, before, now)?;
    let revision = transaction.draw_revision();
    let modified_at = later_than(before, now);
    Ok(Head {
        tag: put.plan.tag_after(&before.tag, revision, modified_at),
        revision,
        edited: revision,
        modified_at,
        date_strength,
        schema: put.schema,
        content: put.content,
        parents: put.parents.clone(),
        key: before.key.clone(),
        created: before.created,
        created_at: before.created_at,
    })
}

/// The state of the same content after a touch: as new as that after a write (rule F3).
pub(super) fn touched(
    transaction: &mut impl Transaction,
    before: &Head,
    lock: Lock,
    now: SystemTime,
) -> Result<Head, Error> {
    let date_strength = strength_of_a_later_date(transaction, before, now)?;
    let revision = transaction.draw_revision();
    let modified_at = later_than(before, now);
    let tag = before.tag.touched(lock, revision, modified_at).ok_or_else(|| not_touchable(before))?;
    let edited = match lock {
        Lock::Family => revision,
        Lock::Own => before.edited,
    };
    Ok(Head { tag, revision, edited, modified_at, date_strength, ..before.clone() })
}

/// The state of the same document after the delete of a parent that cleared the link to it.
pub(super) fn detached(
    transaction: &mut impl Transaction,
    before: &Head,
    parents: Parents,
    now: SystemTime,
) -> Result<Head, Error> {
    Ok(Head { parents, ..touched(transaction, before, Lock::Family, now)? })
}

fn not_touchable(head: &Head) -> Error {
    let message = format!("{} has a tag that another server gave, so a child can't touch it", head.key);
    Error::new(ErrorKind::Misconfigured, message)
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

/// A new resource's date is a strong validator where nothing was removed in its second, so no former resource can have had
/// the same date (RFC 9110 §8.8.2.2).
pub(super) fn strength_after_removals(transaction: &mut impl Transaction, now: SystemTime) -> Result<Strength, Error> {
    let last_removal = transaction.last_removal()?;
    Ok(last_removal.map_or(Strength::Strong, |at| Head::date_strength_after(at, now)))
}
