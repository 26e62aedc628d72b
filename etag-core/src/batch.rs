//! Writes that happen together, and what comes of them.

use std::{fmt, time::Duration};

use bytes::Bytes;
use smallvec::SmallVec;

use crate::{Comparison, ContentDigest, ErrorKind, Head, Key, Revision, StoredTag, TagPlan};

/// Writes that happen together or not at all, in this order (rules S1, B1).
///
/// ```
/// use etag_core::{Batch, Delete, Expectation, Key};
///
/// let batch = Batch::new().delete(Delete::new(Key::new("tasks", "7"), Expectation::Exists));
/// assert_eq!(batch.items().len(), 1);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Batch {
    items: SmallVec<[Item; 1]>,
    ledger: Option<Box<LedgerClaim>>,
}

impl Batch {
    /// An empty batch.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds any item.
    #[must_use]
    pub fn with(mut self, item: impl Into<Item>) -> Self {
        self.items.push(item.into());
        self
    }

    /// Adds a write of a document.
    #[must_use]
    pub fn put(self, put: Put) -> Self {
        self.with(put)
    }

    /// Adds a delete.
    #[must_use]
    pub fn delete(self, delete: Delete) -> Self {
        self.with(delete)
    }

    /// Adds a condition on a resource that the batch does not write.
    #[must_use]
    pub fn check(self, check: Check) -> Self {
        self.with(check)
    }

    /// Makes the batch one that is done once for its idempotency key, however often it is sent (rule P6).
    #[must_use]
    pub fn once(mut self, claim: LedgerClaim) -> Self {
        self.ledger = Some(Box::new(claim));
        self
    }

    /// The items.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// The claim on the ledger.
    pub fn ledger(&self) -> Option<&LedgerClaim> {
        self.ledger.as_deref()
    }
}

impl<I: Into<Item>> FromIterator<I> for Batch {
    fn from_iter<T: IntoIterator<Item = I>>(items: T) -> Self {
        Self { items: items.into_iter().map(Into::into).collect(), ledger: None }
    }
}

/// One write, or one condition.
#[derive(Clone, Debug)]
pub enum Item {
    /// Write a document.
    Put(Put),
    /// Delete a resource.
    Delete(Delete),
    /// Demand a state, and write nothing.
    Check(Check),
}

impl Item {
    /// The resource that the item is about.
    pub fn key(&self) -> &Key {
        match self {
            Self::Put(put) => &put.key,
            Self::Delete(delete) => &delete.key,
            Self::Check(check) => &check.key,
        }
    }

    /// What the item demands of the resource's state.
    pub fn expectation(&self) -> &Expectation {
        match self {
            Self::Put(put) => &put.expectation,
            Self::Delete(delete) => &delete.expectation,
            Self::Check(check) => &check.expectation,
        }
    }
}

/// Writes a document. Made from a model by [`put_document`](crate::put_document).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Put {
    /// The resource.
    pub key: Key,
    /// What must be so for the write to happen.
    pub expectation: Expectation,
    /// How the new state is tagged.
    pub plan: TagPlan,
    /// The digest of what a client may write.
    pub content: ContentDigest,
    /// The schema number of the body.
    pub schema: u32,
    /// The document.
    pub body: Bytes,
    /// What to do where the content is what is stored already.
    pub if_unchanged: IfUnchanged,
}

impl Put {
    /// A write of `body`; where the content is unchanged it keeps the tag.
    pub fn new(
        key: Key,
        expectation: Expectation,
        plan: TagPlan,
        content: ContentDigest,
        schema: u32,
        body: Bytes,
    ) -> Self {
        Self { key, expectation, plan, content, schema, body, if_unchanged: IfUnchanged::Keep }
    }
}

impl From<Put> for Item {
    fn from(put: Put) -> Self {
        Self::Put(put)
    }
}

/// What a write does that would store what is stored already (rule P7).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfUnchanged {
    /// Nothing: the tag, the revision and the times stay.
    Keep,
    /// It is a change like any other.
    Rewrite,
}

/// Deletes a resource.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Delete {
    /// The resource.
    pub key: Key,
    /// What must be so for the delete to happen. A delete of what is absent is a conflict whatever it demands.
    pub expectation: Expectation,
}

impl Delete {
    /// A delete of `key`.
    pub fn new(key: Key, expectation: Expectation) -> Self {
        Self { key, expectation }
    }
}

impl From<Delete> for Item {
    fn from(delete: Delete) -> Self {
        Self::Delete(delete)
    }
}

/// A condition on a resource that the batch does not write.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Check {
    /// The resource.
    pub key: Key,
    /// What must be so.
    pub expectation: Expectation,
}

impl Check {
    /// A condition on `key`.
    pub fn new(key: Key, expectation: Expectation) -> Self {
        Self { key, expectation }
    }
}

impl From<Check> for Item {
    fn from(check: Check) -> Self {
        Self::Check(check)
    }
}

/// What a write demands of the stored state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// Nothing: the last one wins.
    Unconditional,
    /// That there is no such resource.
    Absent,
    /// That there is one, in whatever state.
    Exists,
    /// That its tag is one of these.
    Matches(TagMatch),
    /// That its state is the one with this revision, which was read before. Unlike a tag, which may be weak or say nothing
    /// of some fields, a revision is of one state only.
    At(Revision),
    /// That its state is the one that the batch's item with this index left (rule B1). Never so if that is no earlier item.
    LeftBy(usize),
}

