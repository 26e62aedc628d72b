//! The conditional header fields of a request, parsed (RFC 9110 §13.1).

#[cfg(test)]
mod tests;

use std::time::SystemTime;

use crate::etag::ETag;
use crate::etag_list::{EntityTags, TagLimits, is_ows};
use crate::field::{Field, FieldFault, Malformed};
use crate::http_date::parse_http_date;

const IF_MATCH: &str = "If-Match";
const IF_NONE_MATCH: &str = "If-None-Match";
const IF_MODIFIED_SINCE: &str = "If-Modified-Since";
const IF_UNMODIFIED_SINCE: &str = "If-Unmodified-Since";
const IF_RANGE: &str = "If-Range";

/// How a tag that the client presents is compared with the current one.
///
/// | presented | current | `Strong` | `StrongOrWeakened` | `Weak` | `Identical` |
/// |-----------|---------|----------|--------------------|--------|-------------|
/// | `"1"`     | `"1"`   | match    | match              | match  | match       |
/// | `W/"1"`   | `"1"`   | no match | match              | match  | no match    |
/// | `"1"`     | `W/"1"` | no match | no match           | match  | no match    |
/// | `W/"1"`   | `W/"1"` | no match | no match           | match  | match       |
///
/// # Examples
///
/// ```
/// use etag_core::{Comparison, ETag};
///
/// let (weakened, current) = (ETag::weak("1")?, ETag::strong("1")?);
/// assert!(!Comparison::Strong.matches(&weakened, &current));
/// assert!(Comparison::StrongOrWeakened.matches(&weakened, &current));
/// # Ok::<(), etag_core::InvalidETag>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Comparison {
    /// The strong comparison, which RFC 9110 §13.1.1 demands for `If-Match`.
    #[default]
    Strong,
    /// The strong comparison, forgiving a proxy that weakened a strong tag on its way to the
    /// client. The current tag still has to be strong.
    StrongOrWeakened,
    /// The weak comparison, for APIs that use it in `If-Match` against the RFC.
    Weak,
    /// The same text, mark of weakness included, for APIs whose tags are texts to them and no more.
    Identical,
}

impl Comparison {
    /// Whether `presented`, which a client sent, means the `current` tag.
    ///
    /// # Examples
    ///
    /// ```
    /// use etag_core::{Comparison, ETag};
    ///
    /// let weak = ETag::weak("1")?;
    /// assert!(Comparison::Weak.matches(&weak, &weak));
    /// assert!(!Comparison::Strong.matches(&weak, &weak));
    /// # Ok::<(), etag_core::InvalidETag>(())
    /// ```
    #[inline]
    pub fn matches(self, presented: &ETag, current: &ETag) -> bool {
        match self {
            Comparison::Strong => presented.strong_eq(current),
            Comparison::StrongOrWeakened => !current.is_weak() && presented.weak_eq(current),
            Comparison::Weak => presented.weak_eq(current),
            Comparison::Identical => presented == current,
        }
    }

    /// Whether `presented` could match any tag at all.
    pub(crate) fn accepts(self, presented: &ETag) -> bool {
        match self {
            Comparison::Strong => !presented.is_weak(),
            Comparison::StrongOrWeakened | Comparison::Weak | Comparison::Identical => true,
        }
    }
}

/// The value of `If-Range` (RFC 9110 §13.1.5).
///
/// # Examples
///
/// ```
/// use etag_core::{ETag, IfRange, Preconditions};
///
/// let tag = ETag::strong("1")?;
/// let request = Preconditions::none().with_if_range(IfRange::Tag(tag.clone()));
/// assert_eq!(request.if_range.valid(), Some(&IfRange::Tag(tag)));
/// # Ok::<(), etag_core::InvalidETag>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IfRange {
    /// A range is wanted while the representation has this tag.
    Tag(ETag),
    /// A range is wanted while the representation was last modified at this time.
    Date(SystemTime),
}

