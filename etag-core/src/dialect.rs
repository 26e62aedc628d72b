//! How an API family spells conditional requests on the wire: data and a few strategies that a server and a client read
//! alike (rule W).

mod batch_codec;
mod error_format;
mod error_shape;
mod error_table;
mod judge;
mod merge_disjoint;
mod mismatch;
mod misread;
mod missing;
mod placement;
mod refusal;
mod tag_codec;

pub use self::{
    batch_codec::{
        AfterFailure, BatchCodec, BatchPart, BatchRules, BatchStep, BatchSyntaxError, EncodedBatch, FailedTogether,
        PartAnswer, PartReferences,
    },
    error_format::{ErrorBody, ErrorContext, ErrorEnvelope, ErrorFormat},
    error_shape::ErrorShape,
    error_table::{ErrorRow, ErrorTable, ToldError},
    judge::{ChangesSince, Judgement, WriteIntent, WriteKind},
    merge_disjoint::MergeDisjoint,
    mismatch::{Mismatch, RefuseStale, Stale},
    missing::{AllowUnconditional, Missing, RequireCondition},
    placement::{ConditionPlacement, TagMember, TagPlacement, TagText},
    refusal::{Refusal, RefusalKind},
    tag_codec::{Named, StoredTags, TagCodec},
};

use crate::{Comparison, IfUnchanged};

/// One way to spell conditional requests. A value, not a fork: routers and clients read it.
///
/// Most of it is data. What no data can say is said by a strategy, behind `&'static dyn`, so that a dialect can be a
/// constant: [`TagCodec`], [`Missing`], [`Mismatch`], [`ErrorFormat`] and [`BatchCodec`]. All of them are for users of this
/// crate to implement, too.
///
/// ```
/// use etag_core::{Comparison, Dialect};
///
/// assert_eq!(Dialect::RFC_9110.mismatch_status, 412);
/// const LENIENT: Dialect = Dialect { name: "lenient", comparison: Comparison::Weak, ..Dialect::RFC_9110 };
/// assert_eq!(LENIENT.missing_status, 428);
/// ```
#[derive(Clone, Debug)]
pub struct Dialect {
    /// The name, for logs and documents.
    pub name: &'static str,
    /// What tags look like.
    pub codec: &'static dyn TagCodec,
    /// How the tags of `If-Match` are compared.
    pub comparison: Comparison,
    /// Where answers carry the tag.
    pub tag_placement: TagPlacement,
    /// Where requests carry the condition of a write.
    pub condition_placement: ConditionPlacement,
    /// What `If-Match: *` means.
    pub wildcard: Wildcard,
    /// A text in place of tags that makes a header no condition, such as `null`.
    pub no_condition: Option<NoCondition>,
    /// What `If-Match` and `If-None-Match` in one request mean.
    pub both_conditions: BothConditions,
    /// What a tag in `If-Match` means where the resource is absent, and `*` where that stands for a resource.
    pub tag_of_absent: TagOfAbsent,
    /// Which writes need no condition.
    pub missing: &'static dyn Missing,
    /// The status that answers a write without the condition it needs (RFC 6585 §3).
    pub missing_status: u16,
    /// What becomes of a write whose tag is not the current one.
    pub mismatch: &'static dyn Mismatch,
    /// The status that answers a condition which is not met (RFC 9110 §15.5.13).
    pub mismatch_status: u16,
    /// The status that answers a condition which can't be read (RFC 9110 §15.5.1).
    pub malformed_status: u16,
    /// The status that answers a condition which is longer than what is read of one (RFC 6585 §5).
    pub too_long_status: u16,
    /// Whether a write that changes nothing gives a new tag (rule P7).
    pub if_unchanged: IfUnchanged,
    /// The shape of errors.
    pub error_envelope: ErrorEnvelope,
    /// What it does with several requests in one, where it has a form for that.
    pub batch: Option<BatchRules>,
}

/// What `If-Match: *` means.
///
/// ```
/// use etag_core::{Dialect, Wildcard};
///
/// assert_eq!(Dialect::RFC_9110.wildcard, Wildcard::Exists);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Wildcard {
    /// There is a resource, in whatever state (RFC 9110 §13.1.1).
    Exists,
    /// The last one wins: nothing is compared, and what is absent may come to be. An `If-None-Match` beside it must hold.
    LastOneWins,
    /// Nothing: it is refused.
    Refused,
}

