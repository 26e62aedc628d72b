//! How a model's tags are made: its validator, the tag as a store keeps it, and the tag as the world sees it.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::{ContentDigest, ETag, Revision, Strength, touched_tag::Parts};

/// What a model takes its tag from (rule T3). One model, one choice.
///
/// ```
/// # use etag_core::*;
/// # #[derive(Versioned)]
/// # #[versioned(collection = "notes", validator = digest)]
/// # struct Note { #[versioned(id)] id: String, text: String }
/// assert_eq!(Note::MODEL.validator, Validator::Digest(DigestRule::Whole));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Validator {
    /// The revision that the store gives each written state. Strong.
    Revision,
    /// A digest of the content.
    Digest(DigestRule),
    /// The time of the last change. Weak, since two changes may share an instant; the date itself is a strong validator
    /// where the store has proved it (RFC 9110 §8.8.2.2).
    LastModified,
    /// A tag that some other server gave, kept as it came.
    Opaque,
}

/// What goes into a digest tag.
///
/// ```
/// # use etag_core::*;
/// # #[derive(Versioned)]
/// # #[versioned(collection = "notes", validator = digest)]
/// # struct Note { #[versioned(id)] id: String, text: String }
/// let note = |text: &str| Note { id: "1".into(), text: text.into() };
/// assert_eq!(note("milk").etag(), note("milk").etag()); // from the content alone
/// assert_ne!(note("milk").etag(), note("tea").etag());
/// assert_eq!(note("milk").etag().strength(), DigestRule::Whole.strength());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DigestRule {
    /// Every serialised field. Strong.
    Whole,
    /// Some serialised fields are left out. Weak, and spelled `digest(weak)`.
    Weak,
    /// Fields that are not serialised are in it, so it needs a key (rule T8). Strong.
    Keyed,
}

impl DigestRule {
    /// How strong the tag is.
    ///
    /// ```
    /// use etag_core::{DigestRule, Strength};
    ///
    /// assert_eq!(DigestRule::Keyed.strength(), Strength::Strong);
    /// assert_eq!(DigestRule::Weak.strength(), Strength::Weak);
    /// ```
    pub const fn strength(self) -> Strength {
        match self {
            Self::Whole | Self::Keyed => Strength::Strong,
            Self::Weak => Strength::Weak,
        }
    }
}

/// What a write brings along so that the store can make the tag inside the commit: the one way in which tags are made
/// (rule T6).
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
/// use etag_core::{Epoch, Revision, TagPlan};
///
/// let (revision, now) = (Revision::new(Epoch::from_bytes([0; 6]), 42), UNIX_EPOCH + Duration::from_secs(1));
/// assert_eq!(TagPlan::Revision.tag(revision, now).as_bytes(), b"\"r.AAAAAAAA.42\"");
/// assert_eq!(TagPlan::LastModified.tag(revision, now).as_bytes(), b"W/\"m.1000000\"");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TagPlan {
    /// From the revision that the commit draws.
    Revision,
    /// From this digest.
    Digest {
        /// The digest of what the tag covers.
        digest: ContentDigest,
        /// Whether it covers all of it.
        strength: Strength,
    },
    /// From the time that the commit gives the state.
    LastModified,
    /// This very tag.
    Opaque(ETag),
}

impl TagPlan {
    /// The tag of the state that was written as `revision` at `modified_at`.
    ///
    /// ```
    /// use std::time::UNIX_EPOCH;
    /// use etag_core::{ETag, Epoch, Revision, TagPlan};
    ///
    /// let plan = TagPlan::Opaque(ETag::strong("theirs")?);
    /// let revision = Revision::new(Epoch::from_bytes([0; 6]), 42);
    /// assert_eq!(plan.tag(revision, UNIX_EPOCH).as_bytes(), b"\"theirs\"");
    /// # Ok::<(), etag_core::InvalidETag>(())
    /// ```
    pub fn tag(&self, revision: Revision, modified_at: SystemTime) -> StoredTag {
        match self {
            Self::Revision => revision_tag(revision),
            Self::Digest { digest, strength } => StoredTag::of_digest(*digest, *strength),
            Self::LastModified => time_tag(modified_at),
            Self::Opaque(etag) => StoredTag(etag.clone()),
        }
    }

    /// The tag of the state that follows the one with the tag `before`. A digest may come again, so what its tag counts of
    /// touches stays (rule T4).
    pub(crate) fn tag_after(&self, before: &StoredTag, revision: Revision, modified_at: SystemTime) -> StoredTag {
        match self {
            Self::Digest { .. } => self.tag(revision, modified_at).with_counts_of(before),
            _ => self.tag(revision, modified_at),
        }
    }

