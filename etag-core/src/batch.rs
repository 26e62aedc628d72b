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
    ///
    /// ```
    /// use etag_core::Batch;
    ///
    /// let batch = Batch::new();
    /// assert!(batch.items().is_empty());
    /// assert!(batch.ledger().is_none());
    /// ```
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds any item.
    ///
    /// ```
    /// use etag_core::{Batch, Check, Expectation, Item, Key};
    ///
    /// let batch = Batch::new().with(Check::new(Key::new("lists", "1"), Expectation::Exists));
    /// assert!(matches!(batch.items(), [Item::Check(_)]));
    /// ```
    #[must_use]
    pub fn with(mut self, item: impl Into<Item>) -> Self {
        self.items.push(item.into());
        self
    }

    /// Adds a write of a document.
    ///
    /// ```
    /// # use etag_core::*;
    /// # use serde::{Deserialize, Serialize};
    /// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note { #[versioned(id)] id: String, text: String }
    /// let store = MemoryStore::new();
    /// let note = Note { id: "1".into(), text: "milk".into() };
    /// let batch = Batch::new().put(put_document(&store, &note, Expectation::Absent)?);
    /// assert_eq!(batch.items()[0].key().to_string(), "notes/1");
    /// # Ok::<(), etag_core::Error>(())
    /// ```
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
    ///
    /// ```
    /// # use etag_core::*;
    /// # use serde::{Deserialize, Serialize};
    /// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note { #[versioned(id)] id: String, text: String }
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let store = MemoryStore::new();
    /// let note = Note { id: "1".into(), text: "milk".into() };
    /// let batch = Batch::new()
    ///     .check(Check::new(Key::new("lists", "1"), Expectation::Exists))
    ///     .put(put_document(&store, &note, Expectation::Absent)?);
    ///
    /// // There is no such list, so there is no note either.
    /// assert!(store.commit(batch).await.unwrap_err().is_rejected());
    /// assert!(store.find::<Note>(&note.id).await?.is_none());
    /// # Ok::<(), Error>(()) }).unwrap();
    /// ```
    #[must_use]
    pub fn check(self, check: Check) -> Self {
        self.with(check)
    }

    /// Makes the batch one that is done once for its idempotency key, however often it is sent (rule P6).
    ///
    /// ```
    /// # use etag_core::*;
    /// # use serde::{Deserialize, Serialize};
    /// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note { #[versioned(id)] id: String, text: String }
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let store = MemoryStore::new();
    /// let note = Note { id: "1".into(), text: "milk".into() };
    /// let put = put_document(&store, &note, Expectation::Absent)?;
    /// let key = LedgerKey { principal: "ada".into(), key: "k1".into() };
    /// let keep_for = std::time::Duration::from_secs(3600);
    /// let batch = Batch::new().once(LedgerClaim { key, fingerprint: put.content, keep_for }).put(put);
    ///
    /// assert_eq!(store.commit(batch.clone()).await?.replay, Replay::Original);
    /// assert_eq!(store.commit(batch).await?.replay, Replay::Repeated);
    /// # Ok::<(), Error>(()) }).unwrap();
    /// ```
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
///
/// ```
/// use etag_core::{Delete, Expectation, Item, Key};
///
/// let item = Item::from(Delete::new(Key::new("tasks", "7"), Expectation::Exists));
/// assert_eq!(item.key(), &Key::new("tasks", "7"));
/// assert_eq!(item.expectation(), &Expectation::Exists);
/// ```
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
///
/// ```
/// # use etag_core::*;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
/// # #[versioned(collection = "notes", validator = revision)]
/// # struct Note { #[versioned(id)] id: String, text: String }
/// let store = MemoryStore::new();
/// let note = Note { id: "1".into(), text: "milk".into() };
/// let put = put_document(&store, &note, Expectation::Absent)?;
/// assert_eq!(put.key, note.key());
/// assert_eq!(put.plan, TagPlan::Revision);
/// assert_eq!(put.body, r#"{"id":"1","text":"milk"}"#);
/// # Ok::<(), etag_core::Error>(())
/// ```
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
    ///
    /// ```
    /// use etag_core::{ContentDigest, Expectation, IfUnchanged, Key, Put, TagPlan};
    ///
    /// let (key, content) = (Key::new("notes", "1"), ContentDigest::from_bytes([1; 16]));
    /// let put = Put::new(key, Expectation::Absent, TagPlan::Revision, content, 1, r#"{"text":"milk"}"#.into());
    /// assert_eq!(put.if_unchanged, IfUnchanged::Keep);
    /// ```
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
///
/// ```
/// # use etag_core::*;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
/// # #[versioned(collection = "notes", validator = revision)]
/// # struct Note { #[versioned(id)] id: String, text: String }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let store = MemoryStore::new();
/// let note = store.create(&Note { id: "1".into(), text: "milk".into() }).await?;
/// let mut put = put_document(&store, note.value(), Expectation::Exists)?;
/// let kept = store.commit(Batch::new().put(put.clone())).await?;
/// assert_eq!(kept.items[0].effect, Effect::Unchanged);
///
/// put.if_unchanged = IfUnchanged::Rewrite;
/// let rewritten = store.commit(Batch::new().put(put)).await?;
/// assert_eq!(rewritten.items[0].effect, Effect::Replaced);
/// # Ok::<(), Error>(()) }).unwrap();
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IfUnchanged {
    /// Nothing: the tag, the revision and the times stay.
    Keep,
    /// It is a change like any other.
    Rewrite,
}

