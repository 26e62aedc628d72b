//! Which fields the last writes of a resource changed, so that a conflict can say so (rule B2).

pub(crate) mod paths;

use std::{
    collections::{BTreeSet, VecDeque},
    sync::Arc,
};

use serde::{Deserialize, Serialize};

use crate::{Error, ErrorKind, Revision, StoredTag};

/// How many of a resource's last changes a store remembers, and how closely.
///
/// ```
/// # use etag_core::*;
/// #[derive(Versioned)]
/// #[versioned(collection = "notes", validator = revision, changes(keep = 20, depth = 2))]
/// struct Note {
///     #[versioned(id)]
///     id: String,
///     text: String,
/// }
/// assert_eq!(Note::MODEL.changes, ChangeRule { keep: 20, depth: 2 });
/// assert_eq!(ChangeRule::last(20), ChangeRule { keep: 20, depth: 1 });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ChangeRule {
    /// How many changes; 0 for none.
    pub keep: u16,
    /// To how many levels of members: with 1, which members of the document changed; with 2, which members of those, too.
    pub depth: u8,
}

impl ChangeRule {
    /// Nothing is remembered.
    pub const NONE: Self = Self::last(0);

    /// The last `keep` changes, by the members of the document.
    pub const fn last(keep: u16) -> Self {
        Self { keep, depth: 1 }
    }

    /// Whether nothing is remembered.
    ///
    /// ```
    /// use etag_core::ChangeRule;
    ///
    /// assert!(ChangeRule::NONE.is_none());
    /// assert!(!ChangeRule::last(1).is_none());
    /// ```
    pub const fn is_none(self) -> bool {
        self.keep == 0
    }
}

/// The last changes of one resource, the oldest first. A model has one where it says `changes = N`.
///
/// ```
/// use etag_core::{ChangeLog, StoredTag};
///
/// let tag = |number: u64| StoredTag::from_bytes(format!("\"r.AAAAAAAA.{number}\"").as_bytes());
/// let mut log = ChangeLog::since(&tag(1)?);
/// log.push(&tag(5)?, vec!["title".to_owned()], 20);
/// log.push(&tag(7)?, vec!["done".to_owned()], 20);
///
/// assert_eq!(log.fields_since(&tag(5)?), Some(vec!["done".to_owned()]));
/// assert_eq!(log.fields_since(&tag(1)?), Some(vec!["done".to_owned(), "title".to_owned()]));
/// # Ok::<(), etag_core::InvalidETag>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeLog {
    since: String,
    /// Shared with earlier states of the log, which stores hand out and take in as a whole.
    #[serde(serialize_with = "shared::serialize", deserialize_with = "shared::deserialize")]
    changes: VecDeque<Arc<Change>>,
}

/// One change of a resource.
///
/// ```
/// use etag_core::{ChangeLog, StoredTag};
///
/// let tag = |number: u64| StoredTag::from_bytes(format!("\"r.AAAAAAAA.{number}\"").as_bytes());
/// let mut log = ChangeLog::since(&tag(1)?);
/// log.push(&tag(5)?, vec!["title".to_owned()], 20);
/// assert_eq!(log.changes().next().unwrap().fields, ["title"]);
/// # Ok::<(), etag_core::InvalidETag>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The tag that the change left.
    pub tag: String,
    /// The paths of what it changed, as [`changed_paths`](crate::changed_paths) tells them: the serialised names of fields,
    /// unless the model asks for more.
    pub fields: Vec<String>,
}

impl ChangeLog {
    /// A log that begins with the state under `tag`.
    pub fn since(tag: &StoredTag) -> Self {
        Self { since: text(tag), changes: VecDeque::new() }
    }

    /// Adds a change, and forgets the oldest ones above `keep`.
    pub fn push(&mut self, tag: &StoredTag, fields: Vec<String>, keep: u16) {
        self.changes.push_back(Arc::new(Change { tag: text(tag), fields }));
        while self.changes.len() > usize::from(keep) {
            if let Some(forgotten) = self.changes.pop_front() {
                self.since.clone_from(&forgotten.tag);
            }
        }
    }

    /// The changes that are remembered, the oldest first.
    pub fn changes(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().map(|change| &**change)
    }

