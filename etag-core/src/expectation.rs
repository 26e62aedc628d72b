//! What a write demands of the stored state.

use smallvec::SmallVec;

use crate::{Comparison, Head, Revision, StoredTag};

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