/// Deletes a resource.
///
/// ```
/// # use etag_core::*;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
/// # #[versioned(collection = "notes", validator = revision)]
/// # struct Note { #[versioned(id)] id: String, text: String }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let store = MemoryStore::new();
/// let note = store.create(&Note { id: "1".into(), text: "milk".into() }).await?;
/// let delete = Delete::new(note.key(), Expectation::At(note.revision()));
/// let done = store.commit(Batch::new().delete(delete)).await?;
/// assert_eq!(done.items[0].effect, Effect::Deleted);
/// # Ok::<(), Error>(()) }).unwrap();
/// ```
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
    ///
    /// ```
    /// use etag_core::{Delete, Expectation, Key};
    ///
    /// let delete = Delete::new(Key::new("tasks", "7"), Expectation::Exists);
    /// assert_eq!(delete.key.id(), "7");
    /// assert_eq!(delete.expectation, Expectation::Exists);
    /// ```
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
///
/// ```
/// # use etag_core::*;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
/// # #[versioned(collection = "notes", validator = revision)]
/// # struct Note { #[versioned(id)] id: String, text: String }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let store = MemoryStore::new();
/// let note = store.create(&Note { id: "1".into(), text: "milk".into() }).await?;
/// let check = Check::new(note.key(), Expectation::At(note.revision()));
/// let done = store.commit(Batch::new().check(check)).await?;
/// assert_eq!(done.items[0].effect, Effect::Checked);
/// assert_eq!(done.items[0].head.as_ref(), Some(note.head()));
/// # Ok::<(), Error>(()) }).unwrap();
/// ```
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
    ///
    /// ```
    /// use etag_core::{Check, Expectation, Key};
    ///
    /// let check = Check::new(Key::new("tasks", "7"), Expectation::Exists);
    /// assert_eq!(check.key.id(), "7");
    /// assert_eq!(check.expectation, Expectation::Exists);
    /// ```
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
///
/// ```
/// # use etag_core::*;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
/// # #[versioned(collection = "notes", validator = revision)]
/// # struct Note { #[versioned(id)] id: String, text: String }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let store = MemoryStore::new();
/// let milk = Note { id: "1".into(), text: "milk".into() };
/// let (effect, head) = store.put(&milk, Expectation::Absent).await?;
/// assert_eq!(effect, Effect::Created);
///
/// let eggs = Note { text: "eggs".into(), ..milk };
/// store.put(&eggs, Expectation::At(head.revision)).await?;
/// let late = store.put(&eggs, Expectation::matches(head.tag)).await;
/// assert!(late.unwrap_err().is_stale());
/// # Ok::<(), Error>(()) }).unwrap();
/// ```
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
    ///
    /// ```
    /// use etag_core::{Expectation, StoredTag};
    ///
    /// let tag = StoredTag::from_bytes(b"\"a\"")?;
    /// let Expectation::Matches(demanded) = Expectation::matches(tag.clone()) else { unreachable!() };
    /// assert!(demanded.contains(&tag));
    /// # Ok::<(), etag_core::InvalidETag>(())
    /// ```
    pub fn matches(tag: StoredTag) -> Self {
        Self::Matches(TagMatch { tags: SmallVec::from_buf([tag]), comparison: Comparison::Strong })
    }

    /// Whether a state satisfies the demand; `left` is the revision of the state that the named earlier item left.
    ///
    /// ```
    /// use etag_core::{Epoch, Expectation, Revision};
    ///
    /// assert!(Expectation::Absent.is_met_by(None, |_| None));
    /// assert!(!Expectation::Exists.is_met_by(None, |_| None));
    ///
    /// // The earlier item left a state, and there is none now.
    /// let left = Revision::new(Epoch::from_bytes([7; 6]), 42);
    /// assert!(!Expectation::LeftBy(0).is_met_by(None, |_| Some(left)));
    /// ```
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
///
/// ```
/// use etag_core::{Comparison, StoredTag, TagMatch};
///
/// let (strong, weak) = (StoredTag::from_bytes(b"\"a\"")?, StoredTag::from_bytes(b"W/\"a\"")?);
/// let by_rfc = TagMatch { tags: [strong.clone()].into(), comparison: Comparison::Strong };
/// assert!(by_rfc.contains(&strong));
/// assert!(!by_rfc.contains(&weak));
/// # Ok::<(), etag_core::InvalidETag>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagMatch {
    /// The tags. None at all matches nothing.
    pub tags: SmallVec<[StoredTag; 1]>,
    /// How they are compared. RFC 9110 §13.1.1 demands [`Comparison::Strong`]; some dialects differ.
    pub comparison: Comparison,
}

