//! What became of a header field: absent, valid, or malformed and where.

use std::error::Error;
use std::fmt;

use crate::etag::{InvalidETag, TagFault};

/// A header field after parsing.
///
/// The three cases are never mixed up: a malformed field is *not* an absent one, so a guarded
/// write cannot run unguarded because its guard was misspelt.
///
/// # Examples
///
/// ```
/// use etag_core::{EntityTags, Field, TagLimits};
///
/// let limits = TagLimits::default();
/// let absent = EntityTags::parse("If-Match", [], &limits);
/// let misspelt = EntityTags::parse("If-Match", [&b"abc"[..]], &limits);
/// assert_eq!(absent, Field::Absent);
/// assert!(misspelt.malformed().is_some());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Field<T> {
    /// No line of this field was sent.
    #[default]
    Absent,
    /// The field was sent and says this.
    Valid(T),
    /// The field was sent and cannot be read.
    Malformed(Malformed),
}

impl<T> Field<T> {
    /// Whether no line of this field was sent.
    pub fn is_absent(&self) -> bool {
        matches!(self, Field::Absent)
    }

    /// The value, if the field was sent and can be read.
    ///
    /// # Examples
    ///
    /// ```
    /// use etag_core::{EntityTags, Field, TagLimits};
    ///
    /// let field = EntityTags::parse("If-Match", [&b"*"[..]], &TagLimits::default());
    /// assert_eq!(field.valid(), Some(&EntityTags::Any));
    /// assert_eq!(field.malformed(), None);
    /// assert_eq!(Field::<EntityTags>::Absent.valid(), None);
    /// ```
    pub fn valid(&self) -> Option<&T> {
        match self {
            Field::Valid(value) => Some(value),
            Field::Absent | Field::Malformed(_) => None,
        }
    }

    /// What is wrong, if the field was sent and cannot be read.
    pub fn malformed(&self) -> Option<Malformed> {
        match self {
            Field::Malformed(malformed) => Some(*malformed),
            Field::Absent | Field::Valid(_) => None,
        }
    }
}

impl<T> From<Result<T, Malformed>> for Field<T> {
    fn from(result: Result<T, Malformed>) -> Self {
        match result {
            Ok(value) => Field::Valid(value),
            Err(malformed) => Field::Malformed(malformed),
        }
    }
}

/// A header field that cannot be read: which one, where and why.
///
/// Lines and bytes are counted from one; a field sent in several header lines has as many lines.
/// What ended too early is reported at the byte after the last.
///
/// # Examples
///
/// ```
/// use etag_core::{EntityTags, TagLimits};
///
/// let field = EntityTags::parse("If-Match", [&b"\"1\" \"2\""[..]], &TagLimits::default());
/// assert_eq!(
///     field.malformed().unwrap().to_string(),
///     "If-Match, line 1, byte 5: expected a comma between tags",
/// );
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed {
    header: &'static str,
    line: usize,
    offset: usize,
    fault: FieldFault,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FieldFault {
    Tag(TagFault),
    ExpectedComma,
    AnyNotAlone,
    NoMembers,
    TooManyBytes(usize),
    TooManyTags(usize),
    NotTagNorDate,
    Repeated,
}

impl Malformed {
    /// The name of the header field, as in `If-Match`.
    pub fn header(&self) -> &'static str {
        self.header
    }

    /// The header line where it went wrong, counted from one.
    pub fn line(&self) -> usize {
        self.line
    }

    /// The byte of that line where it went wrong, counted from one.
    pub fn byte(&self) -> usize {
        self.offset + 1
    }

    /// Whether a limit was passed, which is 431 in HTTP where the rest is 400.
    ///
    /// # Examples
    ///
    /// ```
    /// use etag_core::{EntityTags, Malformed, TagLimits};
    ///
    /// let long = format!("\"{}\"", "x".repeat(1 << 20));
    /// let field = EntityTags::parse("If-Match", [long.as_bytes()], &TagLimits::default());
    /// assert_eq!(field.malformed().as_ref().map(Malformed::is_too_large), Some(true));
    /// ```
    pub fn is_too_large(&self) -> bool {
        matches!(self.fault, FieldFault::TooManyBytes(_) | FieldFault::TooManyTags(_))
    }

    /// What is wrong, without the place.
    ///
    /// # Examples
    ///
    /// ```
    /// use etag_core::{EntityTags, TagLimits};
    ///
    /// let field = EntityTags::parse("If-Match", [&b"\"1\" \"2\""[..]], &TagLimits::default());
    /// let reason = field.malformed().map(|malformed| malformed.reason().to_string());
    /// assert_eq!(reason.as_deref(), Some("expected a comma between tags"));
    /// ```
    pub fn reason(&self) -> impl fmt::Display + use<> {
        self.fault
    }

    pub(crate) fn new(header: &'static str, line: usize, offset: usize, fault: FieldFault) -> Self {
        Self { header, line, offset, fault }
    }

    /// A tag that began at `start` of its line and could not be read.
    pub(crate) fn tag(header: &'static str, line: usize, start: usize, invalid: InvalidETag) -> Self {
        let offset = start + invalid.offset();
        Self::new(header, line, offset, FieldFault::Tag(invalid.fault()))
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (header, line, byte) = (self.header, self.line, self.byte());
        write!(f, "{header}, line {line}, byte {byte}: {}", self.fault)
    }
}

impl Error for Malformed {}

impl fmt::Display for FieldFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FieldFault::Tag(fault) => fault.fmt(f),
            FieldFault::ExpectedComma => f.write_str("expected a comma between tags"),
            FieldFault::AnyNotAlone => f.write_str("`*` has to be the whole field"),
            FieldFault::NoMembers => f.write_str("the field names no tag; send one, or leave the field out"),
            FieldFault::TooManyBytes(limit) => {
                write!(f, "the field is longer than {limit} bytes; send fewer tags")
            }
            FieldFault::TooManyTags(limit) => {
                write!(f, "the field has more than {limit} tags; send fewer")
            }
            FieldFault::NotTagNorDate => f.write_str("expected an entity tag or an HTTP date"),
            FieldFault::Repeated => f.write_str("the field may be sent only once"),
        }
    }
}
