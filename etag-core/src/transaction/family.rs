//! What a batch means to the families of what it writes (rules F1 to F6).

use std::{collections::BTreeSet, time::SystemTime};

use super::{
    Transaction, heads,
    planned::{Part, Planned, Resource},
};
use crate::{Cause, Error, ErrorKind, Head, Key, Lock, OnDelete, ParentLink, Parents, Put, Touch};

/// The most levels of resources of one collection below each other.
const MOST_LEVELS: usize = 32;

/// The most resources that one delete takes along or detaches.
const MOST_RELATIVES: usize = 1_000;

/// The most children that are named where they keep a parent from being deleted.
const MOST_NAMED: usize = 10;

/// What is wrong with the parents that `put` names, for a resource that had the parents `before`. Every new parent is read,
/// and so held, whatever its children do to its tag: it must not go while the child comes (rule S9).
pub(super) fn fault_of_parents(
    transaction: &mut impl Transaction,
    planned: &mut Planned,
    put: &Put,
    before: Option<&Parents>,
) -> Result<Option<Cause>, Error> {
    for link in put.parents.held() {
        if before.is_some_and(|before| before.of_link(&link.name) == Some(&link.parent)) {
            continue;
        }
        if let Some(cause) = fault_of_parent(transaction, planned, &put.key, link)? {
            return Ok(Some(cause));
        }
    }
    Ok(None)
}

fn fault_of_parent(
    transaction: &mut impl Transaction,
    planned: &mut Planned,
    child: &Key,
    link: &ParentLink,
) -> Result<Option<Cause>, Error> {
    let (name, parent) = (link.name.clone(), link.parent.clone());
    if parent == *child {
        return Ok(Some(Cause::Cycle { link: name, parent }));
    }
    let place = planned.look_at(transaction, &parent)?;
    if planned.at(place).now.is_none() {
        return Ok(Some(Cause::NoParent { link: name, parent }));
    }
    // Types make no cycle, but that a model may be its own parent: only within one collection resources can.
    if parent.collection() != child.collection() {
        return Ok(None);
    }
    match levels_above(transaction, planned, child, &parent)? {
        Above::Child => Ok(Some(Cause::Cycle { link: name, parent })),
        Above::TooMany => Ok(Some(Cause::TooDeep { link: name, parent })),
        Above::Few => Ok(None),
    }
}

enum Above {
    Few,
    TooMany,
    Child,
}

fn levels_above(
    transaction: &mut impl Transaction,
    planned: &mut Planned,
    child: &Key,
    parent: &Key,
) -> Result<Above, Error> {
    let mut level = vec![parent.clone()];
    for _ in 0..MOST_LEVELS {
        let mut next = Vec::new();
        for key in &level {
            let place = planned.look_at(transaction, key)?;
            let above = planned.at(place).now.iter().flat_map(|head| head.parents.held());
            next.extend(
                above.filter(|link| link.parent.collection() == child.collection()).map(|link| link.parent.clone()),
            );
        }
        if next.contains(child) {
            return Ok(Above::Child);
        }
        if next.is_empty() {
            return Ok(Above::Few);
        }
        level = next;
    }
    Ok(Above::TooMany)
}

/// Deletes a resource and what its children's links say goes with it, or tells which children keep it.
pub(super) fn delete(
    transaction: &mut impl Transaction,
    planned: &mut Planned,
    place: usize,
    now: SystemTime,
) -> Result<Option<Cause>, Error> {
    let mut departure = Departure { before: Vec::new(), keepers: Vec::new() };
    departure.take(planned, place, None);
    let mut going = vec![planned.at(place).key.clone()];
    while let Some(parent) = going.pop() {
        for child in children_of(transaction, planned, &parent)? {
            going.extend(departure.part(transaction, planned, &parent, child, now)?);
        }
    }
    departure.keepers.retain(|&keeper| planned.at(keeper).now.is_some());
    if departure.keepers.is_empty() {
        return Ok(None);
    }
    let children = departure.keepers.iter().take(MOST_NAMED).map(|&keeper| planned.at(keeper).key.clone()).collect();
    departure.undo(planned);
    Ok(Some(Cause::HasChildren { children }))
}

/// The children that a resource will have by then.
fn children_of(transaction: &mut impl Transaction, planned: &mut Planned, parent: &Key) -> Result<Vec<usize>, Error> {
    for child in transaction.children(parent, MOST_RELATIVES + 1)? {
        planned.add_child(child);
    }
    let is_child = |place: &usize| {
        let now = &planned.at(*place).now;
        now.as_ref().is_some_and(|head| head.parents.held().any(|link| link.parent == *parent))
    };
    Ok((0..planned.len()).filter(is_child).collect())
}

/// A delete on its way through a family.
struct Departure {
    before: Vec<(usize, Option<Head>, Part)>,
    keepers: Vec<usize>,
}

impl Departure {
    fn take(&mut self, planned: &mut Planned, place: usize, now: Option<Head>) {
        let resource = planned.at_mut(place);
        self.before.push((place, resource.now.take(), resource.part));
        resource.now = now;
        resource.part = resource.part.overtaken();
    }