/// A text in place of tags that makes a header no condition.
///
/// ```
/// use etag_core::{Dialect, NoCondition};
///
/// const SENTINEL: Dialect = Dialect { no_condition: Some(NoCondition::InIfNoneMatch("null")), ..Dialect::RFC_9110 };
/// assert_eq!(SENTINEL.no_condition, Some(NoCondition::InIfNoneMatch("null")));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoCondition {
    /// In `If-None-Match` alone. `If-Match` guards a write, so there the text stays malformed.
    InIfNoneMatch(&'static str),
    /// In `If-Match`, too: whoever sends it writes over whatever there is.
    InEither(&'static str),
}

impl NoCondition {
    /// Whether this line of the field of this name is none.
    #[cfg(feature = "http")]
    pub(crate) fn has(self, field: &str, line: &[u8]) -> bool {
        let (text, may_be_here) = match self {
            Self::InIfNoneMatch(text) => (text, field == "If-None-Match"),
            Self::InEither(text) => (text, matches!(field, "If-Match" | "If-None-Match")),
        };
        may_be_here && line.trim_ascii() == text.as_bytes()
    }
}

/// What `If-Match` and `If-None-Match` in one request mean.
///
/// ```
/// use etag_core::{BothConditions, Dialect};
///
/// assert_eq!(Dialect::RFC_9110.both_conditions, BothConditions::InOrder);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BothConditions {
    /// Both must hold, in the order of RFC 9110 §13.2.2.
    InOrder,
    /// Nothing: such a request is refused.
    Refused,
}

/// What a tag in `If-Match` means where the resource is absent, and `*` where that stands for a resource
/// ([`Wildcard::Exists`]).
///
/// ```
/// use etag_core::{Dialect, TagOfAbsent};
///
/// assert_eq!(Dialect::RFC_9110.tag_of_absent, TagOfAbsent::Mismatch);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagOfAbsent {
    /// A condition that is not met (RFC 9110 §13.1.1).
    Mismatch,
    /// A resource that is not found, also for a request that could create it without the tag.
    NotFound,
}

impl Dialect {
    /// Conditional requests as RFC 9110, RFC 6585 and RFC 9457 spell them.
    ///
    /// ```
    /// use etag_core::Dialect;
    ///
    /// let statuses = (Dialect::RFC_9110.malformed_status, Dialect::RFC_9110.missing_status);
    /// assert_eq!(statuses, (400, 428));
    /// ```
    pub const RFC_9110: Self = Self {
        name: "RFC 9110",
        codec: &StoredTags,
        comparison: Comparison::Strong,
        tag_placement: TagPlacement::Header,
        condition_placement: ConditionPlacement::Headers,
        wildcard: Wildcard::Exists,
        no_condition: None,
        both_conditions: BothConditions::InOrder,
        tag_of_absent: TagOfAbsent::Mismatch,
        missing: &RequireCondition,
        missing_status: 428,
        mismatch: &RefuseStale,
        mismatch_status: 412,
        malformed_status: 400,
        too_long_status: 431,
        if_unchanged: IfUnchanged::Keep,
        error_envelope: ErrorEnvelope::ProblemDetails,
        batch: None,
    };

    /// The status of a refusal: its own, or that of its kind in this dialect.
    ///
    /// ```
    /// use etag_core::{Dialect, Refusal, RefusalKind};
    ///
    /// const STRICT: Dialect = Dialect { mismatch_status: 409, ..Dialect::RFC_9110 };
    /// assert_eq!(STRICT.status_of(&Refusal::new(RefusalKind::Stale)), 409);
    /// assert_eq!(STRICT.status_of(&Refusal::new(RefusalKind::Stale).with_status(400)), 400);
    /// assert_eq!(STRICT.status_of(&Refusal::new(RefusalKind::NotFound)), 404);
    /// ```
    pub fn status_of(&self, refusal: &Refusal) -> u16 {
        refusal.status.unwrap_or(match refusal.kind {
            RefusalKind::ConditionMissing => self.missing_status,
            RefusalKind::ConditionMalformed => self.malformed_status,
            RefusalKind::ConditionTooLong => self.too_long_status,
            RefusalKind::Stale | RefusalKind::UnknownTag | RefusalKind::ForeignTag => self.mismatch_status,
            kind => kind.usual_status(),
        })
    }
}
