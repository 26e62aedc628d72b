//! Where tags travel.

use std::borrow::Cow;

use crate::{ETag, InvalidETag};

/// Where answers carry the tag.
///
/// ```
/// use etag_core::{Dialect, TagPlacement};
///
/// assert_eq!(Dialect::RFC_9110.tag_placement, TagPlacement::Header);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TagPlacement {
    /// In the `ETag` header.
    Header,
    /// In a member of each representation.
    Member(TagMember),
    /// In both.
    HeaderAndMember(TagMember),
}

impl TagPlacement {
    /// Whether the `ETag` header carries it.
    pub const fn is_in_header(self) -> bool {
        matches!(self, Self::Header | Self::HeaderAndMember(_))
    }

    /// The member that carries it.
    pub const fn member(self) -> Option<TagMember> {
        match self {
            Self::Header => None,
            Self::Member(member) | Self::HeaderAndMember(member) => Some(member),
        }
    }
}

/// Where requests carry the condition of a write.
///
/// ```
/// use etag_core::{ConditionPlacement, Dialect};
///
/// assert_eq!(Dialect::RFC_9110.condition_placement, ConditionPlacement::Headers);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConditionPlacement {
    /// In the conditional headers (RFC 9110 §13.1).
    Headers,
    /// In the body, as the member that holds the tag; conditional headers mean nothing.
    Member(TagMember),
}

/// A member of a JSON object that holds a tag.
///
/// ```
/// use etag_core::{ETag, TagMember, TagText};
///
/// let (quoted, bare) = (TagMember::new("@odata.etag", TagText::Quoted), TagMember::new("etag", TagText::Bare));
/// let etag = ETag::weak("7")?;
/// assert_eq!(quoted.text_of(&etag), r#"W/"7""#);
/// assert_eq!(bare.text_of(&etag), "7");
/// assert_eq!(quoted.read(r#"W/"7""#)?, etag);
/// assert!(bare.read("7")?.weak_eq(&etag));
/// # Ok::<(), etag_core::InvalidETag>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TagMember {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub text: TagText,
}

/// What a member says of a tag.
///
/// ```
/// use etag_core::TagText;
///
/// assert_ne!(TagText::Quoted, TagText::Bare);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagText {
    /// All of it as a header has it: quotes, and `W/` where it is weak.
    Quoted,
    /// What stands between the quotes; such tags are strong.
    Bare,
}

impl TagMember {
    /// The member with this name.
    pub const fn new(name: &'static str, text: TagText) -> Self {
        Self { name, text }
    }

    /// What the member says of a tag. Bytes that are not text, which no codec of text makes, become U+FFFD.
    pub fn text_of(self, etag: &ETag) -> Cow<'_, str> {
        let bytes = match self.text {
            TagText::Quoted => etag.as_bytes(),
            TagText::Bare => etag.opaque(),
        };
        String::from_utf8_lossy(bytes)
    }

    /// The tag that the member says.
    ///
    /// # Errors
    /// [`InvalidETag`] where the text is none.
    pub fn read(self, text: &str) -> Result<ETag, InvalidETag> {
        match self.text {
            TagText::Quoted => ETag::parse(text.as_bytes()),
            TagText::Bare => ETag::strong(text),
        }
    }
}
