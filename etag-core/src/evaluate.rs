//! What preconditions mean for a representation (RFC 9110 §13.2.2).

mod current;
#[cfg(test)]
mod tests;

use std::fmt;

pub use self::current::{Current, LastModified};
use crate::etag_list::EntityTags;
use crate::field::{Field, Malformed};
use crate::http_date::whole_seconds;
use crate::precondition::{Comparison, IfRange, Preconditions};

/// What the method does with the resource; preconditions mean different things for the two.
///
/// # Examples
///
/// ```
/// use etag_core::{Current, ETag, FailedHeader, MethodKind, Preconditions, Verdict};
///
/// let tag = ETag::strong("1")?;
/// let request = Preconditions::none().with_if_none_match(tag.clone());
/// let verdict = |method| request.evaluate(&Current::tagged(&tag), method);
/// assert_eq!(verdict(MethodKind::Read), Verdict::NotModified);
/// assert_eq!(verdict(MethodKind::Write), Verdict::Failed(FailedHeader::IfNoneMatch));
/// # Ok::<(), etag_core::InvalidETag>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MethodKind {
    /// GET or HEAD.
    Read,
    /// Any other method that selects or changes a representation: PUT, PATCH, POST, DELETE.
    Write,
}

/// What preconditions demand of the server.
///
/// # Examples
///
/// ```
/// use etag_core::Verdict;
///
/// fn status(verdict: Verdict) -> u16 {
///     match verdict {
///         Verdict::Proceed => 200,
///         Verdict::NotModified => 304,
///         Verdict::Failed(_) => 412,
///         Verdict::Malformed(malformed) => if malformed.is_too_large() { 431 } else { 400 },
///     }
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Perform the method.
    Proceed,
    /// Answer 304: the client has the representation.
    NotModified,
    /// Answer 412: this field failed.
    Failed(FailedHeader),
    /// Answer 400, or 431 where [`is_too_large`](Malformed::is_too_large).
    Malformed(Malformed),
}

impl Verdict {
    /// Whether the method is to be performed.
    ///
    /// # Examples
    ///
    /// ```
    /// use etag_core::{Current, MethodKind, Preconditions};
    ///
    /// let unconditional = Preconditions::none();
    /// assert!(unconditional.evaluate(&Current::Absent, MethodKind::Write).is_proceed());
    /// ```
    pub fn is_proceed(&self) -> bool {
        matches!(self, Verdict::Proceed)
    }
}

/// A field whose condition failed. It is shown as its name in HTTP.
///
/// # Examples
///
/// ```
/// assert_eq!(etag_core::FailedHeader::IfMatch.to_string(), "If-Match");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FailedHeader {
    /// `If-Match`: the state is not among the tags, or there is none.
    IfMatch,
    /// `If-None-Match`: the state is among the tags.
    IfNoneMatch,
    /// `If-Unmodified-Since`: the state was modified later.
    IfUnmodifiedSince,
}

impl FailedHeader {
    /// The name of the field, as in `If-Match`.
    pub fn name(self) -> &'static str {
        match self {
            FailedHeader::IfMatch => "If-Match",
            FailedHeader::IfNoneMatch => "If-None-Match",
            FailedHeader::IfUnmodifiedSince => "If-Unmodified-Since",
        }
    }
}

impl fmt::Display for FailedHeader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What keeps a write from overwriting a state that its author has not seen (rule P5).
///
/// # Examples
///
/// ```
/// use etag_core::{Comparison, Current, Guard, Preconditions};
///
/// let blind = Preconditions::none().guards_write(&Current::Absent, Comparison::Strong);
/// assert_eq!(blind, Guard::None); // 428, where writes have to be guarded
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Guard {
    /// Nothing: the last one wins.
    None,
    /// `If-Match` with `*` or a tag that can match, or `If-None-Match: *`.
    Tag,
    /// `If-Unmodified-Since`, and the state's date is a strong validator.
    Date,
}

impl Guard {
    /// Whether anything guards the write.
    ///
    /// # Examples
    ///
    /// ```
    /// use etag_core::Guard;
    ///
    /// assert!(Guard::Tag.is_some());
    /// assert!(!Guard::None.is_some());
    /// ```
    pub fn is_some(self) -> bool {
        self != Guard::None
    }
}

