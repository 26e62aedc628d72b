//! The writes of a plan: one for each resource, however many items changed it.

use std::time::SystemTime;

use bytes::Bytes;

use super::{Transaction, plan::Plan, planned::Resource};
use crate::{ChangeLog, Error, Head, changes::paths::changed_paths_of_documents};

impl Plan {
    pub(super) fn write(&self, transaction: &mut impl Transaction, now: SystemTime) -> Result<(), Error> {
        self.planned.iter().try_for_each(|resource| write(transaction, resource, now))
    }
}

fn write(transaction: &mut impl Transaction, resource: &Resource, now: SystemTime) -> Result<(), Error> {
    let Resource { found, now: state, .. } = resource;
    match (found, state) {
        (None, Some(state)) => create(transaction, resource, state),
        (Some(found), None) => remove(transaction, found, now),
        (Some(found), Some(state)) if resource.is_made_anew() => {
            remove(transaction, found, now)?;
            create(transaction, resource, state)
        }
        (Some(found), Some(state)) if found.revision != state.revision => replace(transaction, resource, state, found),
        _ => Ok(()),
    }
}

/// The change log begins with the state itself, so that touches alone are told from changes that are not known (rule B2).
fn create(transaction: &mut impl Transaction, resource: &Resource, state: &Head) -> Result<(), Error> {
    transaction.write(state, &resource.body.clone().unwrap_or_default(), None)?;
    if resource.changes.is_none() {
        return Ok(());
    }
    transaction.keep_changes(&state.key, &ChangeLog::since(&state.tag, resource.changes))
}

/// A clock that was set back must not make the removal earlier than what was removed.
fn remove(transaction: &mut impl Transaction, found: &Head, now: SystemTime) -> Result<(), Error> {
    transaction.remove(found, now.max(found.modified_at))
}

fn replace(transaction: &mut impl Transaction, resource: &Resource, state: &Head, found: &Head) -> Result<(), Error> {
    if let Some(body) = &resource.body {
        let log = next_log(transaction, resource, state, found, body)?;
        transaction.write(state, body, Some(found))?;
        log.map_or(Ok(()), |log| transaction.keep_changes(&state.key, &log))
    } else {
        transaction.write_head(state, found)?;
        note_version(transaction, state, found)
    }
}

/// A touch leaves a version, too: without it nobody could tell its tag from one that was never given. Where there is no log,
/// or one that does not know what was found, there is nothing to go on with.
fn note_version(transaction: &mut impl Transaction, state: &Head, found: &Head) -> Result<(), Error> {
    let Some(mut log) = transaction.changes(&state.key)?.filter(|log| log.ends_with(&found.tag)) else { return Ok(()) };
    if log.ends_with(&state.tag) {
        return Ok(());
    }
    log.push_unchanged(&state.tag);
    transaction.keep_changes(&state.key, &log)
}

/// The change log with this change, where the model has one (rule B2).
fn next_log(
    transaction: &mut impl Transaction,
    resource: &Resource,
    state: &Head,
    found: &Head,
    body: &Bytes,
) -> Result<Option<ChangeLog>, Error> {
    if resource.changes.is_none() {
        return Ok(None);
    }
    let Some(before) = transaction.body(&state.key)? else { return Ok(None) };
    let known = transaction.changes(&state.key)?.filter(|log| log.ends_with(&found.tag));
    let begun_here = || ChangeLog::since(&found.tag, resource.changes);
    // Who writes a resource says how much is remembered of it, and not a child that it follows.
    let goes_on = |log: ChangeLog| if resource.part.is_written() { log.under(resource.changes) } else { log };
    let mut log = known.map_or_else(begun_here, goes_on);
    log.push(&state.tag, changed_paths_of_documents(&before, body, resource.changes.depth));
    Ok(Some(log))
}