    /// The paths of what was changed after the state under `tag`, sorted; `None` where that is not known.
    /// Empty where all that came since were touches by children.
    pub fn fields_since(&self, tag: &StoredTag) -> Option<Vec<String>> {
        let later = match tag.revision() {
            Some(revision) => self.after_revision(revision)?,
            None => self.after_tag(&text(&tag.own_part()))?,
        };
        let fields: BTreeSet<&String> = self.changes.range(later..).flat_map(|change| &change.fields).collect();
        Some(fields.into_iter().cloned().collect())
    }

    /// Revisions of one resource grow, and a touch may have drawn the one that is asked for.
    fn after_revision(&self, revision: Revision) -> Option<usize> {
        let is_at_most = |text: &str| {
            revision_of(text).is_some_and(|of| of.epoch() == revision.epoch() && of.sequence() <= revision.sequence())
        };
        let known = is_at_most(&self.since);
        known.then(|| self.changes.iter().take_while(|change| is_at_most(&change.tag)).count())
    }

    fn after_tag(&self, tag: &str) -> Option<usize> {
        let change = self.changes.iter().rposition(|change| change.tag == tag);
        change.map(|at| at + 1).or((self.since == tag).then_some(0))
    }

    /// The log as a store keeps it.
    ///
    /// ```
    /// use etag_core::{ChangeLog, StoredTag};
    ///
    /// let log = ChangeLog::since(&StoredTag::from_bytes(b"\"r.AAAAAAAA.1\"")?);
    /// assert_eq!(ChangeLog::from_json(&log.to_json()).unwrap(), log);
    /// # Ok::<(), etag_core::InvalidETag>(())
    /// ```
    ///
    /// # Panics
    /// Never: texts in lists are always JSON.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("texts in lists are always JSON")
    }

    /// The log that a store has kept.
    ///
    /// # Errors
    /// [`ErrorKind::Corrupt`] where it is none.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        serde_json::from_str(text).map_err(|error| {
            Error::new(ErrorKind::Corrupt, format!("a stored change log can't be read: {error}")).with_source(error)
        })
    }
}

/// Shared changes as plain ones: serde's own way is a feature that every crate of a program would get.
mod shared {
    use std::{collections::VecDeque, sync::Arc};

    use serde::{Deserialize as _, Deserializer, Serializer};

    use super::Change;

    pub(super) fn serialize<S: Serializer>(changes: &VecDeque<Arc<Change>>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(changes.iter().map(|change| &**change))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<VecDeque<Arc<Change>>, D::Error> {
        Ok(Vec::<Change>::deserialize(deserializer)?.into_iter().map(Arc::new).collect())
    }
}

fn text(tag: &StoredTag) -> String {
    String::from_utf8_lossy(tag.own_part().as_bytes()).into_owned()
}

fn revision_of(text: &str) -> Option<Revision> {
    StoredTag::from_bytes(text.as_bytes()).ok()?.revision()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(text: &str) -> StoredTag {
        StoredTag::from_bytes(format!("\"{text}\"").as_bytes()).unwrap()
    }

    fn log() -> ChangeLog {
        let mut log = ChangeLog::since(&tag("r.AAAAAAAA.10"));
        for (sequence, field) in [(20, "a"), (30, "b"), (40, "c")] {
            log.push(&tag(&format!("r.AAAAAAAA.{sequence}")), vec![field.to_owned()], 2);
        }
        log
    }

    #[test]
    fn what_changed_since_a_touch_is_known() {
        assert_eq!(log().fields_since(&tag("r.AAAAAAAA.33")).unwrap(), ["c"]);
        assert_eq!(log().fields_since(&tag("r.AAAAAAAA.45")).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn what_was_forgotten_or_is_of_another_epoch_is_unknown() {
        assert_eq!(log().fields_since(&tag("r.AAAAAAAA.20")).unwrap(), ["b", "c"]);
        assert_eq!(log().fields_since(&tag("r.AAAAAAAA.19")), None);
        assert_eq!(log().fields_since(&tag("r.BBBBBBBB.33")), None);
    }

    #[test]
    fn digests_are_found_by_what_they_are() {
        let [one, two] = ["d.AAAAAAAAAAAAAAAAAAAAAA", "d.BBBBBBBBBBBBBBBBBBBBBB"].map(tag);
        let mut log = ChangeLog::since(&one);
        log.push(&two, vec!["a".to_owned()], 9);
        assert_eq!(log.fields_since(&one).unwrap(), ["a"]);
        assert_eq!(log.fields_since(&tag("d.CCCCCCCCCCCCCCCCCCCCCC")), None);
    }
}