/// The preconditions of one request: all five conditional fields of RFC 9110 §13.1.
///
/// It is plain data. What it means for a representation is asked with
/// [`evaluate`](Self::evaluate).
///
/// # Examples
///
/// Parsed from header lines, whatever framework holds them:
///
/// ```
/// use etag_core::{Preconditions, TagLimits};
///
/// let headers = [("If-Match", r#""1""#), ("Accept", "*/*"), ("If-Match", r#""2""#)];
/// let request = Preconditions::from_lines(&TagLimits::default(), |name| {
///     headers
///         .iter()
///         .filter(move |header| header.0.eq_ignore_ascii_case(name))
///         .map(|header| header.1.as_bytes())
/// });
/// assert!(request.if_match.valid().is_some());
/// assert!(request.if_none_match.is_absent());
/// ```
///
/// Made by hand:
///
/// ```
/// use etag_core::{EntityTags, Preconditions};
///
/// let create_only = Preconditions::none().with_if_none_match(EntityTags::Any);
/// assert!(!create_only.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preconditions {
    /// `If-Match`: the state has to be one of these.
    pub if_match: Field<EntityTags>,
    /// `If-None-Match`: the state must not be one of these.
    pub if_none_match: Field<EntityTags>,
    /// `If-Modified-Since`; `None` also when what was sent is not one valid date, which
    /// RFC 9110 §13.1.3 says to ignore.
    pub if_modified_since: Option<SystemTime>,
    /// `If-Unmodified-Since`; `None` also when what was sent is not one valid date, which
    /// RFC 9110 §13.1.4 says to ignore.
    pub if_unmodified_since: Option<SystemTime>,
    /// `If-Range`: a range is wanted only of this state.
    pub if_range: Field<IfRange>,
}

impl Preconditions {
    /// No preconditions.
    ///
    /// # Examples
    ///
    /// ```
    /// use etag_core::Preconditions;
    ///
    /// assert!(Preconditions::none().is_empty());
    /// ```
    pub fn none() -> Self {
        Self::default()
    }

