//! The canonical digest of content: SHA-256 fed field by field, the same on every platform (rule T4).

mod content;

use std::fmt;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{
    Digest as _, Sha256,
    digest::{KeyInit as _, Mac as _},
};

pub use self::content::Content;

type HmacSha256 = hmac::Hmac<Sha256>;

/// 128 bits of SHA-256 over a value's content.
///
/// ```
/// use etag_core::{Content, Digester};
///
/// let mut sink = Digester::new();
/// "tea".feed(&mut sink);
/// let digest = sink.finish();
/// assert_eq!(digest.to_string().len(), 22); // base64url, no padding
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ContentDigest([u8; 16]);

impl ContentDigest {
    /// The digest made of these bytes, as a store has kept them.
    ///
    /// ```
    /// use etag_core::{ContentDigest, Digester};
    ///
    /// let digest = Digester::new().finish();
    /// assert_eq!(ContentDigest::from_bytes(digest.to_bytes()), digest);
    /// ```
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes, as a store keeps them.
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0
    }

    /// The 22 characters of base64url that stand in a tag.
    pub(crate) fn to_text(self) -> [u8; 22] {
        let mut text = [0; 22];
        URL_SAFE_NO_PAD.encode_slice(self.0, &mut text).expect("16 bytes are 22 characters of base64url");
        text
    }
}

impl fmt::Display for ContentDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(std::str::from_utf8(&self.to_text()).expect("base64url is ASCII"))
    }
}

impl fmt::Debug for ContentDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ContentDigest({self})")
    }
}

/// The secret of keyed digests: without it nobody can test a guess of a hidden field against a tag (rule T8).
///
/// The key is the operator's: keep it where other secrets are, and the same on all servers, or their tags differ.
///
/// ```
/// use etag_core::{DigestKey, Digester};
///
/// let (mine, other) = (DigestKey::new(&[7; 32])?, DigestKey::new(&[8; 32])?);
/// let digest = |key| Digester::keyed(key).finish();
/// assert_eq!(digest(&mine), digest(&mine));
/// assert_ne!(digest(&mine), digest(&other));
/// assert_eq!(format!("{mine:?}"), "DigestKey(..)"); // no log shows it
/// # Ok::<(), etag_core::InvalidDigestKey>(())
/// ```
#[derive(Clone)]
pub struct DigestKey(Box<[u8]>);

impl DigestKey {
    /// A key of at least 16 bytes; 32 random ones are a good choice.
    ///
    /// # Errors
    /// [`InvalidDigestKey`] for fewer than 16 bytes.
    ///
    /// ```
    /// use etag_core::DigestKey;
    ///
    /// let key = DigestKey::new(&[7; 32])?;
    /// assert!(DigestKey::new(b"secret").is_err());
    /// # Ok::<(), etag_core::InvalidDigestKey>(())
    /// ```
    pub fn new(secret: &[u8]) -> Result<Self, InvalidDigestKey> {
        if secret.len() < 16 {
            return Err(InvalidDigestKey { length: secret.len() });
        }
        Ok(Self(secret.into()))
    }

    fn mac(&self) -> HmacSha256 {
        HmacSha256::new_from_slice(&self.0).expect("HMAC takes a key of any length")
    }
}

impl fmt::Debug for DigestKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DigestKey(..)")
    }
}

/// Why some bytes are no [`DigestKey`].
///
/// ```
/// use etag_core::DigestKey;
///
/// let message = DigestKey::new(b"secret").unwrap_err().to_string();
/// assert_eq!(message, "a digest key of 6 bytes is too short; give at least 16 random bytes");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidDigestKey {
    length: usize,
}

impl fmt::Display for InvalidDigestKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a digest key of {} bytes is too short; give at least 16 random bytes", self.length)
    }
}

impl std::error::Error for InvalidDigestKey {}

const BUFFER: usize = 1024;

