//! What each item of a batch will do, found out before anything is written (rules S1, B1).

use std::time::SystemTime;

use smallvec::SmallVec;

use super::{
    Transaction, derived, family, heads,
    planned::{Completion, Part, Planned, Resource},
};
use crate::{
    Cause, Conflict, Effect, Error, ErrorKind, Expectation, Head, IfUnchanged, Item, Key, Put, Revision, Strength,
    TagPlan, Touched, Written,
};

pub(super) struct Plan {
    pub(super) planned: Planned,
    /// What became of each item; `None` of those that failed.
    steps: SmallVec<[Option<Written>; 1]>,
}

impl Plan {
    pub(super) fn of(transaction: &mut impl Transaction, items: &[Item], now: SystemTime) -> Result<Self, Error> {
        let mut plan = Self { planned: Planned::default(), steps: SmallVec::with_capacity(items.len()) };
        let mut conflicts = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let step = match plan.step(transaction, item, now)? {
                Ok(written) => Some(written),
                Err(cause) => {
                    if !plan.follows_a_failure(item) {
                        conflicts.push(plan.conflict(transaction, index, item, cause)?);
                    }
                    None
                }
            };
            plan.steps.push(step);
        }
        if !conflicts.is_empty() {
            return Err(Error::rejected(conflicts));
        }
        family::touch_ancestors(transaction, &mut plan.planned, now)?;
        derived::follow_children(transaction, &mut plan.planned, now)?;
        Ok(plan)
    }

    fn step(
        &mut self,
        transaction: &mut impl Transaction,
        item: &Item,
        now: SystemTime,
    ) -> Result<Result<Written, Cause>, Error> {
        let place = self.planned.look_at(transaction, item.key())?;
        if !self.is_met(item, self.planned.at(place).now.as_ref()) {
            return Ok(Err(Cause::State));
        }
        match item {
            Item::Put(put) => self.put(transaction, place, put, now),
            Item::Delete(_) => self.delete(transaction, place, now),
            Item::Check(_) => Ok(Ok(Written::new(Effect::Checked, self.planned.at(place).now.clone()))),
        }
    }

    fn is_met(&self, item: &Item, state: Option<&Head>) -> bool {
        let may_be_absent = !matches!(item, Item::Delete(_)) || state.is_some();
        let left = |index: usize| self.steps.get(index).and_then(Option::as_ref).and_then(revision_left);
        may_be_absent && !self.builds_on_nothing(item) && item.expectation().is_met_by(state, item.compares(), left)
    }

    /// Whether the item builds on one that failed, so that it is not itself to blame.
    fn follows_a_failure(&self, item: &Item) -> bool {
        let Expectation::LeftBy(index) = item.expectation() else { return false };
        self.steps.get(*index).is_some_and(Option::is_none)
    }

    /// Whether the item builds on one that is no earlier one, or one that failed: neither left a state, not even none.
    fn builds_on_nothing(&self, item: &Item) -> bool {
        let Expectation::LeftBy(index) = item.expectation() else { return false };
        !self.steps.get(*index).is_some_and(Option::is_some)
    }

    fn put(
        &mut self,
        transaction: &mut impl Transaction,
        place: usize,
        put: &Put,
        now: SystemTime,
    ) -> Result<Result<Written, Cause>, Error> {
        let before = self.planned.at(place).now.clone();
        if let Some(before) = before.as_ref().filter(|before| is_stored_already(put, before)) {
            let body = put.keep_derived.map(|_| self.planned.at(place).document(transaction)).transpose()?;
            return Ok(Ok(Written { effect: Effect::Unchanged, head: Some(before.clone()), body }));
        }
        if !put.parents.is_empty() {
            let parents = before.as_ref().map(|before| &before.parents);
            if let Some(cause) = family::fault_of_parents(transaction, &mut self.planned, put, parents)? {
                return Ok(Err(cause));
            }
        }
        let completed = derived::completed(transaction, self.planned.at(place), put)?;
        let (effect, head) = if let Some(before) = &before {
            demand_a_new_opaque_tag(put, before)?;
            (Effect::Replaced, heads::replaced(transaction, put, before, now)?)
        } else {
            let strength = self.strength_of_a_new_date(transaction, place, now)?;
            (Effect::Created, heads::created(transaction, put, strength, now))
        };
        let resource = self.planned.at_mut(place);
        resource.part = Part::Written;
        resource.body = Some(completed.clone().unwrap_or_else(|| put.body.clone()));
        resource.changes = put.changes;
        resource.now = Some(head.clone());
        Ok(Ok(Written { effect, head: Some(head), body: completed }))
    }

    /// What this batch deleted has had the same second.
    fn strength_of_a_new_date(
        &self,
        transaction: &mut impl Transaction,
        place: usize,
        now: SystemTime,
    ) -> Result<Strength, Error> {
        match self.planned.at(place).part {
            Part::Bystander => heads::strength_after_removals(transaction, now),
            Part::Relative | Part::Written | Part::Overtaken => Ok(Strength::Weak),
        }
    }

    fn delete(
        &mut self,
        transaction: &mut impl Transaction,
        place: usize,
        now: SystemTime,
    ) -> Result<Result<Written, Cause>, Error> {
        let before = self.planned.at(place).now.clone();
        if let Some(cause) = family::delete(transaction, &mut self.planned, place, now)? {
            return Ok(Err(cause));
        }
        self.planned.at_mut(place).part = Part::Written;
        Ok(Ok(Written::new(Effect::Deleted, before)))
    }

    fn conflict(
        &self,
        transaction: &mut impl Transaction,
        index: usize,
        item: &Item,
        cause: Cause,
    ) -> Result<Conflict, Error> {
        let resource = self.planned.iter().find(|one| one.key == *item.key());
        let (met, found) = resource.map_or((None, None), |one| (one.now.clone(), one.found.as_ref()));
        let mut conflict = Conflict::new(index, item.key().clone(), item.expectation().clone(), met).because(cause);
        if let (Cause::State, Some(_), Expectation::Matches(demanded)) =
            (&conflict.cause, &conflict.met, &conflict.expectation)
            && let [tag] = &demanded.tags[..]
        {
            let log = transaction.changes(item.key())?;
            conflict.changed = log.zip(found).and_then(|(log, found)| log.fields_since(tag, &found.tag));
        }
        Ok(conflict)
    }

    /// What each item did, with the tags that stand in the end, and what else changed.
    pub(super) fn into_outcome(self) -> (SmallVec<[Written; 1]>, Vec<Touched>) {
        let mut items: SmallVec<[Written; 1]> = self.steps.into_iter().flatten().collect();
        let mut touched = Vec::new();
        for resource in self.planned.iter() {
            if resource.touch.is_some() || resource.part == Part::Overtaken {
                show_touch(&mut items, resource);
            }
            if resource.part != Part::Written {
                touched.extend(touch_of(&resource.key, resource.found.as_ref(), resource.now.as_ref()));
            }
        }
        (items, touched)
    }
}

