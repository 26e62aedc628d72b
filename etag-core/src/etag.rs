//! Entity tags (RFC 9110 §8.8.3): validated once, kept as they travel on the wire.

mod convert;
mod scan;
#[cfg(test)]
mod tests;
mod wire;

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::iter;

pub use self::scan::InvalidETag;
pub(crate) use self::scan::{TagFault, is_etagc, scan};
use self::wire::Wire;

/// Whether a validator changes with every observable change of its representation.
///
/// A *strong* validator does; a *weak* one may stay the same for changes that the origin
/// server deems insignificant (RFC 9110 §8.8.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Strength {
    /// Changes whenever the representation does.
    Strong,
    /// May stay the same although the representation changed.
    Weak,
}

/// An entity tag, valid by construction (RFC 9110 §8.8.3).
///
/// It is kept in wire form, `"..."` or `W/"..."`. A wire form of up to 62 bytes is stored
/// inline and costs no heap allocation; a longer one is reference-counted.
///
/// # Comparison
///
/// `==` asks whether two tags are the same sequence of bytes. The RFC knows two other
/// comparisons (RFC 9110 §8.8.3.2):
///
/// | one      | other    | [`strong_eq`](Self::strong_eq) | [`weak_eq`](Self::weak_eq) | `==` |
/// |----------|----------|-----------|----------|-----------|
/// | `W/"1"`  | `W/"1"`  | no match  | match    | equal     |
/// | `W/"1"`  | `W/"2"`  | no match  | no match | different |
/// | `W/"1"`  | `"1"`    | no match  | match    | different |
/// | `"1"`    | `"1"`    | match     | match    | equal     |
///
/// The order of `Ord` is that of the wire bytes. It has no meaning in HTTP and serves sorted
/// collections.
///
/// # Examples
///
/// ```
/// use etag_core::ETag;
///
/// let tag = ETag::strong("rev-7")?;
/// assert_eq!(tag.as_bytes(), b"\"rev-7\"");
/// assert_eq!(tag, "\"rev-7\"".parse()?);
///
/// let weakened = tag.to_weak();
/// assert!(weakened.weak_eq(&tag));
/// assert!(!weakened.strong_eq(&tag));
/// # Ok::<(), etag_core::InvalidETag>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct ETag(Wire);

impl ETag {
    /// Makes a strong tag from the text that stands between its quotes.
    ///
    /// # Errors
    ///
    /// When a byte is not an `etagc`: 0x21, 0x23 to 0x7E, or 0x80 to 0xFF.
    ///
    /// # Examples
    ///
    /// ```
    /// use etag_core::ETag;
    ///
    /// assert_eq!(ETag::strong("a,b")?.to_string(), r#""a,b""#);
    /// assert!(ETag::strong("a b").is_err());
    /// # Ok::<(), etag_core::InvalidETag>(())
    /// ```
    pub fn strong(opaque: impl AsRef<[u8]>) -> Result<Self, InvalidETag> {
        Self::from_opaque(Strength::Strong, opaque.as_ref())
    }

    /// Makes a weak tag from the text that stands between its quotes.
    ///
    /// # Errors
    ///
    /// As for [`ETag::strong`].
    ///
    /// # Examples
    ///
    /// ```
    /// use etag_core::ETag;
    ///
    /// assert_eq!(ETag::weak("a")?.to_string(), r#"W/"a""#);
    /// # Ok::<(), etag_core::InvalidETag>(())
    /// ```
    pub fn weak(opaque: impl AsRef<[u8]>) -> Result<Self, InvalidETag> {
        Self::from_opaque(Strength::Weak, opaque.as_ref())
    }

    /// Reads exactly one tag in wire form, with nothing before or after it.
    ///
    /// # Errors
    ///
    /// When `wire` is anything but one `entity-tag` of RFC 9110 §8.8.3. The weak prefix is
    /// case-sensitive, and no white space is skipped.
    ///
    /// # Examples
    ///
    /// ```
    /// use etag_core::ETag;
    ///
    /// assert!(ETag::parse(br#"W/"a""#)?.is_weak());
    /// assert_eq!(
    ///     ETag::parse(b"\"a").unwrap_err().to_string(),
    ///     "byte 3: the closing double quote is missing",
    /// );
    /// # Ok::<(), etag_core::InvalidETag>(())
    /// ```
    pub fn parse(wire: &[u8]) -> Result<Self, InvalidETag> {
        let len = scan(wire)?;
        if len < wire.len() {
            return Err(InvalidETag::at(len, TagFault::Trailing));
        }
        Ok(Self::from_scanned(wire))
    }