/// Takes the content of a value and gives its [`ContentDigest`]; one concrete type, so that a derived impl compiles once.
///
/// Every value goes in with a marker of its type, and what varies in length with its length, so no two contents feed
/// the same bytes. Lengths and counts are LEB128; integers are eight bytes, little endian, whatever their width;
/// fields stand in the order of their serialised names. The bytes are pinned by golden tests: changing them changes
/// every digest tag there is.
///
/// ```
/// use etag_core::Digester;
///
/// let mut one = Digester::new();
/// one.str("ab");
/// one.str("c");
/// let mut other = Digester::new();
/// other.str("a");
/// other.str("bc");
/// assert_ne!(one.finish(), other.finish());
/// ```
pub struct Digester {
    hasher: Hasher,
    buffer: [u8; BUFFER],
    filled: usize,
}

enum Hasher {
    Plain(Sha256),
    Keyed(Box<HmacSha256>),
}

impl Hasher {
    fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Plain(hasher) => hasher.update(bytes),
            Self::Keyed(mac) => mac.update(bytes),
        }
    }

    fn finish(self) -> ContentDigest {
        let hash: [u8; 32] = match self {
            Self::Plain(hasher) => hasher.finalize().into(),
            Self::Keyed(mac) => mac.finalize().into_bytes().into(),
        };
        ContentDigest(*hash.first_chunk().expect("SHA-256 gives 32 bytes"))
    }
}

impl Digester {
    /// An empty digester.
    ///
    /// ```
    /// use etag_core::Digester;
    ///
    /// assert_eq!(Digester::new().finish(), Digester::new().finish());
    /// ```
    pub fn new() -> Self {
        Self::with(Hasher::Plain(Sha256::new()))
    }

    /// An empty digester whose digest only a holder of `key` can compute (HMAC-SHA-256).
    ///
    /// ```
    /// use etag_core::{DigestKey, Digester};
    ///
    /// let key = DigestKey::new(&[7; 32])?;
    /// assert_ne!(Digester::keyed(&key).finish(), Digester::new().finish());
    /// # Ok::<(), etag_core::InvalidDigestKey>(())
    /// ```
    pub fn keyed(key: &DigestKey) -> Self {
        Self::with(Hasher::Keyed(Box::new(key.mac())))
    }

    fn with(hasher: Hasher) -> Self {
        Self { hasher, buffer: [0; BUFFER], filled: 0 }
    }

    /// The first 128 bits of the hash of all that was fed.
    ///
    /// ```
    /// use etag_core::Digester;
    ///
    /// let mut sink = Digester::new();
    /// sink.unsigned(7);
    /// let seven = sink.finish();
    /// assert_ne!(seven, Digester::new().finish());
    /// ```
    pub fn finish(mut self) -> ContentDigest {
        self.hasher.update(&self.buffer[..self.filled]);
        self.hasher.finish()
    }

    /// Begins a record of `fields` fields, each then fed as [`field`](Self::field) and its value, sorted by name.
    ///
    /// ```
    /// use etag_core::Digester;
    ///
    /// let mut sink = Digester::new();
    /// sink.record(2);
    /// sink.field("done");
    /// sink.bool(true);
    /// sink.field("title");
    /// sink.str("tea");
    /// let digest = sink.finish();
    /// ```
    pub fn record(&mut self, fields: usize) {
        self.marked_count(b'r', fields);
    }

    /// The serialised name of the field whose value comes next.
    pub fn field(&mut self, name: &str) {
        self.counted(name.as_bytes());
    }

    /// The serialised name of an enum's variant; its fields come next, as a record or as a list.
    ///
    /// ```
    /// use etag_core::Digester;
    ///
    /// // Shape::Circle { radius: 2.0 }
    /// let mut sink = Digester::new();
    /// sink.variant("Circle");
    /// sink.record(1);
    /// sink.member("radius", &2.0);
    /// let digest = sink.finish();
    /// ```
    pub fn variant(&mut self, name: &str) {
        self.marked(b'v', name.as_bytes());
    }

    /// Begins a list of `items` values.
    ///
    /// ```
    /// use etag_core::{Content, Digester};
    ///
    /// let (mut by_hand, mut by_impl) = (Digester::new(), Digester::new());
    /// by_hand.list(2);
    /// by_hand.str("a");
    /// by_hand.str("b");
    /// ["a", "b"].feed(&mut by_impl);
    /// assert_eq!(by_hand.finish(), by_impl.finish());
    /// ```
    pub fn list(&mut self, items: usize) {
        self.marked_count(b'l', items);
    }

