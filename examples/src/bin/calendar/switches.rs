//! What the sources leave open, decided by flags.

use clap::{
    Args, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
};
use etag_axum::Limits;
use etag_core::{Dialect, IfUnchanged, StoredTags, TagLimits, TagPlacement, Wildcard};
use examples::TokenFlags;

use crate::dialect::{CALENDAR, ETAG};

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
    #[command(flatten)]
    tags: TagSwitches,
    #[command(flatten)]
    pub(crate) conditions: ConditionSwitches,
    #[command(flatten)]
    pub(crate) deleted: DeletedSwitches,
    #[command(flatten)]
    pub(crate) batches: BatchSwitches,
    #[command(flatten)]
    pub(crate) rate: RateSwitches,
}

#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Tags")]
struct TagSwitches {
    /// What tags are made of
    #[arg(long, value_enum, default_value_t = Tags::Updated)]
    tags: Tags,
    /// Whether answers have the tag in a header, too
    #[arg(long, value_enum, default_value_t = TagHeader::Sent)]
    etag_header: TagHeader,
    /// What a write does that changes nothing
    #[arg(long, value_enum, default_value_t = NoOp::Keep)]
    no_op: NoOp,
}

/// What requests may say of states.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Conditions")]
pub(crate) struct ConditionSwitches {
    /// What `If-Match: *` means
    #[arg(long, value_enum, default_value_t = Star::Exists)]
    star: Star,
    /// How many tags If-Match and If-None-Match may have; more are 400
    #[arg(long, value_name = "N", default_value_t = TagLimits::default().tags)]
    most_tags: usize,
    /// What a tag without its quotes is
    #[arg(long, value_enum, default_value_t = Unquoted::Refused)]
    pub(crate) unquoted: Unquoted,
    /// What If-None-Match and If-Unmodified-Since mean for a write
    #[arg(long, value_enum, default_value_t = Count::Compared)]
    pub(crate) other_conditions: Count,
    /// What the conditions of `move` mean
    #[arg(long, value_enum, default_value_t = Count::Compared)]
    pub(crate) move_conditions: Count,
    /// What the `etag` in a body means where no If-Match is sent
    #[arg(long, value_enum, default_value_t = Count::Ignored)]
    pub(crate) body_tag: Count,
    /// Whether lists answer 304
    #[arg(long, value_enum, default_value_t = ListReads::Conditional)]
    pub(crate) lists: ListReads,
}

/// What is left of a deleted event.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Deleted events")]
pub(crate) struct DeletedSwitches {
    /// What a second delete is told that is under an old tag, too
    #[arg(long, value_enum, default_value_t = SecondDelete::Stale)]
    pub(crate) second_delete: SecondDelete,
    /// What reads and updates of a deleted event find
    #[arg(long, value_enum, default_value_t = Deleted::Cancelled)]
    pub(crate) deleted: Deleted,
}

/// What requests are to each other that come in one.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Batches")]
pub(crate) struct BatchSwitches {
    /// What the conditions of requests in a batch mean
    #[arg(long, value_enum, default_value_t = Count::Compared)]
    pub(crate) inner_conditions: Count,
    /// What two writes of one resource in one batch are, where the second names no state
    #[arg(long, value_enum, default_value_t = Overlap::Conflict)]
    pub(crate) overlap: Overlap,
}

/// How often a client may ask.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Limits")]
pub(crate) struct RateSwitches {
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
enum TagHeader {
    /// In `ETag`, as in the body
    Sent,
    /// The body alone has it
    Unsent,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum NoOp {
    /// It leaves the tag
    Keep,
    /// It gives a new tag
    Change,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Star {
    /// Any state of what exists
    Exists,
    /// Nothing: 400
    Refused,
}

/// What a tag without its quotes is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Unquoted {
    /// No condition that can be read: 400
    Refused,
    /// A tag that nothing has: 412
    Mismatch,
    /// The tag that it would be with its quotes
    Tag,
}

/// What a condition means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Count {
    /// It must hold
    Compared,
    /// Nothing
    Ignored,
}

/// Whether lists answer 304.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListReads {
    /// They do, under their own tags
    Conditional,
    /// They always answer 200
    Plain,
}

/// What a second delete is told that is under an old tag, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SecondDelete {
    /// That its tag is old: 412
    Stale,
    /// That the event was deleted: 410
    Gone,
}

/// What reads and updates of a deleted event find.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Deleted {
    /// An event with the status `cancelled`, which an update brings back
    Cancelled,
    /// That it was deleted: 410
    Gone,
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
        let tags = TagLimits { tags: self.conditions.most_tags, ..TagLimits::default() };
        Limits { tags, ..Limits::default() }
    }

    /// The dialect, as switched.
    pub(crate) fn dialect(self) -> Dialect {
        Dialect {
            codec: match self.tags.tags {
                Tags::Updated => CALENDAR.codec,
                Tags::Stored => &StoredTags,
            },
            tag_placement: match self.tags.etag_header {
                TagHeader::Sent => CALENDAR.tag_placement,
                TagHeader::Unsent => TagPlacement::Member(ETAG),
            },
            wildcard: match self.conditions.star {
                Star::Exists => CALENDAR.wildcard,
                Star::Refused => Wildcard::Refused,
            },
            if_unchanged: match self.tags.no_op {
                NoOp::Keep => CALENDAR.if_unchanged,
                NoOp::Change => IfUnchanged::Rewrite,
            },
            ..CALENDAR
        }
    }
}