    /// Whether nothing was asked: every field is absent, or a date that is to be ignored.
    ///
    /// # Examples
    ///
    /// ```
    /// use etag_core::{Preconditions, TagLimits};
    ///
    /// let with_date = |date: &'static str| {
    ///     Preconditions::from_lines(&TagLimits::default(), move |name| {
    ///         (name == "If-Modified-Since").then_some(date.as_bytes())
    ///     })
    /// };
    /// assert!(with_date("yesterday").is_empty());
    /// assert!(!with_date("Sun, 06 Nov 1994 08:49:37 GMT").is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.if_match.is_absent()
            && self.if_none_match.is_absent()
            && self.if_modified_since.is_none()
            && self.if_unmodified_since.is_none()
            && self.if_range.is_absent()
    }

    /// With `If-Match`.
    ///
    /// # Examples
    ///
    /// ```
    /// use etag_core::{ETag, EntityTags, Preconditions};
    ///
    /// let edit = Preconditions::none().with_if_match(ETag::strong("1")?);
    /// let update_only = Preconditions::none().with_if_match(EntityTags::Any);
    /// assert_ne!(edit, update_only);
    /// # Ok::<(), etag_core::InvalidETag>(())
    /// ```
    #[must_use]
    pub fn with_if_match(mut self, tags: impl Into<EntityTags>) -> Self {
        self.if_match = Field::Valid(tags.into());
        self
    }

    /// With `If-None-Match`.
    #[must_use]
    pub fn with_if_none_match(mut self, tags: impl Into<EntityTags>) -> Self {
        self.if_none_match = Field::Valid(tags.into());
        self
    }

    /// With `If-Modified-Since`.
    #[must_use]
    pub fn with_if_modified_since(mut self, date: SystemTime) -> Self {
        self.if_modified_since = Some(date);
        self
    }

    /// With `If-Unmodified-Since`.
    #[must_use]
    pub fn with_if_unmodified_since(mut self, date: SystemTime) -> Self {
        self.if_unmodified_since = Some(date);
        self
    }

    /// With `If-Range`.
    #[must_use]
    pub fn with_if_range(mut self, if_range: IfRange) -> Self {
        self.if_range = Field::Valid(if_range);
        self
    }

    /// Reads the fields from header lines.
    ///
    /// `lines` is asked once for each of the five fields, by its name as in `If-Match`. It gives
    /// the values of the header lines of that name, whose case does not matter, in the order in
    /// which they were sent.
    ///
    /// # Examples
    ///
    /// ```
    /// use etag_core::{Preconditions, TagLimits};
    ///
    /// let request = Preconditions::from_lines(&TagLimits::default(), |name| {
    ///     (name == "If-Match").then_some(&b"\"1\", \"2\""[..])
    /// });
    /// assert!(request.if_match.valid().is_some());
    /// ```
    pub fn from_lines<'l, L>(limits: &TagLimits, mut lines: impl FnMut(&'static str) -> L) -> Self
    where
        L: IntoIterator<Item = &'l [u8]>,
    {
        Self {
            if_match: EntityTags::parse(IF_MATCH, lines(IF_MATCH), limits),
            if_none_match: EntityTags::parse(IF_NONE_MATCH, lines(IF_NONE_MATCH), limits),
            if_modified_since: parse_date(lines(IF_MODIFIED_SINCE)),
            if_unmodified_since: parse_date(lines(IF_UNMODIFIED_SINCE)),
            if_range: parse_if_range(lines(IF_RANGE)),
        }
    }

    /// Reads the fields from the headers of a request.
    ///
    /// # Examples
    ///
    /// ```
    /// use etag_core::{Preconditions, TagLimits};
    /// use http::{HeaderMap, HeaderValue, header::IF_MATCH};
    ///
    /// let headers = HeaderMap::from_iter([(IF_MATCH, HeaderValue::from_static("1"))]);
    /// let request = Preconditions::from_headers(&headers, &TagLimits::default());
    /// assert!(request.if_match.malformed().is_some());
    /// ```
    #[cfg(feature = "http")]
    pub fn from_headers(headers: &http::HeaderMap, limits: &TagLimits) -> Self {
        use http::header;

        let lines = |name: header::HeaderName| {
            let values = headers.get_all(name).into_iter();
            values.map(http::HeaderValue::as_bytes)
        };
        Self {
            if_match: EntityTags::parse(IF_MATCH, lines(header::IF_MATCH), limits),
            if_none_match: EntityTags::parse(IF_NONE_MATCH, lines(header::IF_NONE_MATCH), limits),
            if_modified_since: parse_date(lines(header::IF_MODIFIED_SINCE)),
            if_unmodified_since: parse_date(lines(header::IF_UNMODIFIED_SINCE)),
            if_range: parse_if_range(lines(header::IF_RANGE)),
        }
    }
}

/// The one valid date of a field; what else was sent is to be ignored (RFC 9110 §13.1.3, §13.1.4).
fn parse_date<'l>(lines: impl IntoIterator<Item = &'l [u8]>) -> Option<SystemTime> {
    let mut lines = lines.into_iter();
    let date = parse_http_date(trim_ows(lines.next()?))?;
    lines.next().is_none().then_some(date)
}

/// `If-Range = entity-tag / HTTP-date`, told apart as RFC 9110 §13.1.5 says.
fn parse_if_range<'l>(lines: impl IntoIterator<Item = &'l [u8]>) -> Field<IfRange> {
    let mut lines = lines.into_iter();
    let Some(line) = lines.next() else {
        return Field::Absent;
    };
    if lines.next().is_some() {
        return Field::Malformed(Malformed::new(IF_RANGE, 2, 0, FieldFault::Repeated));
    }
    let start = line.iter().take_while(|&&byte| is_ows(byte)).count();
    let value = trim_ows(line);
    if value.iter().take(3).any(|&byte| byte == b'"') {
        let tag = ETag::parse(value);
        tag.map(IfRange::Tag).map_err(|invalid| Malformed::tag(IF_RANGE, 1, start, invalid)).into()
    } else {
        let date = parse_http_date(value);
        date.map(IfRange::Date).ok_or(Malformed::new(IF_RANGE, 1, start, FieldFault::NotTagNorDate)).into()
    }
}

fn trim_ows(line: &[u8]) -> &[u8] {
    let is_text = |byte: &u8| !is_ows(*byte);
    match (line.iter().position(is_text), line.iter().rposition(is_text)) {
        (Some(first), Some(last)) => &line[first..=last],
        _ => &[],
    }
}
