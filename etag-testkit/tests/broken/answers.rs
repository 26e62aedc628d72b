//! Bugs in what a commit leaves and in what it tells.

use std::{
    collections::BTreeSet,
    sync::atomic::{AtomicU64, Ordering},
};

use etag_core::{
    Batch, Cause, Committed, Conflict, Effect, Error, Expectation, Item, Key, Parents, Replay, Revision, StoredTag,
    Strength, Touch, Touched,
};

use crate::{
    bug::Bug,
    rows::{Rows, epoch, tag_of},
};

/// A commit that was done: the rows before and after it, what it was asked, and what it tells.
pub(crate) struct Done<'a> {
    pub(crate) before: &'a Rows,
    pub(crate) rows: &'a mut Rows,
    pub(crate) batch: &'a Batch,
    pub(crate) drawn: &'a AtomicU64,
    pub(crate) told: Committed,
}

impl Done<'_> {
    pub(crate) fn distorted(mut self, bug: Bug) -> Committed {
        match bug {
            Bug::TouchesTheNewParentOnly => self.keep_touches(|done, key| !done.is_left(key)),
            Bug::TouchesTheFormerParentOnly => self.keep_touches(|done, key| !done.is_joined(key)),
            Bug::TouchesWhereTheChildStoodFirst => self.keep_touches(Self::was_above_first),
            Bug::ClimbsOneLevel => self.keep_touches(Self::is_a_direct_parent),
            Bug::ClimbsEveryLink => self.climb_structure_links(),
            Bug::PlacesWithoutALook => self.place(),
            Bug::KeepsDigestsInATouch => self.change_digests(|tag| plain(&tag)),
            Bug::CountsTouchesOfDigestsToTwo => self.change_digests(|tag| counted(&tag)),
            Bug::KeepsALifeOverDeleteAndCreate => self.keep_lives(),
            _ => self.tell(bug),
        }
        self.told
    }

    fn tell(&mut self, bug: Bug) {
        match bug {
            Bug::TellsNoTouches => self.told.touched.clear(),
            Bug::TellsTheDocumentAsGiven => self.told.items.iter_mut().for_each(|item| item.body = None),
            Bug::TellsTouchesTwice => self.told.touched.extend(self.told.touched.clone()),
            Bug::TellsTheOldestTagBefore => {
                self.told.touched.iter_mut().for_each(|touch| touch.before = self.rows.first[&touch.key].tag.clone());
            }
            Bug::TellsTheTagBeforeTheTouches => self.tell_former_tags(),
            Bug::TellsReplacedWhereNothingChanged => {
                let unchanged = self.told.items.iter_mut().filter(|item| item.effect == Effect::Unchanged);
                unchanged.for_each(|item| item.effect = Effect::Replaced);
            }
            Bug::TellsEveryCommitRepeated => self.told.replay = Replay::Repeated,
            Bug::CallsEveryDateStrong => {
                let heads = self.told.items.iter_mut().filter_map(|item| item.head.as_mut());
                heads.for_each(|head| head.date_strength = Strength::Strong);
            }
            _ => {}
        }
    }

    /// Undoes the touches that the bug leaves out.
    fn keep_touches(&mut self, is_made: impl Fn(&Self, &Key) -> bool) {
        let (made, left_out) =
            std::mem::take(&mut self.told.touched).into_iter().partition(|touch| is_made(self, &touch.key));
        self.told.touched = made;
        let left_out: Vec<Touched> = left_out;
        for touch in &left_out {
            self.rows.take(&touch.key, self.before);
        }
    }

    fn parents_of_items(&self, rows: &Rows) -> BTreeSet<Key> {
        let heads = self.batch.items().iter().filter_map(|item| rows.head(item.key()));
        heads.flat_map(|head| parents(&head.parents)).collect()
    }

    fn is_left(&self, key: &Key) -> bool {
        self.parents_of_items(self.before).contains(key) && !self.parents_of_items(self.rows).contains(key)
    }

    fn is_joined(&self, key: &Key) -> bool {
        self.parents_of_items(self.rows).contains(key) && !self.parents_of_items(self.before).contains(key)
    }

    fn is_a_direct_parent(&self, key: &Key) -> bool {
        self.parents_of_items(self.rows).contains(key) || self.parents_of_items(self.before).contains(key)
    }

    fn was_above_first(&self, key: &Key) -> bool {
        let mut above: Vec<Key> = self.batch.items().iter().map(|item| item.key().clone()).collect();
        while let Some(one) = above.pop() {
            if one == *key {
                return true;
            }
            above.extend(self.rows.first.get(&one).map(|head| parents(&head.parents)).unwrap_or_default());
        }
        false
    }

    fn climb_structure_links(&mut self) {
        for touched in self.told.touched.clone() {
            let Some(head) = self.rows.head(&touched.key) else { continue };
            for link in head.parents.held().filter(|link| link.rule.touch == Touch::Structure) {
                let revision = Revision::new(epoch(), self.drawn.fetch_add(1, Ordering::SeqCst) + 1);
                let Some(row) = self.rows.kept.get_mut(&link.parent) else { continue };
                let (before, after) = (row.head.tag.clone(), tag_of(revision));
                (row.head.tag, row.head.revision) = (after.clone(), revision);
                self.told.touched.push(Touched { key: link.parent.clone(), before, after: Some(after) });
            }
        }
    }

    /// Gives the rows the parents that nobody looked at.
    fn place(&mut self) {
        for item in self.batch.items() {
            let Item::Put(put) = item else { continue };
            let Some(row) = self.rows.kept.get_mut(&put.key) else { continue };
            row.head.parents = put.parents.clone();
            let of_put = self.told.items.iter_mut().filter_map(|item| item.head.as_mut());
            of_put.filter(|head| head.key == put.key).for_each(|head| head.parents = put.parents.clone());
        }
    }

    /// Gives every digest that a touch changed another tag.
    fn change_digests(&mut self, change: impl Fn(StoredTag) -> StoredTag) {
        let rows = self.rows.kept.values_mut().map(|row| &mut row.head);
        let told = self.told.items.iter_mut().filter_map(|item| item.head.as_mut());
        rows.chain(told).for_each(|head| head.tag = change(head.tag.clone()));
        for touch in &mut self.told.touched {
            touch.after = touch.after.take().map(&change);
        }
    }

    fn keep_lives(&mut self) {
        for (key, row) in &mut self.rows.kept {
            if let Some(before) = self.before.kept.get(key) {
                row.head.created = before.head.created;
            }
        }
    }

    fn tell_former_tags(&mut self) {
        for head in self.told.items.iter_mut().filter_map(|item| item.head.as_mut()) {
            if let Some(before) = self.before.head(&head.key).filter(|_| self.batch.items().len() > 1) {
                head.tag = before.tag;
            }
        }
    }
}