impl Expectation {
    /// That the stored tag is strongly equal to `tag`.
    pub fn matches(tag: StoredTag) -> Self {
        Self::Matches(TagMatch { tags: SmallVec::from_buf([tag]), comparison: Comparison::Strong })
    }

    /// Whether a state satisfies the demand; `left` is the revision of the state that the named earlier item left.
    pub fn is_met_by(&self, state: Option<&Head>, left: impl FnOnce(usize) -> Option<Revision>) -> bool {
        match (self, state) {
            (Self::Unconditional, _) | (Self::Absent, None) | (Self::Exists, Some(_)) => true,
            (Self::Matches(tags), Some(current)) => tags.contains(&current.tag),
            (Self::At(revision), Some(current)) => current.revision == *revision,
            (Self::LeftBy(item), state) => left(*item) == state.map(|head| head.revision),
            (Self::Absent, Some(_)) | (Self::Exists | Self::Matches(_) | Self::At(_), None) => false,
        }
    }
}

/// The tags of which one must match, and how they are compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagMatch {
    /// The tags. None at all matches nothing.
    pub tags: SmallVec<[StoredTag; 1]>,
    /// How they are compared. RFC 9110 §13.1.1 demands [`Comparison::Strong`]; some dialects differ.
    pub comparison: Comparison,
}

impl TagMatch {
    /// Whether one of the tags matches the stored one.
    pub fn contains(&self, current: &StoredTag) -> bool {
        self.tags.iter().any(|tag| self.comparison.matches(&tag.0, &current.0))
    }
}

/// What a commit did, when every expectation was met.
#[derive(Clone, Debug)]
pub struct Committed {
    /// For each item, in order, what it did.
    pub items: SmallVec<[Written; 1]>,
    /// Whether this is what an earlier commit under the same idempotency key did, and nothing was written now.
    pub replay: Replay,
}

/// Whether an answer is a commit's own or an earlier one's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replay {
    /// The commit's own.
    Original,
    /// An earlier commit's, from the ledger.
    Repeated,
}

/// What one item did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// What happened.
    pub effect: Effect,
    /// The state that the item left; for a delete the state that it removed; `None` for a check of what is absent.
    pub head: Option<Head>,
}

/// What happened to a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It came to be.
    Created,
    /// Its state changed.
    Replaced,
    /// It was as asked for already, and keeps its tag.
    Unchanged,
    /// It is gone.
    Deleted,
    /// It was looked at.
    Checked,
}

impl Effect {
    pub(crate) fn is_change(self) -> bool {
        matches!(self, Self::Created | Self::Replaced | Self::Deleted)
    }
}

/// An item whose expectation was not met, and the state it met, read in the same transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The item's index in the batch.
    pub item: usize,
    /// The resource.
    pub key: Key,
    /// What was demanded.
    pub expectation: Expectation,
    /// The state that was met; `None` where there is no such resource. After an earlier item of the batch about the same
    /// resource it is what that item would have left, and was never written.
    pub met: Option<Head>,
}

impl Conflict {
    /// The kind of error that this conflict is by itself.
    pub fn error_kind(&self) -> ErrorKind {
        match (&self.expectation, &self.met) {
            (_, None) => ErrorKind::NotFound,
            (Expectation::Absent, Some(_)) => ErrorKind::AlreadyExists,
            (_, Some(_)) => ErrorKind::Stale,
        }
    }

    /// Whether the tag that was demanded belongs to an earlier resource under this key, one that was deleted. Only
    /// revision tags can tell.
    pub fn is_about_a_former_resource(&self) -> bool {
        let (Expectation::Matches(demanded), Some(met)) = (&self.expectation, &self.met) else { return false };
        demanded
            .tags
            .iter()
            .filter_map(StoredTag::revision)
            .any(|revision| revision.epoch() == met.created.epoch() && revision.sequence() < met.created.sequence())
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = &self.key;
        match self.error_kind() {
            ErrorKind::NotFound => write!(f, "{key} does not exist"),
            ErrorKind::AlreadyExists => write!(f, "{key} exists already"),
            _ if self.is_about_a_former_resource() => {
                write!(f, "{key} was deleted and made again since the tag was given; read it again")
            }
            _ => write!(f, "{key} has changed since the tag was given; read it again and redo the change"),
        }
    }
}

/// A commit's claim to be done once: its row in the ledger (rule P6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerClaim {
    /// Whose key, and which.
    pub key: LedgerKey,
    /// What tells this request from another one under the same key.
    pub fingerprint: ContentDigest,
    /// How long the row is kept.
    pub keep_for: Duration,
}

/// An idempotency key: the one who chose it and what was chosen. Two principals never share one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LedgerKey {
    /// Who is asking; empty where nobody is told apart.
    pub principal: String,
    /// The `Idempotency-Key`.
    pub key: String,
}

/// A row of the ledger: what a commit did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerEntry {
    /// The fingerprint of the request that was done.
    pub fingerprint: ContentDigest,
    /// What it did.
    pub items: SmallVec<[Written; 1]>,
}