    /// Whether a state of equal content may keep `tag`: a tag that is made of the content must still say the same.
    pub(crate) fn keeps(&self, tag: &StoredTag) -> bool {
        match self {
            Self::Revision | Self::LastModified => true,
            Self::Digest { digest, strength } => tag.is_made_of(&StoredTag::of_digest(*digest, *strength)),
            Self::Opaque(etag) => tag.0 == *etag,
        }
    }
}

/// A tag as the store keeps and compares it: the published tag without the number of the representation.
///
/// That number belongs to the code that serialises, not to the row, so a deploy that changes the bytes changes all
/// published tags (rule T9) while no row has to be rewritten. [`Model::publish`](crate::Model::publish) and
/// [`Model::stored`](crate::Model::stored) are the only ways between the two, which is why they are two types.
///
/// ```
/// use etag_core::StoredTag;
///
/// let tag = StoredTag::from_bytes(b"\"r.AAAAAAAA.42\"")?;
/// assert_eq!(tag.as_bytes(), b"\"r.AAAAAAAA.42\"");
/// # Ok::<(), etag_core::InvalidETag>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StoredTag(pub(crate) ETag);

impl StoredTag {
    /// The tag that a store has kept as these bytes.
    ///
    /// # Errors
    /// [`InvalidETag`](crate::InvalidETag) where the bytes are not an entity tag, so the row is corrupt.
    ///
    /// ```
    /// use etag_core::StoredTag;
    ///
    /// assert!(StoredTag::from_bytes(b"\"r.AAAAAAAA.42\"").is_ok());
    /// assert!(StoredTag::from_bytes(b"r.AAAAAAAA.42").is_err());
    /// ```
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, crate::InvalidETag> {
        ETag::parse(bytes).map(Self)
    }

    /// The bytes to keep and to compare: an entity tag in wire form. They need not be UTF-8.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// The revision that a revision tag was made of; `None` for every other tag.
    ///
    /// ```
    /// use etag_core::{Revision, StoredTag};
    ///
    /// let tag = StoredTag::from_bytes(b"\"r.AAAAAAAA.42\"")?;
    /// assert_eq!(tag.revision().map(Revision::sequence), Some(42));
    /// assert_eq!(StoredTag::from_bytes(b"W/\"m.1000000\"")?.revision(), None);
    /// # Ok::<(), etag_core::InvalidETag>(())
    /// ```
    pub fn revision(&self) -> Option<Revision> {
        let rest = Parts::of(&self.0).own.strip_prefix(b"r.")?;
        let (epoch, sequence) = rest.split_at_checked(8)?;
        let mut bytes = [0; 6];
        URL_SAFE_NO_PAD.decode_slice(epoch, &mut bytes).ok()?;
        let sequence = std::str::from_utf8(sequence.strip_prefix(b".")?).ok()?.parse().ok()?;
        Some(Revision::new(crate::Epoch::from_bytes(bytes), sequence))
    }

    /// The tag without what counts touches that leave the editors of the content alone (rule F5).
    ///
    /// ```
    /// use etag_core::StoredTag;
    ///
    /// let touched = StoredTag::from_bytes(b"\"r.AAAAAAAA.42:AAAAAAAAr\"")?;
    /// assert_eq!(touched.own_part().as_bytes(), b"\"r.AAAAAAAA.42\"");
    /// # Ok::<(), etag_core::InvalidETag>(())
    /// ```
    #[must_use]
    pub fn own_part(&self) -> Self {
        let Parts { own, locking, free } = Parts::of(&self.0);
        if free.is_empty() {
            return self.clone();
        }
        Self(ETag::from_parts(self.0.strength(), &[own, locking]))
    }

    fn of_digest(digest: ContentDigest, strength: Strength) -> Self {
        Self(ETag::from_parts(strength, &[b"d.", &digest.to_text()]))
    }
}

pub(crate) fn revision_tag(revision: Revision) -> StoredTag {
    let mut epoch = [0; 8];
    let bytes = revision.epoch().to_bytes();
    URL_SAFE_NO_PAD.encode_slice(bytes, &mut epoch).expect("6 bytes are 8 characters of base64url");
    let mut sequence = itoa::Buffer::new();
    let sequence = sequence.format(revision.sequence()).as_bytes();
    StoredTag(ETag::from_parts(Strength::Strong, &[b"r.", &epoch, b".", sequence]))
}

pub(crate) fn time_tag(modified_at: SystemTime) -> StoredTag {
    let micros = modified_at.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros());
    let mut text = itoa::Buffer::new();
    StoredTag(ETag::from_parts(Strength::Weak, &[b"m.", text.format(micros).as_bytes()]))
}
