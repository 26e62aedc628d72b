//! What the store holds, and its transaction over it.

use std::{
    collections::{BTreeMap, HashMap},
    sync::atomic::{AtomicU64, Ordering},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use bytes::Bytes;
use etag_core::{
    Change, ChangeLog, Derives, Environment, Epoch, Error, Head, Key, LedgerEntry, LedgerKey, Model, ParentLink,
    Parents, Revision, Row, StoredTag, Strength, TagPlan, Touch, Transaction, unix_micros,
};

use crate::bug::Bug;

#[derive(Clone, Default)]
pub(crate) struct Rows {
    pub(crate) kept: BTreeMap<Key, Row>,
    pub(crate) gone: BTreeMap<Key, Row>,
    /// The first state of each.
    pub(crate) first: BTreeMap<Key, Head>,
    pub(crate) first_bodies: BTreeMap<Key, Bytes>,
    pub(crate) logs: BTreeMap<Key, ChangeLog>,
    pub(crate) ledger: HashMap<LedgerKey, (LedgerEntry, SystemTime)>,
    pub(crate) last_removal: Option<SystemTime>,
}

pub(crate) type Heads = HashMap<Key, Option<Head>>;

impl Rows {
    pub(crate) fn head(&self, key: &Key) -> Option<Head> {
        self.kept.get(key).map(|row| row.head.clone())
    }

    pub(crate) fn recall(&self, key: &LedgerKey, now: SystemTime) -> Option<LedgerEntry> {
        self.ledger.get(key).filter(|(_, until)| *until > now).map(|(entry, _)| entry.clone())
    }

    /// The greatest number in any row.
    pub(crate) fn last_sequence(&self) -> u64 {
        self.kept.values().map(|row| row.head.revision.sequence()).max().unwrap_or(0)
    }

    /// The keys of the rows that are others than in `before`.
    pub(crate) fn changed_since(&self, before: &Self) -> Vec<Key> {
        let keys = self.kept.keys().chain(before.kept.keys().filter(|key| !self.kept.contains_key(*key)));
        keys.filter(|key| self.kept.get(*key) != before.kept.get(*key)).cloned().collect()
    }

    /// Takes a row as `from` has it.
    pub(crate) fn take(&mut self, key: &Key, from: &Self) {
        match from.kept.get(key) {
            Some(row) => drop(self.kept.insert(key.clone(), row.clone())),
            None => drop(self.kept.remove(key)),
        }
    }
}

pub(crate) fn epoch() -> Epoch {
    Epoch::from_bytes([7; 6])
}

/// The rows under their lock.
pub(crate) struct Writing<'a> {
    pub(crate) rows: &'a mut Rows,
    pub(crate) drawn: &'a AtomicU64,
    pub(crate) known: Option<&'a mut Heads>,
    pub(crate) now: SystemTime,
    pub(crate) environment: &'a Environment,
    pub(crate) bug: Option<Bug>,
}

impl Writing<'_> {
    fn has(&self, bug: Bug) -> bool {
        self.bug == Some(bug)
    }

    fn know(&mut self, key: &Key, head: Option<&Head>) {
        if let Some(known) = &mut self.known {
            known.insert(key.clone(), head.cloned());
        }
    }

    /// A child as a delete of its parent sees it.
    fn child(&self, head: &Head) -> Head {
        let mut head = head.clone();
        if self.has(Bug::DerivesNothingOfCascades) {
            head.parents = head.parents.links().iter().cloned().map(underived).collect();
        }
        head
    }

    fn store(&mut self, mut row: Row) {
        self.distort(&mut row);
        self.know(&row.head.key.clone(), Some(&row.head));
        self.rows.first.entry(row.head.key.clone()).or_insert_with(|| row.head.clone());
        self.rows.first_bodies.entry(row.head.key.clone()).or_insert_with(|| row.body.clone());
        self.rows.kept.insert(row.head.key.clone(), row);
    }

    fn distort(&self, row: &mut Row) {
        match self.bug {
            Some(Bug::RewritesDocuments) => row.body = row.body.iter().copied().filter(|byte| *byte != b' ').collect(),
            Some(Bug::TakesTagsForText) => row.head.tag = as_text(&row.head.tag),
            Some(Bug::KeepsSecondsOnly) => row.head.modified_at = to_seconds(row.head.modified_at),
            Some(Bug::FollowsAClockBack) => row.head.modified_at = self.now,
            Some(Bug::CallsEveryDateStrong) => row.head.date_strength = Strength::Strong,
            _ => {}
        }
    }
}

fn underived(mut link: ParentLink) -> ParentLink {
    link.rule.derives = Derives::Nothing;
    link
}

/// Adds the version, and before it one that a write of another resource has the revision of.
fn make_up(log: &mut ChangeLog, version: &Change) {
    let tag = StoredTag::from_bytes(version.tag.as_bytes()).expect("it is one");
    if let Some(revision) = tag.revision() {
        let before = Revision::new(revision.epoch(), revision.sequence() - 1);
        log.push_unchanged(&TagPlan::Revision.tag(before, UNIX_EPOCH));
    }
    log.push(&tag, version.fields.clone());
}

fn as_text(tag: &StoredTag) -> StoredTag {
    StoredTag::from_bytes(String::from_utf8_lossy(tag.as_bytes()).as_bytes()).expect("what stands for a byte is etagc")
}

fn to_seconds(time: SystemTime) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(unix_micros(time) / 1_000_000)
}

