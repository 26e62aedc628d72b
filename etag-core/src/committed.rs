//! What a commit did.

use bytes::Bytes;
use smallvec::SmallVec;

use crate::{Head, Key, StoredTag};

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
    /// What else it changed: parents that were touched, children that went or were detached with a parent (rule F4).
    pub touched: Vec<Touched>,
    /// Whether this is what an earlier commit under the same idempotency key did, and nothing was written now.
    pub replay: Replay,
}

/// A resource that a commit changed without writing it.
///
/// Whoever holds `before` may go on with `after` as a condition: all that came between is this commit. Whoever holds another
/// tag must not, since there are changes that they never saw (rule F4). The representation may have changed all the same.
///
/// ```
/// use etag_core::{Key, StoredTag, Touched};
///
/// let [before, after] = [b"\"r.AAAAAAAA.1\"", b"\"r.AAAAAAAA.3\""].map(|tag| StoredTag::from_bytes(tag).unwrap());
/// let touched = Touched { key: Key::new("boards", "1"), before: before.clone(), after: Some(after.clone()) };
/// assert_eq!(touched.advance(&before), Some(&after));
/// assert_eq!(touched.advance(&after), None);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touched {
    /// The resource.
    pub key: Key,
    /// Its tag before.
    pub before: StoredTag,
    /// Its tag after; `None` where it went with a parent.
    pub after: Option<StoredTag>,
}

impl Touched {
    /// The tag that a holder of `held` may go on with, if it saw the state before.
    pub fn advance(&self, held: &StoredTag) -> Option<&StoredTag> {
        self.after.as_ref().filter(|_| *held == self.before)
    }
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
/// assert_eq!(done.items[0], Written::new(Effect::Checked, None));
/// # Ok::<(), Error>(()) }).unwrap();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// What happened.
    pub effect: Effect,
    /// The state that the item left; for a delete the state that it removed; `None` for a check of what is absent.
    pub head: Option<Head>,
    /// The document that a put left, where the store completed it with what is derived from children. A ledger keeps none.
    pub body: Option<Bytes>,
}

impl Written {
    /// An item that did this and left this state, its document as it was given.
    ///
    /// ```
    /// use etag_core::{Effect, Written};
    ///
    /// assert_eq!(Written::new(Effect::Checked, None).body, None);
    /// ```
    pub const fn new(effect: Effect, head: Option<Head>) -> Self {
        Self { effect, head, body: None }
    }
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