impl Preconditions {
    /// Evaluates with the strong comparison in `If-Match`, as RFC 9110 §13.1.1 demands.
    ///
    /// It is a pure function of its arguments, in the order of RFC 9110 §13.2.2. `If-Range` has
    /// no part in it: see [`if_range_passes`](Self::if_range_passes).
    ///
    /// A malformed field never counts as absent. On a write any malformed tag field is
    /// [`Verdict::Malformed`]. On a read a malformed `If-Match` is, too; a malformed
    /// `If-None-Match` cannot save the client a body, so it gets the representation. A field
    /// that passes a limit is refused on any method.
    ///
    /// # Examples
    ///
    /// ```
    /// use etag_core::{Current, ETag, FailedHeader, MethodKind, Preconditions, Verdict};
    ///
    /// let (old, new) = (ETag::strong("1")?, ETag::strong("2")?);
    /// let current = Current::tagged(&new);
    ///
    /// let edit = Preconditions::none().with_if_match(old);
    /// let failed = Verdict::Failed(FailedHeader::IfMatch);
    /// assert_eq!(edit.evaluate(&current, MethodKind::Write), failed);
    ///
    /// let refresh = Preconditions::none().with_if_none_match(new.to_weak());
    /// assert_eq!(refresh.evaluate(&current, MethodKind::Read), Verdict::NotModified);
    /// # Ok::<(), etag_core::InvalidETag>(())
    /// ```
    pub fn evaluate(&self, current: &Current<'_>, method: MethodKind) -> Verdict {
        self.evaluate_with(current, method, Comparison::Strong)
    }

    /// Evaluates with this comparison in `If-Match`.
    ///
    /// `If-None-Match` is always compared weakly (RFC 9110 §13.1.2).
    ///
    /// # Examples
    ///
    /// ```
    /// use etag_core::{Comparison, Current, ETag, MethodKind, Preconditions, Verdict};
    ///
    /// let tag = ETag::strong("1")?;
    /// let edit = Preconditions::none().with_if_match(tag.to_weak());
    /// let forgiving = Comparison::StrongOrWeakened;
    /// assert_eq!(
    ///     edit.evaluate_with(&Current::tagged(&tag), MethodKind::Write, forgiving),
    ///     Verdict::Proceed,
    /// );
    /// # Ok::<(), etag_core::InvalidETag>(())
    /// ```
    pub fn evaluate_with(&self, current: &Current<'_>, method: MethodKind, comparison: Comparison) -> Verdict {
        if let Some(malformed) = self.refused(method) {
            return Verdict::Malformed(malformed);
        }
        if let Some(failed) = self.lost_update(current, comparison) {
            return Verdict::Failed(failed);
        }
        if self.is_known(current, method) {
            return match method {
                MethodKind::Read => Verdict::NotModified,
                MethodKind::Write => Verdict::Failed(FailedHeader::IfNoneMatch),
            };
        }
        // §13.2.2, step 6: otherwise, perform the requested method.
        Verdict::Proceed
    }

    /// Whether a `Range` of this request may be honoured (RFC 9110 §13.1.5; step 5 of §13.2.2).
    ///
    /// To be asked for a GET with a `Range`, after [`evaluate`](Self::evaluate) said to proceed.
    /// Where it is false the whole representation is the answer. Without `If-Range`, it is true.
    ///
    /// # Examples
    ///
    /// ```
    /// use etag_core::{Current, ETag, IfRange, Preconditions};
    ///
    /// let tag = ETag::strong("1")?;
    /// let resume = Preconditions::none().with_if_range(IfRange::Tag(tag.clone()));
    /// assert!(resume.if_range_passes(&Current::tagged(&tag)));
    /// assert!(!resume.if_range_passes(&Current::tagged(&tag.to_weak())));
    /// # Ok::<(), etag_core::InvalidETag>(())
    /// ```
    pub fn if_range_passes(&self, current: &Current<'_>) -> bool {
        match &self.if_range {
            Field::Absent => true,
            // What cannot be read cannot match; the whole representation is always right.
            Field::Malformed(_) => false,
            // §13.1.5: the strong comparison.
            Field::Valid(IfRange::Tag(tag)) => current.etag().is_some_and(|etag| tag.strong_eq(etag)),
            // §13.1.5: an exact match, and only of a strong validator.
            Field::Valid(IfRange::Date(date)) => current
                .last_modified()
                .is_some_and(|modified| modified.is_strong() && whole_seconds(modified.at) == whole_seconds(*date)),
        }
    }

