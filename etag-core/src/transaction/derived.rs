//! Fields of parents that follow what a batch does to their children (rule F5).
//!
//! Each child tells its parents of the step from one state to the next. A parent that thereby has another document tells
//! its own parents, until nobody has anything new to tell: resources make no cycle.

use std::{
    collections::{HashMap, VecDeque},
    time::SystemTime,
};

use bytes::Bytes;

use super::{
    Transaction,
    family::{self, touch_through},
    planned::{Completion, Part, Planned, Resource, unread},
};
use crate::{Derive, Derives, Error, ErrorKind, Head, Key, Link, ParentLink, Parents, Put, Row, Touch};

/// The document of a put with what is stored in its derived fields, where its model has some.
pub(super) fn completed(
    transaction: &mut impl Transaction,
    resource: &Resource,
    put: &Put,
) -> Result<Option<Bytes>, Error> {
    let (Some(keep_derived), Some(head)) = (put.keep_derived, &resource.now) else { return Ok(None) };
    let stored = Row { head: head.clone(), body: resource.document(transaction)? };
    keep_derived(&put.body, &stored).map(Some)
}

pub(super) fn follow_children(
    transaction: &mut impl Transaction,
    planned: &mut Planned,
    now: SystemTime,
) -> Result<(), Error> {
    let mut waiting: VecDeque<usize> = (0..planned.len()).filter(|&place| is_followed(planned.at(place))).collect();
    let mut told = HashMap::new();
    while let Some(place) = waiting.pop_front() {
        let step = Step::of(transaction, planned.at(place), told.remove(&place))?;
        for link in step.followers() {
            let parent = planned.look_at(transaction, &link.parent)?;
            if !follow(transaction, planned.at_mut(parent), &step, &link.name)? {
                continue;
            }
            if link.rule.touch == Touch::Derived {
                family::touch(transaction, planned, vec![touch_through(&link)], now)?;
            }
            if !waiting.contains(&parent) {
                waiting.push_back(parent);
            }
        }
        told.insert(place, Told(step.after));
    }
    Ok(())
}

fn is_followed(resource: &Resource) -> bool {
    let has_followers =
        |head: &Option<Head>| head.as_ref().is_some_and(|head| followers(&head.parents).next().is_some());
    let is_changed = resource.found.as_ref().map(|head| head.revision) != resource.revision();
    resource.part != Part::Bystander && is_changed && (has_followers(&resource.found) || has_followers(&resource.now))
}

/// The links to the parents of which fields follow the child.
fn followers(parents: &Parents) -> impl Iterator<Item = &ParentLink> {
    parents.held().filter(|link| link.rule.derives == Derives::Fields)
}

/// The state of which a child's parents know.
struct Told(Option<Row>);

/// A child's way from the state that its parents know to the one that it has.
struct Step {
    key: Key,
    before: Option<Row>,
    after: Option<Row>,
    beginning: Beginning,
}

/// Where a step begins.
#[derive(PartialEq, Eq)]
enum Beginning {
    /// With the state that was found, of which a parent that was made since knows nothing.
    Found,
    /// With a state of this batch.
    Told,
}

impl Step {
    fn of(transaction: &mut impl Transaction, child: &Resource, told: Option<Told>) -> Result<Self, Error> {
        let (before, beginning) = match (told, &child.found) {
            (Some(Told(state)), _) => (state, Beginning::Told),
            (None, Some(head)) => (Some(found(transaction, head)?), Beginning::Found),
            (None, None) => (None, Beginning::Found),
        };
        let row = |head: &Head, body| Row { head: head.clone(), body };
        let after = match &child.now {
            Some(head) => Some(row(head, child.document(transaction)?)),
            None => None,
        };
        Ok(Self { key: child.key.clone(), before, after, beginning })
    }

    /// Each parent that follows the child before or after, by each of its links once. Of a link that stays the new rule is
    /// the one that counts.
    fn followers(&self) -> Vec<ParentLink> {
        let of = |row: &Option<Row>| row.as_ref().map(|row| row.head.parents.clone()).unwrap_or_default();
        let (before, after) = (of(&self.before), of(&self.after));
        let is_among = |all: &[&ParentLink], link: &ParentLink| {
            all.iter().any(|known| known.name == link.name && known.parent == link.parent)
        };
        let after: Vec<_> = followers(&after).collect();
        let left = followers(&before).filter(|link| !is_among(&after, link));
        left.chain(after.iter().copied()).cloned().collect()
    }
}

/// The document of a state that was found: nothing is written yet.
fn found(transaction: &mut impl Transaction, head: &Head) -> Result<Row, Error> {
    let body = transaction.body(&head.key)?.ok_or_else(|| unread(&head.key))?;
    Ok(Row { head: head.clone(), body })
}

/// Lets a parent follow the child by the link `name`; tells whether its document is another one since.
fn follow(transaction: &mut impl Transaction, parent: &mut Resource, step: &Step, name: &str) -> Result<bool, Error> {
    let Some(head) = parent.now.clone() else { return Ok(false) };
    let knows_the_beginning =
        step.beginning == Beginning::Told || parent.found.as_ref().is_some_and(|found| found.created == head.created);
    let is_here = |row: &&Row| followers(&row.head.parents).any(|link| link.name == name && link.parent == head.key);
    let before = step.before.as_ref().filter(is_here).filter(|_| knows_the_beginning);
    let after = step.after.as_ref().filter(is_here);
    if before.is_none() && after.is_none() {
        return Ok(false);
    }
    let row = Row { head, body: parent.document(transaction)? };
    let Some((link, derive)) = link(transaction, &step.key, name)? else { return Ok(false) };
    let document = derive(&row, before, after)?;
    if document == row.body {
        return Ok(false);
    }
    let model = (link.parent)();
    if let Some(head) = &mut parent.now {
        head.schema = head.schema.max(model.schema);
    }
    if parent.changes.is_none() {
        parent.changes = model.changes;
    }
    parent.body = Some(document);
    parent.completion = Completion::Derived;
    Ok(true)
}

/// The child's link and what is done by it; `None` where its model derives nothing by it any more.
fn link(transaction: &impl Transaction, child: &Key, name: &str) -> Result<Option<(&'static Link, Derive)>, Error> {
    let model = transaction.model(child.collection()).ok_or_else(|| unknown(child, name))?;
    Ok(model.link(name).and_then(|link| Some((link, link.derive?))))
}

fn unknown(child: &Key, name: &str) -> Error {
    let message = format!(
        "fields of the {name} of {child} follow it, and the store was not told of the model of {:?}; \
         tell its environment with `learn`",
        child.collection()
    );
    Error::new(ErrorKind::Misconfigured, message)
}