    /// Begins a map of `entries` entries, each fed as key and value, in ascending order of keys.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    /// use etag_core::{Content, Digester};
    ///
    /// let (mut by_hand, mut by_impl) = (Digester::new(), Digester::new());
    /// by_hand.map(1);
    /// by_hand.str("milk");
    /// by_hand.unsigned(2);
    /// BTreeMap::from([("milk", 2_u8)]).feed(&mut by_impl);
    /// assert_eq!(by_hand.finish(), by_impl.finish());
    /// ```
    pub fn map(&mut self, entries: usize) {
        self.marked_count(b'm', entries);
    }

    /// A value that is absent.
    pub fn none(&mut self) {
        self.byte(b'n');
    }

    /// Says that an optional value is there; the value comes next.
    ///
    /// ```
    /// use etag_core::{Content, Digester};
    ///
    /// let (mut by_hand, mut by_impl) = (Digester::new(), Digester::new());
    /// by_hand.some();
    /// by_hand.bool(true);
    /// Some(true).feed(&mut by_impl);
    /// assert_eq!(by_hand.finish(), by_impl.finish());
    /// ```
    pub fn some(&mut self) {
        self.byte(b'o');
    }

    /// A truth value.
    pub fn bool(&mut self, value: bool) {
        self.byte(if value { b'T' } else { b'F' });
    }

    /// An unsigned integer of up to 64 bits.
    pub fn unsigned(&mut self, value: u64) {
        self.marked_word(b'u', value.to_le_bytes());
    }

    /// A signed integer of up to 64 bits.
    pub fn signed(&mut self, value: i64) {
        self.marked_word(b'i', value.to_le_bytes());
    }

    /// An unsigned integer of 128 bits.
    pub fn unsigned_128(&mut self, value: u128) {
        self.push(b"U");
        self.push(&value.to_le_bytes());
    }

    /// A signed integer of 128 bits.
    pub fn signed_128(&mut self, value: i128) {
        self.push(b"I");
        self.push(&value.to_le_bytes());
    }

    /// A number of 64 bits with a fraction. Every NaN is one value: they are serialised alike.
    pub fn float(&mut self, value: f64) {
        let canonical = if value.is_nan() { f64::NAN } else { value };
        self.marked_word(b'f', canonical.to_bits().to_le_bytes());
    }

    /// A number of 32 bits with a fraction, which is not the same value as its widening.
    pub fn float_32(&mut self, value: f32) {
        let canonical = if value.is_nan() { f32::NAN } else { value };
        self.push(b"e");
        self.push(&canonical.to_bits().to_le_bytes());
    }

    /// Text.
    pub fn str(&mut self, value: &str) {
        self.marked(b's', value.as_bytes());
    }

    /// Bytes.
    pub fn bytes(&mut self, value: &[u8]) {
        self.marked(b'b', value);
    }

    /// [`field`](Self::field) and the value in one call, as derived code has one for each field of each model.
    pub(crate) fn bool_member(&mut self, name: &str, value: bool) {
        self.counted(name.as_bytes());
        self.byte(if value { b'T' } else { b'F' });
    }

    pub(crate) fn unsigned_member(&mut self, name: &str, value: u64) {
        self.counted(name.as_bytes());
        self.marked_word(b'u', value.to_le_bytes());
    }

    pub(crate) fn signed_member(&mut self, name: &str, value: i64) {
        self.counted(name.as_bytes());
        self.marked_word(b'i', value.to_le_bytes());
    }

    pub(crate) fn str_member(&mut self, name: &str, value: &str) {
        self.counted(name.as_bytes());
        self.marked(b's', value.as_bytes());
    }

    /// A length and the bytes: in one step where they are short and fit, since a check for each part would cost more than
    /// the part.
    #[inline]
    fn counted(&mut self, bytes: &[u8]) {
        let end = self.filled + 1 + bytes.len();
        if let Some(short) = short_count(bytes.len())
            && let Some([count, room @ ..]) = self.buffer.get_mut(self.filled..end)
        {
            *count = short;
            copy_short(room, bytes);
            self.filled = end;
        } else {
            self.counted_in_steps(bytes);
        }
    }

