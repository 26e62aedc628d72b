//! The states that a unit is about to leave, as far as they can be known before its commit.

use std::time::{Duration, SystemTime};

use crate::{Head, Item, Put, Revision, Row, StoredTag, Strength, TagPlan, transaction::is_stored_already};

/// One planned item, with what its state is known by until the commit.
pub(super) struct Step<'a> {
    pub(super) item: &'a Item,
    pub(super) revision: Revision,
    pub(super) at: SystemTime,
}

/// What is left of `stored` after these steps.
pub(super) fn left<'a>(stored: Option<Row>, steps: impl Iterator<Item = Step<'a>>) -> Option<Row> {
    steps.fold(stored, |state, Step { item, revision, at }| match item {
        Item::Put(put) => Some(put_on(state, put, revision, at)),
        Item::Delete(_) => None,
        Item::Check(_) => state,
    })
}

fn put_on(state: Option<Row>, put: &Put, revision: Revision, at: SystemTime) -> Row {
    let Some(row) = state else { return Row { head: created(put, revision, at), body: put.body.clone() } };
    if is_stored_already(put, &row.head) {
        return row;
    }
    // Where only the head was asked for there is no document to keep anything of.
    let completed = put.keep_derived.and_then(|keep_derived| keep_derived(&put.body, &row).ok());
    let body = completed.unwrap_or_else(|| put.body.clone());
    Row { head: replaced(row.head, put, revision, at), body }
}

fn replaced(before: Head, put: &Put, revision: Revision, at: SystemTime) -> Head {
    Head {
        tag: tag(put, Some(&before.tag), revision, at),
        revision,
        edited: revision,
        modified_at: at.max(before.modified_at + Duration::from_micros(1)),
        date_strength: Strength::Weak,
        schema: put.schema,
        content: put.content,
        parents: put.parents.clone(),
        ..before
    }
}

fn created(put: &Put, revision: Revision, at: SystemTime) -> Head {
    Head {
        key: put.key.clone(),
        tag: tag(put, None, revision, at),
        revision,
        edited: revision,
        created: revision,
        created_at: at,
        modified_at: at,
        date_strength: Strength::Weak,
        schema: put.schema,
        content: put.content,
        parents: put.parents.clone(),
    }
}

/// The tag of a time would be taken for one of a stored state; the other kinds are made of the provisional revision, or are
/// the ones that the commit will make.
fn tag(put: &Put, before: Option<&StoredTag>, revision: Revision, at: SystemTime) -> StoredTag {
    match (&put.plan, before) {
        (TagPlan::LastModified, _) => TagPlan::Revision.tag(revision, at),
        (plan, Some(before)) => plan.tag_after(before, revision, at),
        (plan, None) => plan.tag(revision, at),
    }
}
