//! The value of `If-Match` and `If-None-Match`: `*` or a list of tags, over all header lines.

mod tag_list;
#[cfg(test)]
mod tests;

use std::iter;

pub use self::tag_list::TagList;
use crate::etag::{self, ETag};
use crate::field::{Field, FieldFault, Malformed};
use crate::precondition::Comparison;

/// How much of a tag list is read before it is refused.
///
/// The size that passes is checked before anything is stored, so a hostile field costs no more
/// memory than the limits allow.
///
/// # Examples
///
/// ```
/// use etag_core::{EntityTags, TagLimits};
///
/// let limits = TagLimits { tags: 1, ..TagLimits::default() };
/// let field = EntityTags::parse("If-Match", [&br#""1", "2""#[..]], &limits);
/// assert!(field.malformed().unwrap().is_too_large());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TagLimits {
    /// Bytes of one field, all its lines together. 64 KiB by default.
    pub bytes: usize,
    /// Tags of one field, all its lines together. 1000 by default.
    pub tags: usize,
}

impl TagLimits {
    /// Whether `line` is one tag and nothing else, as nearly every request sends it.
    fn admit_lone_tag(&self, line: &[u8]) -> bool {
        line.len() <= self.bytes && self.tags > 0 && etag::scan(line) == Ok(line.len())
    }
}

impl Default for TagLimits {
    fn default() -> Self {
        Self { bytes: 64 * 1024, tags: 1000 }
    }
}

/// The value of `If-Match` or `If-None-Match` (RFC 9110 §13.1.1, §13.1.2).
///
/// # Examples
///
/// ```
/// use etag_core::{EntityTags, ETag, Field, TagLimits};
///
/// let lines = [&br#""a,b", W/"2""#[..], br#""3""#];
/// let field = EntityTags::parse("If-None-Match", lines, &TagLimits::default());
/// let Field::Valid(EntityTags::List(tags)) = field else { panic!("{field:?}") };
/// assert_eq!(*tags, [ETag::strong("a,b")?, ETag::weak("2")?, ETag::strong("3")?]);
/// # Ok::<(), etag_core::InvalidETag>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntityTags {
    /// `*`: any current representation.
    Any,
    /// These tags.
    List(TagList),
}

impl EntityTags {
    /// Reads a field from its header lines, in the order in which they were sent.
    ///
    /// Optional white space and empty members are skipped (RFC 9110 §5.6.1.2), commas inside
    /// tags belong to them, and bytes from 0x80 are allowed in tags. No lines at all are
    /// [`Field::Absent`]. A tag does not continue on the next line.
    ///
    /// A field without any member is malformed, although the list grammar lets it pass: it
    /// would guard a write with a condition that nothing can meet, or that everything meets.
    ///
    /// `header` is the name that the error will give.
    ///
    /// # Examples
    ///
    /// ```
    /// use etag_core::{EntityTags, Field, TagLimits};
    ///
    /// let field = EntityTags::parse("If-Match", [&b" * "[..]], &TagLimits::default());
    /// assert_eq!(field, Field::Valid(EntityTags::Any));
    /// ```
    pub fn parse<'l>(
        header: &'static str,
        lines: impl IntoIterator<Item = &'l [u8]>,
        limits: &TagLimits,
    ) -> Field<Self> {
        let mut lines = lines.into_iter().fuse();
        let Some(first) = lines.next() else {
            return Field::Absent;
        };
        let second = lines.next();
        if second.is_none() && limits.admit_lone_tag(first) {
            return Field::Valid(EntityTags::from(ETag::from_scanned(first)));
        }
        let lines = iter::once(first).chain(second).chain(lines);
        Scanner::new(header, limits).read(lines).into()
    }

    /// Whether a representation with the tag `current` is among those meant.
    ///
    /// `None` is a representation that exists and has no tag: `*` means it, a list does not.
    ///
    /// # Examples
    ///
    /// ```
    /// use etag_core::{Comparison, EntityTags, ETag};
    ///
    /// let weak = ETag::weak("1")?;
    /// let tags = EntityTags::from(weak.clone());
    /// assert!(tags.include(Some(&weak), Comparison::Weak));
    /// assert!(!tags.include(Some(&weak), Comparison::Strong));
    /// assert!(EntityTags::Any.include(None, Comparison::Strong));
    /// # Ok::<(), etag_core::InvalidETag>(())
    /// ```
    pub fn include(&self, current: Option<&ETag>, comparison: Comparison) -> bool {
        match (self, current) {
            (EntityTags::Any, _) => true,
            (EntityTags::List(_), None) => false,
            (EntityTags::List(tags), Some(current)) => {
                tags.iter().any(|presented| comparison.matches(presented, current))
            }
        }
    }
}

