//! Which fields the last writes of a resource changed, so that a conflict can say so (rule B2).

pub(crate) mod paths;

use std::{
    collections::{BTreeSet, VecDeque},
    sync::Arc,
};

use serde::{Deserialize, Serialize};

use crate::{Error, ErrorKind, StoredTag};

/// How many of a resource's last versions a store remembers, and how closely what changed with each.
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
    /// How many versions, of which some may have come without a change of the document, as when a child touches its parent;
    /// 0 for none.
    pub keep: u16,
    /// To how many levels of members: with 1, which members of the document changed; with 2, which members of those, too.
    pub depth: u8,
}

impl ChangeRule {
    /// Nothing is remembered.
    pub const NONE: Self = Self::last(0);

    /// The last `keep` versions, with what changed by the members of the document.
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

/// The last versions of one resource, the oldest first, with what changed with each. A model has one where it says
/// `changes = N`.
///
/// It knows every version since the one that it begins with: also those in which nothing changed. So a tag that is none of
/// them is told from one that was given, although revisions count the writes of all resources.
///
/// ```
/// use etag_core::{ChangeLog, ChangeRule, StoredTag};
///
/// let tag = |number: u64| StoredTag::from_bytes(format!("\"r.AAAAAAAA.{number}\"").as_bytes());
/// let mut log = ChangeLog::since(&tag(1)?, ChangeRule::last(20));
/// log.push(&tag(5)?, vec!["title".to_owned()]);
/// log.push_unchanged(&tag(6)?);
/// log.push(&tag(7)?, vec!["done".to_owned()]);
///
/// assert_eq!(log.fields_since(&tag(5)?, &tag(7)?), Some(vec!["done".to_owned()]));
/// assert_eq!(log.fields_since(&tag(1)?, &tag(7)?), Some(vec!["done".to_owned(), "title".to_owned()]));
/// assert_eq!(log.fields_since(&tag(3)?, &tag(7)?), None);
/// # Ok::<(), etag_core::InvalidETag>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeLog {
    since: String,
    /// Logs that were kept before all versions were in them have none.
    #[serde(default)]
    keep: u16,
    /// Shared with earlier states of the log, which stores hand out and take in as a whole.
    #[serde(serialize_with = "shared::serialize", deserialize_with = "shared::deserialize")]
    changes: VecDeque<Arc<Change>>,
}

/// One version of a resource.
///
/// ```
/// use etag_core::{ChangeLog, ChangeRule, StoredTag};
///
/// let tag = |number: u64| StoredTag::from_bytes(format!("\"r.AAAAAAAA.{number}\"").as_bytes());
/// let mut log = ChangeLog::since(&tag(1)?, ChangeRule::last(20));
/// log.push(&tag(5)?, vec!["title".to_owned()]);
/// assert_eq!(log.changes().next().unwrap().fields, ["title"]);
/// # Ok::<(), etag_core::InvalidETag>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Its tag.
    pub tag: String,
    /// The paths of what changed with it, as [`changed_paths`](crate::changed_paths) tells them: the serialised names of fields,
    /// unless the model asks for more.
    pub fields: Vec<String>,
}

impl ChangeLog {
    /// A log that begins with the state under `tag`.
    pub fn since(tag: &StoredTag, rule: ChangeRule) -> Self {
        Self { since: text(tag), keep: rule.keep, changes: VecDeque::new() }
    }

    /// Adds the version with this tag, and forgets the oldest ones above those to keep.
    pub fn push(&mut self, tag: &StoredTag, fields: Vec<String>) {
        self.changes.push_back(Arc::new(Change { tag: text(tag), fields }));
        while self.changes.len() > usize::from(self.keep) {
            if let Some(forgotten) = self.changes.pop_front() {
                self.since.clone_from(&forgotten.tag);
            }
        }
    }

    /// Adds the version with this tag, in which no field is another than before. One that editors don't tell from the one
    /// before it (rule F5) is none.
    pub fn push_unchanged(&mut self, tag: &StoredTag) {
        if !self.ends_with(tag) {
            self.push(tag, Vec::new());
        }
    }

    /// Whether the version with this tag is the latest in it.
    pub fn ends_with(&self, tag: &StoredTag) -> bool {
        let last = self.changes.back().map_or(&self.since, |change| &change.tag);
        self.keep > 0 && *last == text(tag)
    }

    /// The same log, which goes on under another rule.
    pub(crate) fn under(self, rule: ChangeRule) -> Self {
        Self { keep: rule.keep, ..self }
    }

    /// The versions that are remembered, the oldest first.
    pub fn changes(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().map(|change| &**change)
    }