    /// What in these preconditions guards a write to `current`, under the given comparison in
    /// `If-Match` (rule P5).
    ///
    /// It does not tell whether the condition holds: a stale tag is a guard, too. Weak tags are
    /// none where the comparison can never match them.
    ///
    /// # Examples
    ///
    /// ```
    /// use etag_core::{Comparison, Current, ETag, EntityTags, Guard, Preconditions};
    ///
    /// let guard = |request: Preconditions| {
    ///     request.guards_write(&Current::Absent, Comparison::Strong)
    /// };
    /// assert_eq!(guard(Preconditions::none()), Guard::None);
    /// assert_eq!(guard(Preconditions::none().with_if_match(ETag::strong("1")?)), Guard::Tag);
    /// assert_eq!(guard(Preconditions::none().with_if_match(ETag::weak("1")?)), Guard::None);
    /// assert_eq!(guard(Preconditions::none().with_if_none_match(EntityTags::Any)), Guard::Tag);
    /// # Ok::<(), etag_core::InvalidETag>(())
    /// ```
    pub fn guards_write(&self, current: &Current<'_>, comparison: Comparison) -> Guard {
        if self.guards_by_tag(comparison) {
            Guard::Tag
        } else if self.guards_by_date(current) {
            Guard::Date
        } else {
            Guard::None
        }
    }

    fn guards_by_tag(&self, comparison: Comparison) -> bool {
        let names_a_state = match self.if_match.valid() {
            Some(EntityTags::Any) => true,
            Some(EntityTags::List(tags)) => tags.iter().any(|tag| comparison.accepts(tag)),
            None => false,
        };
        names_a_state || self.if_none_match == Field::Valid(EntityTags::Any)
    }

    fn guards_by_date(&self, current: &Current<'_>) -> bool {
        // §13.1.4: If-Unmodified-Since is ignored beside If-Match.
        self.if_match.is_absent()
            && self.if_unmodified_since.is_some()
            && current.last_modified().is_some_and(LastModified::is_strong)
    }

    /// The malformed field that this method is refused for.
    fn refused(&self, method: MethodKind) -> Option<Malformed> {
        let if_none_match = self.if_none_match.malformed().filter(|malformed| {
            // A read's If-None-Match only spares a body; failing to spare it harms nobody.
            method == MethodKind::Write || malformed.is_too_large()
        });
        self.if_match.malformed().or(if_none_match)
    }

    /// §13.2.2, steps 1 and 2: has the state changed since the client saw it?
    fn lost_update(&self, current: &Current<'_>, comparison: Comparison) -> Option<FailedHeader> {
        match &self.if_match {
            // Step 1. §13.1.1: with no current representation, `*` and every list are false.
            Field::Valid(tags) => (!current.is_among(tags, comparison)).then_some(FailedHeader::IfMatch),
            // Refused before.
            Field::Malformed(_) => None,
            // Step 2: only without If-Match.
            Field::Absent => self.is_modified_later(current).then_some(FailedHeader::IfUnmodifiedSince),
        }
    }

    /// §13.1.4: the state is later than `If-Unmodified-Since`; ignored where it has no date.
    fn is_modified_later(&self, current: &Current<'_>) -> bool {
        match (self.if_unmodified_since, current.last_modified()) {
            (Some(date), Some(modified)) => modified.is_after(date),
            _ => false,
        }
    }

    /// §13.2.2, steps 3 and 4: does the client have this state already?
    fn is_known(&self, current: &Current<'_>, method: MethodKind) -> bool {
        match (&self.if_none_match, method) {
            // Step 3. §13.1.2: the weak comparison; with no current representation, never.
            (Field::Valid(tags), _) => current.is_among(tags, Comparison::Weak),
            // Step 4: only without If-None-Match, and only for GET and HEAD.
            (Field::Absent, MethodKind::Read) => self.is_not_modified_since(current),
            // §13.1.3: If-Modified-Since is ignored beside If-None-Match, even an unreadable one,
            // and for every other method.
            (Field::Malformed(_), _) | (Field::Absent, MethodKind::Write) => false,
        }
    }

    /// §13.1.3: the state is not later than `If-Modified-Since`; ignored where it has no date.
    fn is_not_modified_since(&self, current: &Current<'_>) -> bool {
        match (self.if_modified_since, current.last_modified()) {
            (Some(date), Some(modified)) => !modified.is_after(date),
            _ => false,
        }
    }
}