/// The tag that an item's answer gives is the one that the next write is checked against (rule T6), so it has the touches
/// of the same batch in it.
fn show_touch(items: &mut [Written], resource: &Resource) {
    let Resource { key, now: Some(now), .. } = resource else { return };
    let is_last = |written: &&mut Written| {
        let is_state = matches!(written.effect, Effect::Created | Effect::Replaced | Effect::Unchanged);
        is_state && written.head.as_ref().is_some_and(|head| head.key == *key)
    };
    if let Some(written) = items.iter_mut().rev().find(is_last) {
        written.head = Some(now.clone());
        if resource.completion == Completion::Derived {
            written.body.clone_from(&resource.body);
        }
    }
}

fn touch_of(key: &Key, found: Option<&Head>, now: Option<&Head>) -> Option<Touched> {
    let (before, after) = (&found?.tag, now.map(|head| &head.tag));
    (Some(before) != after).then(|| Touched { key: key.clone(), before: before.clone(), after: after.cloned() })
}

fn revision_left(written: &Written) -> Option<Revision> {
    let head = written.head.as_ref().filter(|_| written.effect != Effect::Deleted)?;
    Some(head.revision)
}

/// Equal content and parents, under the same schema, that would not be tagged otherwise (rule P7).
pub(crate) fn is_stored_already(put: &Put, before: &Head) -> bool {
    put.if_unchanged == IfUnchanged::Keep
        && put.content == before.content
        && put.schema == before.schema
        && put.parents == before.parents
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