    /// The tag as it travels: `"..."` or `W/"..."`.
    ///
    /// # Examples
    ///
    /// ```
    /// let tag = etag_core::ETag::weak("a")?;
    /// assert_eq!(tag.as_bytes(), b"W/\"a\"");
    /// # Ok::<(), etag_core::InvalidETag>(())
    /// ```
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }

    /// The wire form as text, or `None` when it holds bytes that are not UTF-8.
    ///
    /// # Examples
    ///
    /// ```
    /// use etag_core::ETag;
    ///
    /// assert_eq!(ETag::strong("a")?.to_str(), Some("\"a\""));
    /// assert_eq!(ETag::strong(b"\xE9")?.to_str(), None);
    /// # Ok::<(), etag_core::InvalidETag>(())
    /// ```
    pub fn to_str(&self) -> Option<&str> {
        str::from_utf8(self.as_bytes()).ok()
    }

    /// The bytes between the quotes.
    ///
    /// # Examples
    ///
    /// ```
    /// let tag = etag_core::ETag::weak("a")?;
    /// assert_eq!(tag.opaque(), b"a");
    /// # Ok::<(), etag_core::InvalidETag>(())
    /// ```
    #[inline]
    pub fn opaque(&self) -> &[u8] {
        let wire = self.as_bytes();
        &wire[self.strength().opening().len()..wire.len() - 1]
    }

    /// Whether the tag is weak or strong.
    ///
    /// # Examples
    ///
    /// ```
    /// use etag_core::{ETag, Strength};
    ///
    /// assert_eq!(ETag::weak("a")?.strength(), Strength::Weak);
    /// # Ok::<(), etag_core::InvalidETag>(())
    /// ```
    #[inline]
    pub fn strength(&self) -> Strength {
        match self.as_bytes()[0] {
            b'W' => Strength::Weak,
            _ => Strength::Strong,
        }
    }

    /// Whether the tag is weak.
    ///
    /// # Examples
    ///
    /// ```
    /// assert!(!etag_core::ETag::strong("a")?.is_weak());
    /// # Ok::<(), etag_core::InvalidETag>(())
    /// ```
    #[inline]
    pub fn is_weak(&self) -> bool {
        self.strength() == Strength::Weak
    }

    /// A weak tag with the same opaque text.
    ///
    /// # Examples
    ///
    /// ```
    /// use etag_core::ETag;
    ///
    /// assert_eq!(ETag::strong("a")?.to_weak(), ETag::weak("a")?);
    /// # Ok::<(), etag_core::InvalidETag>(())
    /// ```
    #[must_use]
    pub fn to_weak(&self) -> Self {
        self.clone().into_weak()
    }

    /// This tag, weakened; a weak one stays as it is.
    ///
    /// # Examples
    ///
    /// ```
    /// use etag_core::ETag;
    ///
    /// assert_eq!(ETag::weak("a")?.into_weak(), ETag::weak("a")?);
    /// # Ok::<(), etag_core::InvalidETag>(())
    /// ```
    #[must_use]
    pub fn into_weak(self) -> Self {
        if self.is_weak() {
            return self;
        }
        Self::from_parts(Strength::Weak, &[self.opaque()])
    }

    /// The strong comparison: both are strong and their opaque text is the same.
    ///
    /// For `If-Match` and `If-Range` (RFC 9110 §8.8.3.2; the table is [above](Self#comparison)).
    ///
    /// # Examples
    ///
    /// ```
    /// use etag_core::ETag;
    ///
    /// let weak = ETag::weak("1")?;
    /// assert!(!weak.strong_eq(&weak));
    /// # Ok::<(), etag_core::InvalidETag>(())
    /// ```
    #[inline]
    pub fn strong_eq(&self, other: &Self) -> bool {
        !self.is_weak() && self == other
    }

    /// The weak comparison: the opaque text is the same, whatever the strength.
    ///
    /// For `If-None-Match` (RFC 9110 §8.8.3.2; the table is [above](Self#comparison)).
    ///
    /// # Examples
    ///
    /// ```
    /// use etag_core::ETag;
    ///
    /// assert!(ETag::weak("1")?.weak_eq(&ETag::strong("1")?));
    /// # Ok::<(), etag_core::InvalidETag>(())
    /// ```
    #[inline]
    pub fn weak_eq(&self, other: &Self) -> bool {
        self == other || (self.strength() != other.strength() && self.opaque() == other.opaque())
    }

    /// Joins pieces that are known to hold nothing but `etagc`, without an allocation when the
    /// wire form fits inline.
    pub(crate) fn from_parts(strength: Strength, pieces: &[&[u8]]) -> Self {
        debug_assert!(
            pieces.iter().copied().flatten().copied().all(is_etagc),
            "a piece of a tag holds a byte that is not an etagc"
        );
        let opaque: usize = pieces.iter().map(|piece| piece.len()).sum();
        let opening = strength.opening();
        let wire = iter::once(opening).chain(pieces.iter().copied()).chain(iter::once(&b"\""[..]));
        Self(Wire::collect(opening.len() + opaque + 1, wire))
    }

    /// The same tag with `piece`, which holds nothing but `etagc`, put in after the first byte of its opaque text.
    #[inline]
    pub(crate) fn with_second(&self, piece: &[u8]) -> Self {
        debug_assert!(piece.iter().copied().all(is_etagc), "the piece holds a byte that is not an etagc");
        let first = self.opaque().len().min(1);
        Self(self.0.with(self.strength().opening().len() + first, piece))
    }

    /// Keeps a wire form that [`scan`] accepted in full.
    #[inline]
    pub(crate) fn from_scanned(wire: &[u8]) -> Self {
        debug_assert_eq!(scan(wire), Ok(wire.len()), "the tag was not scanned");
        Self(Wire::copy(wire))
    }

    fn from_opaque(strength: Strength, opaque: &[u8]) -> Result<Self, InvalidETag> {
        match opaque.iter().position(|&byte| !is_etagc(byte)) {
            Some(at) => Err(InvalidETag::at(at, TagFault::Forbidden(opaque[at]))),
            None => Ok(Self::from_parts(strength, &[opaque])),
        }
    }
}

impl Strength {
    fn opening(self) -> &'static [u8] {
        match self {
            Strength::Strong => b"\"",
            Strength::Weak => b"W/\"",
        }
    }
}

impl Hash for ETag {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_bytes().hash(state);
    }
}

impl Ord for ETag {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

impl PartialOrd for ETag {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Writes the wire form; a byte that is not UTF-8 is written as `\xE9`.
///
/// That makes it lossy for such tags: send [`ETag::as_bytes`], show this.
impl fmt::Display for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for chunk in self.as_bytes().utf8_chunks() {
            f.write_str(chunk.valid())?;
            write!(f, "{}", chunk.invalid().escape_ascii())?;
        }
        Ok(())
    }
}

impl fmt::Debug for ETag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ETag({self})")
    }
}
