//! What the sources leave open, decided by flags.

use clap::{
    Args, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
};
use etag_axum::Limits;
use etag_core::{Dialect, IfUnchanged, StoredTags, TagLimits, Wildcard};
use examples::TokenFlags;

use crate::dialect::CALENDAR;

/// The flags of this example.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct CalendarFlags {
    #[command(flatten)]
    pub(crate) token: TokenFlags,
    #[command(flatten)]
    pub(crate) switches: Switches,
}

/// What the sources leave open.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct Switches {
    /// What tags are made of
    #[arg(long, value_enum, default_value_t = Tags::Updated)]
    tags: Tags,
    /// What `If-Match: *` means
    #[arg(long, value_enum, default_value_t = Star::Exists)]
    star: Star,
    /// What a write does that changes nothing
    #[arg(long, value_enum, default_value_t = NoOp::Keep)]
    no_op: NoOp,
    /// What the `etag` in a body means where no `If-Match` is sent
    #[arg(long, value_enum, default_value_t = BodyTag::Ignored)]
    pub(crate) body_tag: BodyTag,
    /// Whether lists answer 304
    #[arg(long, value_enum, default_value_t = ListReads::Conditional)]
    pub(crate) lists: ListReads,
    /// What two writes of one resource in one batch are, where the second names no state
    #[arg(long, value_enum, default_value_t = Overlap::Conflict)]
    pub(crate) overlap: Overlap,
    /// How many tags `If-Match` and `If-None-Match` may have; more are 400
    #[arg(long, value_name = "N", default_value_t = TagLimits::default().tags)]
    most_tags: usize,
    /// How many requests are done in each second; more are `rateLimitExceeded`
    #[arg(long, value_name = "N")]
    pub(crate) rate_limit: Option<u32>,
    /// The status of `rateLimitExceeded`
    #[arg(long, value_name = "STATUS", default_value_t = 403, value_parser = statuses())]
    pub(crate) rate_status: u16,
}

fn statuses() -> impl TypedValueParser<Value = u16> {
    PossibleValuesParser::new(["403", "429"]).try_map(|status| status.parse::<u16>())
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Tags {
    /// Twice the microsecond of the last change
    Updated,
    /// The store's own, which tell no time
    Stored,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Star {
    /// Any state of what exists
    Exists,
    /// Nothing: 400
    Refused,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum NoOp {
    /// It leaves the tag
    Keep,
    /// It gives a new tag
    Change,
}

/// What the `etag` in a body means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum BodyTag {
    /// Nothing
    Ignored,
    /// What it would in `If-Match`
    Compared,
}

/// Whether lists answer 304.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListReads {
    /// They do, under their own tags
    Conditional,
    /// They always answer 200
    Plain,
}

/// What two writes of one resource in one batch are, where the second names no state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Overlap {
    /// The second is 409
    Conflict,
    /// Both are done, in their order
    InOrder,
}

impl Switches {
    pub(crate) fn limits(self) -> Limits {
        let tags = TagLimits { tags: self.most_tags, ..TagLimits::default() };
        Limits { tags, ..Limits::default() }
    }

    /// The dialect, as switched.
    pub(crate) fn dialect(self) -> Dialect {
        Dialect {
            codec: match self.tags {
                Tags::Updated => CALENDAR.codec,
                Tags::Stored => &StoredTags,
            },
            wildcard: match self.star {
                Star::Exists => Wildcard::Exists,
                Star::Refused => Wildcard::Refused,
            },
            if_unchanged: match self.no_op {
                NoOp::Keep => IfUnchanged::Keep,
                NoOp::Change => IfUnchanged::Rewrite,
            },
            ..CALENDAR
        }
    }
}