    fn undo(self, planned: &mut Planned) {
        for (place, now, part) in self.before.into_iter().rev() {
            let resource = planned.at_mut(place);
            (resource.now, resource.part) = (now, part);
        }
    }

    /// What the delete of `parent` does to a child, which is told where it goes, too.
    fn part(
        &mut self,
        transaction: &mut impl Transaction,
        planned: &mut Planned,
        parent: &Key,
        place: usize,
        now: SystemTime,
    ) -> Result<Option<Key>, Error> {
        let Some(child) = planned.at(place).now.clone() else { return Ok(None) };
        if self.before.len() > MOST_RELATIVES {
            return Err(too_many(&planned.at(self.before[0].0).key));
        }
        match strictest(&child.parents, parent) {
            OnDelete::Restrict => self.keepers.push(place),
            OnDelete::Cascade => {
                self.take(planned, place, None);
                return Ok(Some(child.key));
            }
            OnDelete::Detach => {
                let parents = child.parents.without(parent);
                let detached = heads::detached(transaction, &child, parents, now)?;
                self.take(planned, place, Some(detached));
            }
        }
        Ok(None)
    }
}

fn too_many(key: &Key) -> Error {
    let message =
        format!("the delete of {key} would change more than {MOST_RELATIVES} other resources; delete some first");
    Error::new(ErrorKind::TooLarge, message)
}

/// A child may have several links to one parent: who must keep it keeps it.
fn strictest(parents: &Parents, parent: &Key) -> OnDelete {
    let mut rules: Vec<_> =
        parents.held().filter(|link| link.parent == *parent).map(|link| link.rule.on_delete).collect();
    rules.sort_by_key(|rule| *rule as u8);
    rules.first().copied().unwrap_or(OnDelete::Detach)
}

/// Touches every ancestor that the planned changes touch, each once (rule F3).
pub(super) fn touch_ancestors(
    transaction: &mut impl Transaction,
    planned: &mut Planned,
    now: SystemTime,
) -> Result<(), Error> {
    let touches = planned.iter().flat_map(touches_of).collect();
    touch(transaction, planned, touches, now)
}

/// Touches these resources, and the ancestors that this touches in turn: each once, or once more where editors come to be
/// stale that were not.
pub(super) fn touch(
    transaction: &mut impl Transaction,
    planned: &mut Planned,
    mut touches: Vec<(Key, Lock)>,
    now: SystemTime,
) -> Result<(), Error> {
    let mut places = BTreeSet::new();
    while let Some((key, lock)) = touches.pop() {
        let place = planned.look_at(transaction, &key)?;
        let resource = planned.at_mut(place);
        let Some(head) = &resource.now else { continue };
        let before = resource.touch;
        if before == Some(Lock::Family) || before == Some(lock) {
            continue;
        }
        resource.touch = Some(lock);
        places.insert(place);
        if before.is_none() {
            touches.extend(head.parents.held().filter(|link| link.rule.touch == Touch::Content).map(touch_through));
        }
    }
    places.into_iter().try_for_each(|place| apply_touch(transaction, planned.at_mut(place), now))
}

pub(super) fn touch_through(link: &ParentLink) -> (Key, Lock) {
    (link.parent.clone(), link.rule.lock)
}

/// The parents that a resource's own change touches.
fn touches_of(resource: &Resource) -> Vec<(Key, Lock)> {
    if resource.part == Part::Bystander {
        return Vec::new();
    }
    let none = Parents::NONE;
    let parents = |head: &Option<Head>| head.as_ref().map_or_else(|| none.clone(), |head| head.parents.clone());
    let (before, after) = (parents(&resource.found), parents(&resource.now));
    let stayed = |link: &ParentLink, others: &Parents| {
        !resource.is_made_anew() && others.of_link(&link.name) == Some(&link.parent)
    };
    let is_changed = resource.found.as_ref().map(|head| head.revision) != resource.revision();
    let by_itself = |link: &&ParentLink| matches!(link.rule.touch, Touch::Structure | Touch::Content);
    let left = before.held().filter(|link| !stayed(link, &after)).filter(by_itself);
    let reached = after.held().filter(|link| match link.rule.touch {
        Touch::None | Touch::Derived => false,
        Touch::Structure => !stayed(link, &before),
        Touch::Content => is_changed,
    });
    left.chain(reached).map(touch_through).collect()
}

/// What was written anyhow has a new revision already, and a tag that was made of it; a digest has to count the touch.
fn apply_touch(transaction: &mut impl Transaction, resource: &mut Resource, now: SystemTime) -> Result<(), Error> {
    let (Some(lock), Some(head)) = (resource.touch, &mut resource.now) else { return Ok(()) };
    if resource.part == Part::Bystander {
        *head = heads::touched(transaction, head, lock, now)?;
    } else if let Some(tag) = head.tag.counted(head.revision) {
        head.tag = tag;
    }
    Ok(())
}