fn parents(parents: &Parents) -> Vec<Key> {
    parents.held().map(|link| link.parent.clone()).collect()
}

fn is_digest(tag: &StoredTag) -> bool {
    tag.as_bytes().starts_with(b"\"d.")
}

/// A digest without a count.
fn plain(tag: &StoredTag) -> StoredTag {
    let counted = tag.as_bytes().iter().position(|byte| *byte == b'+').filter(|_| is_digest(tag));
    let Some(end) = counted else { return tag.clone() };
    StoredTag::from_bytes(&[&tag.as_bytes()[..end], b"\""].concat()).expect("a digest is a tag")
}

/// A digest with the count of its last touch only by its being odd or even.
fn counted(tag: &StoredTag) -> StoredTag {
    let plain = plain(tag);
    if plain == *tag {
        return plain;
    }
    let parity = if tag.as_bytes()[tag.as_bytes().len() - 2].is_multiple_of(2) { b"+0" } else { b"+1" };
    let opaque = plain.as_bytes().strip_suffix(b"\"").expect("a tag ends with a quote");
    StoredTag::from_bytes(&[opaque, parity, b"\""].concat()).expect("a digest is a tag")
}

/// A refusal as a store with this bug tells it.
pub(crate) fn refusal(bug: Bug, error: Error, batch: &Batch, rows: &Rows) -> Error {
    if error.conflicts().is_empty() {
        return error;
    }
    let mut conflicts = error.conflicts().to_vec();
    match bug {
        Bug::ReportsTheFirstCulpritOnly => conflicts.truncate(1),
        Bug::ReportsWhoFollowsAFailure => conflicts.extend(followers(&conflicts, batch)),
        Bug::TellsNoStateInConflicts => conflicts.iter_mut().for_each(|conflict| conflict.met = None),
        Bug::TellsTheCallersOwnState => conflicts.iter_mut().for_each(tell_the_callers_state),
        Bug::TellsNoFormerResource => conflicts.iter_mut().for_each(|conflict| {
            if let Some(met) = &mut conflict.met {
                met.created = Revision::new(epoch(), 1);
            }
        }),
        Bug::NamesNoChild => conflicts.iter_mut().for_each(|conflict| name(conflict, |_| Vec::new())),
        Bug::NamesEveryChild => conflicts.iter_mut().for_each(|conflict| name(conflict, |key| children(key, rows))),
        _ => return error,
    }
    Error::rejected(conflicts)
}

fn followers(conflicts: &[Conflict], batch: &Batch) -> Vec<Conflict> {
    let follows = |item: &Item| matches!(item.expectation(), Expectation::LeftBy(at) if conflicts.iter().any(|one| one.item == *at));
    let items = batch.items().iter().enumerate().filter(|(_, item)| follows(item));
    items.map(|(index, item)| Conflict::new(index, item.key().clone(), item.expectation().clone(), None)).collect()
}

fn tell_the_callers_state(conflict: &mut Conflict) {
    if let (Expectation::Matches(demanded), Some(met)) = (&conflict.expectation, &mut conflict.met)
        && let Some(tag) = demanded.tags.first()
    {
        met.tag = tag.clone();
    }
}

fn name(conflict: &mut Conflict, children: impl Fn(&Key) -> Vec<Key>) {
    if let Cause::HasChildren { children: named } = &mut conflict.cause {
        *named = children(&conflict.key);
    }
}

fn children(parent: &Key, rows: &Rows) -> Vec<Key> {
    let is_child = |row: &&etag_core::Row| row.head.parents.held().any(|link| link.parent == *parent);
    rows.kept.values().filter(is_child).map(|row| row.head.key.clone()).collect()
}
