//! The tags of a field, without a heap allocation for one.

use std::fmt;
use std::ops::Deref;
use std::slice;

use crate::etag::ETag;

/// The tags of a field. One of up to 62 bytes is held without a heap allocation.
///
/// It is a slice of [`ETag`]s, made by [`EntityTags::parse`](super::EntityTags::parse) or collected from tags.
///
/// # Examples
///
/// ```
/// use etag_core::{ETag, TagList};
///
/// let tags: TagList = [ETag::strong("1")?, ETag::weak("2")?].into_iter().collect();
/// assert_eq!(tags.len(), 2);
/// # Ok::<(), etag_core::InvalidETag>(())
/// ```
#[derive(Clone)]
pub struct TagList(Tags);

/// No larger than a tag, which a `SmallVec` would be: a list is moved a few times on its way
/// into the preconditions of a request.
#[derive(Clone)]
enum Tags {
    One(ETag),
    Many(Vec<ETag>),
}

impl TagList {
    pub(super) const EMPTY: Self = Self(Tags::Many(Vec::new()));

    pub(super) fn push(&mut self, tag: ETag) {
        match &mut self.0 {
            Tags::Many(tags) if tags.is_empty() => self.0 = Tags::One(tag),
            Tags::Many(tags) => tags.push(tag),
            Tags::One(first) => self.0 = Tags::Many(vec![first.clone(), tag]),
        }
    }
}

impl From<ETag> for TagList {
    #[inline]
    fn from(tag: ETag) -> Self {
        Self(Tags::One(tag))
    }
}

impl Deref for TagList {
    type Target = [ETag];

    fn deref(&self) -> &[ETag] {
        match &self.0 {
            Tags::One(tag) => slice::from_ref(tag),
            Tags::Many(tags) => tags,
        }
    }
}

impl PartialEq for TagList {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for TagList {}

impl fmt::Debug for TagList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self).finish()
    }
}

impl FromIterator<ETag> for TagList {
    fn from_iter<I: IntoIterator<Item = ETag>>(tags: I) -> Self {
        let mut list = Self::EMPTY;
        tags.into_iter().for_each(|tag| list.push(tag));
        list
    }
}

impl<'t> IntoIterator for &'t TagList {
    type Item = &'t ETag;
    type IntoIter = slice::Iter<'t, ETag>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}
