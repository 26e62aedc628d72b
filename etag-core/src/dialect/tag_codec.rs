//! What tags look like.

use std::fmt;

use crate::{ETag, Head, Model, StoredTag};

/// What the tags of an API family look like.
///
/// # Contract
/// Two states that one resource has had never have the same tag, and one state has one tag for ever. [`encode`](Self::encode)
/// makes it of what the store knows without the body, so that conditions cost no body (rule T6). The head gives what is
/// needed: revisions are never drawn twice and grow within an epoch, and `modified_at` grows with every state of a resource.
///
/// Where tags tell more than the state, such as what members a representation has, one state has a tag for each
/// [selection](Self::encode_selection), and [`is_current`](Self::is_current) knows them all.
///
/// ```
/// use etag_core::{ETag, Head, Model, TagCodec};
///
/// /// The store's number of the state, as Dataverse shows it.
/// #[derive(Debug)]
/// struct RowVersions;
///
/// impl TagCodec for RowVersions {
///     fn encode(&self, _model: &Model, head: &Head) -> ETag {
///         ETag::weak(head.revision.sequence().to_string()).expect("digits make a tag")
///     }
/// }
/// ```
pub trait TagCodec: fmt::Debug + Send + Sync {
    /// The tag of a state.
    fn encode(&self, model: &Model, head: &Head) -> ETag;

    /// The tag of a representation of a state that has no more than what was asked for, in a family whose tags tell that, too:
    /// each has a tag of its own, for reads to be compared with (RFC 9110 §8.8.3). By default the tag is that of the state.
    ///
    /// What the text of a selection means, the dialect's handlers know.
    ///
    /// ```
    /// use etag_core::{ETag, Head, Model, TagCodec};
    ///
    /// /// `"7"`, `"7;title"`, `"7;title,done"`: the number of the state, and what was asked for.
    /// #[derive(Debug)]
    /// struct NamingMembers;
    ///
    /// impl TagCodec for NamingMembers {
    ///     fn encode(&self, _model: &Model, head: &Head) -> ETag {
    ///         ETag::strong(head.revision.sequence().to_string()).expect("digits make a tag")
    ///     }
    ///
    ///     fn encode_selection(&self, _model: &Model, head: &Head, selection: &str) -> ETag {
    ///         ETag::strong(format!("{};{selection}", head.revision.sequence())).expect("members have plain names")
    ///     }
    ///
    ///     fn is_current(&self, _model: &Model, current: &Head, etag: &ETag) -> bool {
    ///         let state = etag.opaque().split(|byte| *byte == b';').next();
    ///         state == Some(current.revision.sequence().to_string().as_bytes())
    ///     }
    /// }
    /// ```
    fn encode_selection(&self, model: &Model, head: &Head, selection: &str) -> ETag {
        let _ = selection;
        self.encode(model, head)
    }

    /// Whether a tag that is not what [`encode`](Self::encode) makes of the current state names it all the same, so that a
    /// write may go on under it. By default there is no such tag.
    fn is_current(&self, model: &Model, current: &Head, etag: &ETag) -> bool {
        let _ = (model, current, etag);
        false
    }

    /// Whether its tags are those that the store keeps, so that a store can compare them by itself. Only [`StoredTags`] are.
    fn is_as_stored(&self) -> bool {
        false
    }

    /// What a tag names that is not the tag of the current state. Only a dialect that answers differently to former, unknown
    /// and foreign tags needs more than the default, which is [`Named::Unknown`].
    fn decode(&self, model: &Model, current: &Head, etag: &ETag) -> Named {
        let _ = (model, current, etag);
        Named::Unknown
    }
}

/// What a tag names that is not the current one.
///
/// ```
/// use etag_core::{Named, StoredTag};
///
/// let former = StoredTag::from_bytes(b"\"r.AAAAAAAA.42\"")?;
/// assert_ne!(Named::State(former), Named::Unknown);
/// # Ok::<(), etag_core::InvalidETag>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Named {
    /// A state that the resource may have had before, as the store tagged it.
    State(StoredTag),
    /// No state that the resource can have had, or nobody knows.
    Unknown,
    /// No state of any resource of this model: it is a tag of something else, or none of this family.
    Foreign,
}

/// Tags as the store makes them, with the number of the representation (rule T9).
///
/// ```
/// use etag_core::{Dialect, StoredTags};
///
/// let dialect = Dialect { name: "like RFC 9110", codec: &StoredTags, ..Dialect::RFC_9110 };
/// assert_eq!(dialect.mismatch_status, 412);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct StoredTags;

impl TagCodec for StoredTags {
    fn encode(&self, model: &Model, head: &Head) -> ETag {
        model.publish(&head.tag)
    }

    fn is_as_stored(&self) -> bool {
        true
    }

    fn decode(&self, model: &Model, _current: &Head, etag: &ETag) -> Named {
        model.stored(etag).map_or(Named::Foreign, Named::State)
    }
}