    /// The same after a marker.
    #[inline]
    fn marked(&mut self, marker: u8, bytes: &[u8]) {
        let end = self.filled + 2 + bytes.len();
        if let Some(short) = short_count(bytes.len())
            && let Some([mark, count, room @ ..]) = self.buffer.get_mut(self.filled..end)
        {
            (*mark, *count) = (marker, short);
            room.copy_from_slice(bytes);
            self.filled = end;
        } else {
            self.byte(marker);
            self.counted_in_steps(bytes);
        }
    }

    /// Written where it stays: put together on the stack, the parts would be read back wider than they were written,
    /// which stalls.
    #[inline]
    fn marked_word(&mut self, marker: u8, word: [u8; 8]) {
        let end = self.filled + 1 + word.len();
        if let Some([mark, room @ ..]) = self.buffer.get_mut(self.filled..end) {
            *mark = marker;
            room.copy_from_slice(&word);
            self.filled = end;
        } else {
            self.byte(marker);
            self.push(&word);
        }
    }

    #[inline]
    fn marked_count(&mut self, marker: u8, count: usize) {
        let end = self.filled + 2;
        if let Some(short) = short_count(count)
            && let Some(room) = self.buffer.get_mut(self.filled..end)
        {
            room.copy_from_slice(&[marker, short]);
            self.filled = end;
        } else {
            self.byte(marker);
            self.count(count);
        }
    }

    #[inline]
    fn byte(&mut self, byte: u8) {
        if let Some(room) = self.buffer.get_mut(self.filled) {
            *room = byte;
            self.filled += 1;
        } else {
            self.push_past_the_buffer(&[byte]);
        }
    }

    #[inline(never)]
    fn counted_in_steps(&mut self, bytes: &[u8]) {
        self.count(bytes.len());
        self.push(bytes);
    }

    fn count(&mut self, count: usize) {
        let mut rest = count as u64;
        while rest >= 0x80 {
            self.byte(rest.to_le_bytes()[0] | 0x80);
            rest >>= 7;
        }
        self.byte(rest.to_le_bytes()[0]);
    }

    #[inline]
    fn push(&mut self, bytes: &[u8]) {
        let end = self.filled + bytes.len();
        if let Some(room) = self.buffer.get_mut(self.filled..end) {
            room.copy_from_slice(bytes);
            self.filled = end;
        } else {
            self.push_past_the_buffer(bytes);
        }
    }

    /// Fills the buffer to its last byte before it is hashed, so that the hasher only ever sees whole blocks and keeps
    /// nothing back to copy.
    #[cold]
    fn push_past_the_buffer(&mut self, bytes: &[u8]) {
        let (first, rest) = bytes.split_at(BUFFER - self.filled);
        self.buffer[self.filled..].copy_from_slice(first);
        self.hasher.update(&self.buffer);
        let (whole, rest) = rest.split_at(rest.len() - rest.len() % BUFFER);
        self.hasher.update(whole);
        self.buffer[..rest.len()].copy_from_slice(rest);
        self.filled = rest.len();
    }
}

/// Copies what is as long as names mostly are, as two words that overlap: without the call that a copy of any length is.
#[inline]
fn copy_short(to: &mut [u8], from: &[u8]) {
    match from.len() {
        4..8 => copy_ends::<4>(to, from),
        8..=16 => copy_ends::<8>(to, from),
        _ => to.copy_from_slice(from),
    }
}

#[inline]
fn copy_ends<const N: usize>(to: &mut [u8], from: &[u8]) {
    if let (Some(first), Some(last)) = (from.first_chunk::<N>(), from.last_chunk::<N>()) {
        if let Some(start) = to.first_chunk_mut::<N>() {
            *start = *first;
        }
        if let Some(end) = to.last_chunk_mut::<N>() {
            *end = *last;
        }
    }
}

/// The count as LEB128, where that is one byte.
#[inline]
fn short_count(count: usize) -> Option<u8> {
    u8::try_from(count).ok().filter(|short| *short < 0x80)
}

impl Default for Digester {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Digester {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Digester").finish_non_exhaustive()
    }
}