impl From<ETag> for EntityTags {
    fn from(tag: ETag) -> Self {
        EntityTags::List(tag.into())
    }
}

impl FromIterator<ETag> for EntityTags {
    fn from_iter<I: IntoIterator<Item = ETag>>(tags: I) -> Self {
        EntityTags::List(tags.into_iter().collect())
    }
}

/// Reads `"*" / #entity-tag` line by line, each byte once.
struct Scanner<'l> {
    header: &'static str,
    limits: &'l TagLimits,
    line: usize,
    bytes: usize,
    any: bool,
    tags: TagList,
}

impl<'l> Scanner<'l> {
    fn new(header: &'static str, limits: &'l TagLimits) -> Self {
        Self { header, limits, line: 0, bytes: 0, any: false, tags: TagList::EMPTY }
    }

    fn read<'f>(mut self, lines: impl Iterator<Item = &'f [u8]>) -> Result<EntityTags, Malformed> {
        for line in lines {
            self.line(line)?;
        }
        if self.any {
            return Ok(EntityTags::Any);
        }
        if self.tags.is_empty() {
            return Err(Malformed::new(self.header, 1, 0, FieldFault::NoMembers));
        }
        Ok(EntityTags::List(self.tags))
    }

    fn line(&mut self, line: &[u8]) -> Result<(), Malformed> {
        self.line += 1;
        self.admit_line(line)?;
        let mut at = skip(line, 0, is_separator);
        while at < line.len() {
            let end = self.member(line, at)?;
            at = self.separator(line, end)?;
        }
        Ok(())
    }

    fn admit_line(&mut self, line: &[u8]) -> Result<(), Malformed> {
        if self.any {
            return Err(self.fault(0, FieldFault::AnyNotAlone));
        }
        let room = self.limits.bytes - self.bytes;
        if line.len() > room {
            return Err(self.fault(room, FieldFault::TooManyBytes(self.limits.bytes)));
        }
        self.bytes += line.len();
        Ok(())
    }

    fn member(&mut self, line: &[u8], at: usize) -> Result<usize, Malformed> {
        if line[at] == b'*' {
            return self.any(line, at);
        }
        let len = etag::scan(&line[at..]).map_err(|invalid| Malformed::tag(self.header, self.line, at, invalid))?;
        if self.tags.len() == self.limits.tags {
            return Err(self.fault(at, FieldFault::TooManyTags(self.limits.tags)));
        }
        self.tags.push(ETag::from_scanned(&line[at..at + len]));
        Ok(at + len)
    }

    /// `*` is not a member of a list but the whole of a field.
    fn any(&mut self, line: &[u8], at: usize) -> Result<usize, Malformed> {
        let is_first = self.line == 1 && skip(line, 0, is_ows) == at;
        if !is_first {
            return Err(self.fault(at, FieldFault::AnyNotAlone));
        }
        let end = skip(line, at + 1, is_ows);
        if end < line.len() {
            return Err(self.fault(end, FieldFault::AnyNotAlone));
        }
        self.any = true;
        Ok(end)
    }

    fn separator(&self, line: &[u8], end: usize) -> Result<usize, Malformed> {
        let at = skip(line, end, is_ows);
        match line.get(at) {
            None | Some(b',') => Ok(skip(line, at, is_separator)),
            Some(_) => Err(self.fault(at, FieldFault::ExpectedComma)),
        }
    }

    fn fault(&self, offset: usize, fault: FieldFault) -> Malformed {
        Malformed::new(self.header, self.line, offset, fault)
    }
}

fn skip(line: &[u8], from: usize, skipped: fn(u8) -> bool) -> usize {
    let rest = &line[from..];
    from + rest.iter().position(|&byte| !skipped(byte)).unwrap_or(rest.len())
}

/// `OWS = *( SP / HTAB )` (RFC 9110 §5.6.3).
pub(crate) fn is_ows(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

fn is_separator(byte: u8) -> bool {
    byte == b',' || is_ows(byte)
}