impl TagMatch {
    /// Whether one of the tags matches the stored one.
    ///
    /// ```
    /// use etag_core::{Comparison, StoredTag, TagMatch};
    ///
    /// let (strong, weak) = (StoredTag::from_bytes(b"\"a\"")?, StoredTag::from_bytes(b"W/\"a\"")?);
    /// let leniently = TagMatch { tags: [strong].into(), comparison: Comparison::Weak };
    /// assert!(leniently.contains(&weak));
    /// # Ok::<(), etag_core::InvalidETag>(())
    /// ```
    pub fn contains(&self, current: &StoredTag) -> bool {
        self.tags.iter().any(|tag| self.comparison.matches(&tag.0, &current.0))
    }
}

/// What a commit did, when every expectation was met.
///
/// ```
/// # use etag_core::*;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
/// # #[versioned(collection = "notes", validator = revision)]
/// # struct Note { #[versioned(id)] id: String, text: String }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let store = MemoryStore::new();
/// let note = Note { id: "1".into(), text: "milk".into() };
/// let batch = Batch::new()
///     .check(Check::new(Key::new("notes", "2"), Expectation::Absent))
///     .put(put_document(&store, &note, Expectation::Absent)?);
/// let Committed { items, replay, .. } = store.commit(batch).await?;
/// assert_eq!(items.iter().map(|item| item.effect).collect::<Vec<_>>(), [Effect::Checked, Effect::Created]);
/// assert_eq!(replay, Replay::Original);
/// # Ok::<(), Error>(()) }).unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct Committed {
    /// For each item, in order, what it did.
    pub items: SmallVec<[Written; 1]>,
    /// Whether this is what an earlier commit under the same idempotency key did, and nothing was written now.
    pub replay: Replay,
}

/// Whether an answer is a commit's own or an earlier one's.
///
/// ```
/// # use etag_core::*;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
/// # #[versioned(collection = "notes", validator = revision)]
/// # struct Note { #[versioned(id)] id: String, text: String }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let store = MemoryStore::new();
/// let done = store.commit(Batch::new()).await?;
/// let status = match done.replay {
///     Replay::Original => "done",
///     Replay::Repeated => "was done before",
/// };
/// assert_eq!(status, "done");
/// # Ok::<(), Error>(()) }).unwrap();
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replay {
    /// The commit's own.
    Original,
    /// An earlier commit's, from the ledger.
    Repeated,
}

/// What one item did.
///
/// ```
/// # use etag_core::*;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
/// # #[versioned(collection = "notes", validator = revision)]
/// # struct Note { #[versioned(id)] id: String, text: String }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let store = MemoryStore::new();
/// let check = Check::new(Key::new("notes", "1"), Expectation::Absent);
/// let done = store.commit(Batch::new().check(check)).await?;
/// assert_eq!(done.items[0], Written { effect: Effect::Checked, head: None });
/// # Ok::<(), Error>(()) }).unwrap();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// What happened.
    pub effect: Effect,
    /// The state that the item left; for a delete the state that it removed; `None` for a check of what is absent.
    pub head: Option<Head>,
}

