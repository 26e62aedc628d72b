//! Writes that happen together.

use bytes::Bytes;
use smallvec::SmallVec;

use crate::{ChangeRule, ContentDigest, Expectation, KeepDerived, Key, LedgerClaim, Parents, TagPart, TagPlan};

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

    /// How much of a tag the item compares: writes of the content leave out what doesn't concern their editors (rule F5).
    ///
    /// ```
    /// use etag_core::{Delete, Expectation, Item, Key, TagPart};
    ///
    /// let item = Item::from(Delete::new(Key::new("tasks", "7"), Expectation::Exists));
    /// assert_eq!(item.compares(), TagPart::Whole);
    /// ```
    pub fn compares(&self) -> TagPart {
        match self {
            Self::Put(_) => TagPart::Own,
            Self::Delete(_) | Self::Check(_) => TagPart::Whole,
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
    /// The parents that it names.
    pub parents: Parents,
    /// Which of its last versions are remembered.
    pub changes: ChangeRule,
    /// What to do where the content is what is stored already.
    pub if_unchanged: IfUnchanged,
    /// Puts into the document what is stored of the fields that are derived from children, where the model has some.
    pub keep_derived: Option<KeepDerived>,
}

impl Put {
    /// A write of `body` that names no parents; where the content is unchanged it keeps the tag.
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
        let (parents, if_unchanged) = (Parents::NONE, IfUnchanged::Keep);
        Self {
            key,
            expectation,
            plan,
            content,
            schema,
            body,
            parents,
            changes: ChangeRule::NONE,
            if_unchanged,
            keep_derived: None,
        }
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