impl Transaction for Writing<'_> {
    fn head(&mut self, key: &Key) -> Result<Option<Head>, Error> {
        if let Some(known) = self.known.as_ref().and_then(|known| known.get(key)) {
            return Ok(known.clone());
        }
        let head = self.rows.head(key);
        self.know(key, head.as_ref());
        Ok(head)
    }

    fn draw_revision(&mut self) -> Revision {
        let number = self.drawn.fetch_add(1, Ordering::SeqCst) + 1;
        match self.bug {
            Some(Bug::CountsDown) => Revision::new(epoch(), (1 << 40) - number),
            // As where each of two places draws its own numbers.
            Some(Bug::DrawsInTwoPlaces) => Revision::new(epoch(), number / 2 + 1),
            _ => Revision::new(epoch(), number),
        }
    }

    fn children(&mut self, parent: &Key, limit: usize) -> Result<Vec<Head>, Error> {
        let limit = match self.bug {
            Some(Bug::SeesNoChildren) => 0,
            Some(Bug::SeesFiveChildren) => limit.min(5),
            _ => limit,
        };
        let parents = |head: &Head| match self.bug {
            Some(Bug::SeesFirstChildrenOnly) => self.rows.first[&head.key].parents.clone(),
            _ => head.parents.clone(),
        };
        let names = |parents: &Parents| {
            let mut links = parents.held().filter(|link| link.parent == *parent);
            links.any(|link| !self.has(Bug::SeesTouchingChildrenOnly) || link.rule.touch != Touch::None)
        };
        let children = self.rows.kept.values().filter(|row| names(&parents(&row.head)));
        Ok(children.take(limit).map(|row| self.child(&row.head)).collect())
    }

    fn write(&mut self, head: &Head, body: &Bytes, before: Option<&Head>) -> Result<(), Error> {
        let mut row = Row { head: head.clone(), body: body.clone() };
        if let Some(before) =
            before.filter(|before| self.has(Bug::DerivesUnderTheFormerTag) && before.content == head.content)
        {
            row.head.tag = before.tag.clone();
        }
        self.store(row);
        Ok(())
    }

    fn write_head(&mut self, head: &Head, before: &Head) -> Result<(), Error> {
        let body = self.rows.kept.get(&head.key).map(|row| row.body.clone()).unwrap_or_default();
        let mut row = Row { head: head.clone(), body };
        match self.bug {
            Some(Bug::LosesTheDocumentInATouch) => row.body = Bytes::from_static(b"{}"),
            Some(Bug::KeepsTheLinksOfTheDetached) => row.head.parents = before.parents.clone(),
            _ => {}
        }
        self.store(row);
        Ok(())
    }

    fn remove(&mut self, head: &Head, at: SystemTime) -> Result<(), Error> {
        self.know(&head.key, None);
        if let Some(row) = self.rows.kept.remove(&head.key) {
            self.rows.gone.insert(head.key.clone(), row);
        }
        if !self.has(Bug::KeepsTheChangesOfTheGone) {
            self.rows.logs.remove(&head.key);
        }
        if self.has(Bug::DrawsAgainAfterADelete) {
            self.drawn.store(head.created.sequence() - 1, Ordering::SeqCst);
        }
        self.rows.last_removal = self.rows.last_removal.max(Some(at));
        Ok(())
    }

    fn last_removal(&mut self) -> Result<Option<SystemTime>, Error> {
        Ok(self.rows.last_removal)
    }

    fn recall(&mut self, key: &LedgerKey, now: SystemTime) -> Result<Option<LedgerEntry>, Error> {
        Ok(self.rows.recall(key, now))
    }

    fn body(&mut self, key: &Key) -> Result<Option<Bytes>, Error> {
        Ok(match self.bug {
            Some(Bug::ReadsNoDocuments) => None,
            Some(Bug::DerivesFromTheFirstDocument) => self.rows.first_bodies.get(key).cloned(),
            _ => self.rows.kept.get(key).map(|row| row.body.clone()),
        })
    }

    fn model(&self, collection: &str) -> Option<&'static Model> {
        self.environment.model(collection)
    }

    fn changes(&mut self, key: &Key) -> Result<Option<ChangeLog>, Error> {
        Ok(self.rows.logs.get(key).cloned())
    }

    fn keep_changes(&mut self, key: &Key, log: &ChangeLog) -> Result<(), Error> {
        let is_of_the_gone = self.rows.logs.contains_key(key) && log.changes().next().is_none();
        if self.has(Bug::LogsNoTouches) && log.changes().last().is_some_and(|version| version.fields.is_empty()) {
            return Ok(());
        }
        if self.has(Bug::MakesUpVersions)
            && let Some(former) = self.rows.logs.get_mut(key)
            && let Some(last) = log.changes().last()
        {
            make_up(former, last);
            return Ok(());
        }
        if !(self.has(Bug::KeepsTheChangesOfTheGone) && is_of_the_gone) {
            self.rows.logs.insert(key.clone(), log.clone());
        }
        Ok(())
    }

    fn record(&mut self, key: &LedgerKey, entry: &LedgerEntry, until: SystemTime) -> Result<(), Error> {
        let mut entry = entry.clone();
        if self.has(Bug::RecordsNoTouches) {
            entry.touched.clear();
        }
        self.rows.ledger.insert(key.clone(), (entry, until));
        Ok(())
    }
}

/// The tag of a revision.
pub(crate) fn tag_of(revision: Revision) -> StoredTag {
    TagPlan::Revision.tag(revision, UNIX_EPOCH)
}
