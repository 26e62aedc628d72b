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
    /// That nothing has made its editors stale since the state whose [`Head::edited`] this is: touches through links with
    /// [`Lock::Own`](crate::Lock::Own) may have come (rule F5).
    Unedited(Revision),
    /// That its state is the one that the batch's item with this index left (rule B1). Never so if that is no earlier item.
    LeftBy(usize),
}

/// How much of a tag a demand compares (rule F5).
///
/// ```
/// use etag_core::{Expectation, StoredTag, TagPart};
///
/// // A child with `lock = own` has touched the resource since.
/// let held = StoredTag::from_bytes(b"\"r.AAAAAAAA.42\"")?;
/// let current = StoredTag::from_bytes(b"\"r.AAAAAAAA.42:AAAAAAAAr\"")?;
/// let Expectation::Matches(demanded) = Expectation::matches(held) else { unreachable!() };
/// assert!(demanded.contains(&current, TagPart::Own));
/// assert!(!demanded.contains(&current, TagPart::Whole));
/// # Ok::<(), etag_core::InvalidETag>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagPart {
    /// All of it: for deletes and checks, as for caches.
    Whole,
    /// What concerns editors of the content: for puts.
    Own,
}

impl Expectation {
    /// That the stored tag is strongly equal to `tag`.
    ///
    /// ```
    /// use etag_core::{Expectation, StoredTag, TagPart};
    ///
    /// let tag = StoredTag::from_bytes(b"\"a\"")?;
    /// let Expectation::Matches(demanded) = Expectation::matches(tag.clone()) else { unreachable!() };
    /// assert!(demanded.contains(&tag, TagPart::Whole));
    /// # Ok::<(), etag_core::InvalidETag>(())
    /// ```
    pub fn matches(tag: StoredTag) -> Self {
        Self::Matches(TagMatch { tags: SmallVec::from_buf([tag]), comparison: Comparison::Strong })
    }

    /// Whether a state satisfies the demand, of which tags are compared by `part`; `left` is the revision of the state that the named earlier item left.
    ///
    /// ```
    /// use etag_core::{Epoch, Expectation, Revision, TagPart};
    ///
    /// assert!(Expectation::Absent.is_met_by(None, TagPart::Own, |_| None));
    /// assert!(!Expectation::Exists.is_met_by(None, TagPart::Own, |_| None));
    ///
    /// // The earlier item left a state, and there is none now.
    /// let left = Revision::new(Epoch::from_bytes([7; 6]), 42);
    /// assert!(!Expectation::LeftBy(0).is_met_by(None, TagPart::Own, |_| Some(left)));
    /// ```
    pub fn is_met_by(&self, state: Option<&Head>, part: TagPart, left: impl FnOnce(usize) -> Option<Revision>) -> bool {
        match (self, state) {
            (Self::Unconditional, _) | (Self::Absent, None) | (Self::Exists, Some(_)) => true,
            (Self::Matches(tags), Some(current)) => tags.contains(&current.tag, part),
            (Self::At(revision), Some(current)) => current.revision == *revision,
            (Self::Unedited(edited), Some(current)) => current.edited == *edited,
            (Self::LeftBy(item), state) => left(*item) == state.map(|head| head.revision),
            (Self::Absent, Some(_)) | (Self::Exists | Self::Matches(_) | Self::At(_) | Self::Unedited(_), None) => {
                false
            }
        }
    }
}

/// The tags of which one must match, and how they are compared.
///
/// ```
/// use etag_core::{Comparison, StoredTag, TagMatch, TagPart};
///
/// let (strong, weak) = (StoredTag::from_bytes(b"\"a\"")?, StoredTag::from_bytes(b"W/\"a\"")?);
/// let by_rfc = TagMatch { tags: [strong.clone()].into(), comparison: Comparison::Strong };
/// assert!(by_rfc.contains(&strong, TagPart::Whole));
/// assert!(!by_rfc.contains(&weak, TagPart::Whole));
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
    /// Whether one of the tags matches this part of the stored one.
    ///
    /// ```
    /// use etag_core::{Comparison, StoredTag, TagMatch, TagPart};
    ///
    /// let (strong, weak) = (StoredTag::from_bytes(b"\"a\"")?, StoredTag::from_bytes(b"W/\"a\"")?);
    /// let leniently = TagMatch { tags: [strong].into(), comparison: Comparison::Weak };
    /// assert!(leniently.contains(&weak, TagPart::Whole));
    /// # Ok::<(), etag_core::InvalidETag>(())
    /// ```
    pub fn contains(&self, current: &StoredTag, part: TagPart) -> bool {
        match part {
            TagPart::Whole => self.tags.iter().any(|tag| self.comparison.matches(&tag.0, &current.0)),
            TagPart::Own => {
                let own = current.own_part();
                self.tags.iter().any(|tag| self.comparison.matches(&tag.own_part().0, &own.0))
            }
        }
    }
}
