//! The state of a resource, as far as preconditions look at it.

use std::time::SystemTime;

use crate::etag::{ETag, Strength};
use crate::etag_list::EntityTags;
use crate::http_date::whole_seconds;
use crate::precondition::Comparison;

/// The state that preconditions are compared with.
///
/// A representation without a tag is not the same as no representation: `If-Match: *` passes
/// for the first and fails for the second.
///
/// # Examples
///
/// ```
/// use etag_core::{Current, EntityTags, MethodKind, Preconditions, Verdict};
///
/// let request = Preconditions::none().with_if_match(EntityTags::Any);
/// let untagged = Current::Present { etag: None, last_modified: None };
/// assert_eq!(request.evaluate(&untagged, MethodKind::Write), Verdict::Proceed);
/// assert_ne!(request.evaluate(&Current::Absent, MethodKind::Write), Verdict::Proceed);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Current<'a> {
    /// There is no current representation.
    Absent,
    /// There is one, with the validators that it has.
    Present {
        /// Its tag.
        etag: Option<&'a ETag>,
        /// When it was last modified.
        last_modified: Option<LastModified>,
    },
}

impl<'a> Current<'a> {
    /// A representation with this tag and no date.
    ///
    /// # Examples
    ///
    /// ```
    /// use etag_core::{Current, ETag};
    ///
    /// let tag = ETag::strong("1")?;
    /// let current = Current::tagged(&tag);
    /// assert_eq!(current, Current::Present { etag: Some(&tag), last_modified: None });
    /// # Ok::<(), etag_core::InvalidETag>(())
    /// ```
    pub fn tagged(etag: &'a ETag) -> Self {
        Current::Present { etag: Some(etag), last_modified: None }
    }

    pub(super) fn etag(&self) -> Option<&'a ETag> {
        match self {
            Current::Absent => None,
            Current::Present { etag, .. } => *etag,
        }
    }

    pub(super) fn last_modified(&self) -> Option<LastModified> {
        match self {
            Current::Absent => None,
            Current::Present { last_modified, .. } => *last_modified,
        }
    }

    pub(crate) fn is_among(&self, tags: &EntityTags, comparison: Comparison) -> bool {
        match self {
            Current::Absent => false,
            Current::Present { etag, .. } => tags.include(*etag, comparison),
        }
    }
}

/// A modification date and whether it is a strong validator (RFC 9110 §8.8.2).
///
/// Dates are compared in whole seconds, as HTTP knows them. A date is weak unless the origin
/// can prove that the representation did not change twice within its second (§8.8.2.2).
///
/// # Examples
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
/// use etag_core::{LastModified, Strength};
///
/// let at = UNIX_EPOCH + Duration::from_secs(60);
/// assert_eq!(LastModified::weak(at).strength, Strength::Weak);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastModified {
    /// When.
    pub at: SystemTime,
    /// Strong, or weak.
    pub strength: Strength,
}

impl LastModified {
    /// A date that two states of the representation cannot share.
    ///
    /// # Examples
    ///
    /// ```
    /// use std::time::UNIX_EPOCH;
    /// use etag_core::{Comparison, Current, Guard, LastModified, Preconditions};
    ///
    /// let request = Preconditions::none().with_if_unmodified_since(UNIX_EPOCH);
    /// let dated = |date| Current::Present { etag: None, last_modified: Some(date) };
    /// let guard = |date| request.guards_write(&dated(date), Comparison::Strong);
    /// assert_eq!(guard(LastModified::strong(UNIX_EPOCH)), Guard::Date);
    /// assert_eq!(guard(LastModified::weak(UNIX_EPOCH)), Guard::None);
    /// ```
    pub fn strong(at: SystemTime) -> Self {
        let strength = Strength::Strong;
        Self { at, strength }
    }

    /// A date that two states of the representation may share.
    pub fn weak(at: SystemTime) -> Self {
        let strength = Strength::Weak;
        Self { at, strength }
    }

    pub(super) fn is_after(self, date: SystemTime) -> bool {
        whole_seconds(self.at) > whole_seconds(date)
    }

    pub(super) fn is_strong(self) -> bool {
        self.strength == Strength::Strong
    }
}