/// What happened to a resource.
///
/// ```
/// # use etag_core::*;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
/// # #[versioned(collection = "notes", validator = revision)]
/// # struct Note { #[versioned(id)] id: String, text: String }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let store = MemoryStore::new();
/// let mut note = Note { id: "1".into(), text: "milk".into() };
/// assert_eq!(store.put(&note, Expectation::Unconditional).await?.0, Effect::Created);
/// assert_eq!(store.put(&note, Expectation::Unconditional).await?.0, Effect::Unchanged);
/// note.text.push_str(", eggs");
/// assert_eq!(store.put(&note, Expectation::Unconditional).await?.0, Effect::Replaced);
/// # Ok::<(), Error>(()) }).unwrap();
/// ```
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
///
/// ```
/// # use etag_core::*;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
/// # #[versioned(collection = "notes", validator = revision)]
/// # struct Note { #[versioned(id)] id: String, text: String }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let store = MemoryStore::new();
/// let note = store.create(&Note { id: "1".into(), text: "milk".into() }).await?;
/// let error = store.create(note.value()).await.unwrap_err();
/// let [conflict] = error.conflicts() else { unreachable!() };
/// assert_eq!(conflict.expectation, Expectation::Absent);
/// assert_eq!(conflict.met.as_ref(), Some(note.head()));
/// assert_eq!(conflict.to_string(), "notes/1 exists already");
/// # Ok::<(), Error>(()) }).unwrap();
/// ```
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
    ///
    /// ```
    /// use etag_core::{Conflict, ErrorKind, Expectation, Key};
    ///
    /// let conflict = Conflict { item: 0, key: Key::new("notes", "1"), expectation: Expectation::Exists, met: None };
    /// assert_eq!(conflict.error_kind(), ErrorKind::NotFound);
    /// ```
    pub fn error_kind(&self) -> ErrorKind {
        match (&self.expectation, &self.met) {
            (_, None) => ErrorKind::NotFound,
            (Expectation::Absent, Some(_)) => ErrorKind::AlreadyExists,
            (_, Some(_)) => ErrorKind::Stale,
        }
    }

    /// Whether the tag that was demanded belongs to an earlier resource under this key, one that was deleted. Only
    /// revision tags can tell.
    ///
    /// ```
    /// # use etag_core::*;
    /// # use serde::{Deserialize, Serialize};
    /// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
    /// # #[versioned(collection = "notes", validator = revision)]
    /// # struct Note { #[versioned(id)] id: String, text: String }
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let store = MemoryStore::new();
    /// let former = store.create(&Note { id: "1".into(), text: "milk".into() }).await?;
    /// store.delete::<Note>(&former.id, former.etag()).await?;
    /// let note = store.create(&Note { id: "1".into(), text: "eggs".into() }).await?;
    ///
    /// let error = store.replace(note.value(), former.etag()).await.unwrap_err();
    /// assert!(error.conflicts()[0].is_about_a_former_resource());
    /// # Ok::<(), Error>(()) }).unwrap();
    /// ```
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
///
/// ```
/// # use etag_core::*;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
/// # #[versioned(collection = "notes", validator = revision)]
/// # struct Note { #[versioned(id)] id: String, text: String }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let store = MemoryStore::new();
/// let key = LedgerKey { principal: "ada".into(), key: "k1".into() };
/// let keep_for = std::time::Duration::from_secs(3600);
/// let claim = LedgerClaim { key, fingerprint: ContentDigest::from_bytes([1; 16]), keep_for };
/// store.commit(Batch::new().once(claim.clone())).await?;
///
/// let other = LedgerClaim { fingerprint: ContentDigest::from_bytes([2; 16]), ..claim };
/// let error = store.commit(Batch::new().once(other)).await.unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::KeyReused);
/// # Ok::<(), Error>(()) }).unwrap();
/// ```
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
///
/// ```
/// use etag_core::LedgerKey;
///
/// let ada = LedgerKey { principal: "ada".into(), key: "k1".into() };
/// let bob = LedgerKey { principal: "bob".into(), key: "k1".into() };
/// assert_ne!(ada, bob);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LedgerKey {
    /// Who is asking; empty where nobody is told apart.
    pub principal: String,
    /// The `Idempotency-Key`.
    pub key: String,
}

/// A row of the ledger: what a commit did.
///
/// ```
/// # use etag_core::*;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Versioned)]
/// # #[versioned(collection = "notes", validator = revision)]
/// # struct Note { #[versioned(id)] id: String, text: String }
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let store = MemoryStore::new();
/// let key = LedgerKey { principal: "ada".into(), key: "k1".into() };
/// let (fingerprint, keep_for) = (ContentDigest::from_bytes([1; 16]), std::time::Duration::from_secs(3600));
/// let claim = LedgerClaim { key: key.clone(), fingerprint, keep_for };
/// let done = store.commit(Batch::new().once(claim)).await?;
/// assert_eq!(store.recall(&key).await?, Some(LedgerEntry { fingerprint, items: done.items }));
/// # Ok::<(), Error>(()) }).unwrap();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerEntry {
    /// The fingerprint of the request that was done.
    pub fingerprint: ContentDigest,
    /// What it did.
    pub items: SmallVec<[Written; 1]>,
}