    /// The paths of what was changed after the state under `tag` and up to the one under `current`, sorted. Empty where all
    /// that came since were touches by children.
    ///
    /// `None` where that is not known: `tag` is of no version, or of one that is forgotten, or something was written that the
    /// log was not told of.
    pub fn fields_since(&self, tag: &StoredTag, current: &StoredTag) -> Option<Vec<String>> {
        let tag = text(&tag.own_part());
        let later = self.after(&tag).filter(|_| self.ends_with(current))?;
        let fields: BTreeSet<&String> = self.changes.range(later..).flat_map(|change| &change.fields).collect();
        Some(fields.into_iter().cloned().collect())
    }

    /// Whoever asks may have a tag that was weakened on its way.
    fn after(&self, tag: &str) -> Option<usize> {
        let is_it = |text: &str| opaque(text) == opaque(tag);
        let change = self.changes.iter().rposition(|change| is_it(&change.tag));
        change.map(|at| at + 1).or(is_it(&self.since).then_some(0))
    }

    /// The log as a store keeps it.
    ///
    /// ```
    /// use etag_core::{ChangeLog, ChangeRule, StoredTag};
    ///
    /// let log = ChangeLog::since(&StoredTag::from_bytes(b"\"r.AAAAAAAA.1\"")?, ChangeRule::last(20));
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

fn opaque(text: &str) -> &str {
    text.strip_prefix("W/").unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(text: &str) -> StoredTag {
        StoredTag::from_bytes(format!("\"{text}\"").as_bytes()).unwrap()
    }

    fn revision(sequence: u64) -> StoredTag {
        tag(&format!("r.AAAAAAAA.{sequence}"))
    }

    fn log() -> ChangeLog {
        let mut log = ChangeLog::since(&revision(10), ChangeRule::last(3));
        log.push(&revision(20), vec!["a".to_owned()]);
        log.push(&revision(30), vec!["b".to_owned()]);
        log.push_unchanged(&revision(33));
        log.push(&revision(40), vec!["c".to_owned()]);
        log
    }

    fn since(asked: &str) -> Option<Vec<String>> {
        log().fields_since(&tag(asked), &revision(40))
    }

    #[test]
    fn what_changed_since_a_version_is_known() {
        assert_eq!(since("r.AAAAAAAA.20").unwrap(), ["b", "c"]);
        assert_eq!(since("r.AAAAAAAA.33").unwrap(), ["c"]);
        assert_eq!(since("r.AAAAAAAA.33:AAAAAAAAr").unwrap(), ["c"]);
        assert_eq!(since("r.AAAAAAAA.40").unwrap(), Vec::<String>::new());
        let weakened = StoredTag::from_bytes(b"W/\"r.AAAAAAAA.33\"").unwrap();
        assert_eq!(log().fields_since(&weakened, &revision(40)).unwrap(), ["c"]);
    }

    #[test]
    fn what_is_between_two_versions_or_later_is_none() {
        for never in ["r.AAAAAAAA.21", "r.AAAAAAAA.34", "r.AAAAAAAA.45", "r.BBBBBBBB.33"] {
            assert_eq!(since(never), None, "{never}");
        }
    }

    #[test]
    fn what_was_forgotten_is_unknown() {
        assert_eq!(since("r.AAAAAAAA.10"), None);
    }

    #[test]
    fn a_log_that_misses_a_version_knows_nothing() {
        assert_eq!(log().fields_since(&revision(33), &revision(41)), None);
    }

    #[test]
    fn a_log_from_before_all_versions_were_in_it_knows_nothing() {
        let former = r#"{"since":"\"r.AAAAAAAA.10\"","changes":[{"tag":"\"r.AAAAAAAA.20\"","fields":["a"]}]}"#;
        let former = ChangeLog::from_json(former).unwrap();
        assert_eq!(former.fields_since(&revision(10), &revision(20)), None);
    }

    #[test]
    fn a_touch_that_editors_dont_see_is_no_version() {
        let mut log = log();
        log.push_unchanged(&tag("r.AAAAAAAA.40:AAAAAAAAr"));
        assert_eq!(log.changes().count(), 3);
    }

    #[test]
    fn digests_are_found_by_what_they_are() {
        let [one, two] = ["d.AAAAAAAAAAAAAAAAAAAAAA", "d.BBBBBBBBBBBBBBBBBBBBBB"].map(tag);
        let mut log = ChangeLog::since(&one, ChangeRule::last(9));
        log.push(&two, vec!["a".to_owned()]);
        assert_eq!(log.fields_since(&one, &two).unwrap(), ["a"]);
        assert_eq!(log.fields_since(&tag("d.CCCCCCCCCCCCCCCCCCCCCC"), &two), None);
    }
}
