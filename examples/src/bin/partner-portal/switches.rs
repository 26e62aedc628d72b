//! What the sources leave open, decided by flags.

use std::sync::Arc;

use axum::extract::State;
use clap::{Args, ValueEnum};
use etag_core::{Comparison, Dialect, ErrorEnvelope, ErrorTable, IfUnchanged, TagOfAbsent, Wildcard};
use examples::TokenFlags;
use http::{HeaderName, header};

use crate::{
    dialect::{Demand, ERRORS, PORTAL, UNDOCUMENTED, rows},
    rules::Rules,
};

/// The flags that only this example has.
#[derive(Args, Clone, Debug)]
pub(crate) struct Portal {
    #[command(flatten)]
    pub(crate) token: TokenFlags,
    #[command(flatten)]
    pub(crate) conditions: Conditions,
    #[command(flatten)]
    pub(crate) answers: Answers,
    #[command(flatten)]
    pub(crate) rules: Rules,
}

/// The flags, as handlers have them.
pub(crate) type Chosen = State<Arc<Portal>>;

/// What a write may say about other writers, and what that means.
#[derive(Args, Clone, Copy, Debug)]
#[command(next_help_heading = "Conditions")]
pub(crate) struct Conditions {
    /// Let a PUT without If-Match create; where the offer exists it is 409
    #[arg(long, conflicts_with = "strict_actions")]
    compat: bool,
    /// Demand If-Match of publish, go live and cancel, too
    #[arg(long)]
    strict_actions: bool,
    /// What `If-Match: *` says of an offer that does not exist
    #[arg(long, value_enum, default_value_t = Star::Creates)]
    star: Star,
    /// Answer 412 instead of 404 to a PUT that demands an offer which does not exist
    #[arg(long)]
    absent_is_mismatch: bool,
    /// Which headers say how a write deals with other writers
    #[arg(long, value_enum, default_value_t = Strategies::All)]
    strategies: Strategies,
    /// How tags are compared
    #[arg(long, value_enum, default_value_t = Compare::AsTexts)]
    compare: Compare,
    /// What the `eTag` in a body means where no If-Match is sent
    #[arg(long, value_enum, default_value_t = BodyTag::Ignored)]
    pub(crate) body_tag: BodyTag,
    /// What a PUT does that changes nothing
    #[arg(long, value_enum, default_value_t = NoOp::Change)]
    no_op: NoOp,
    /// Whether reads of an offer answer 304
    #[arg(long, value_enum, default_value_t = Reads::Conditional)]
    reads: Reads,
}

/// What refusals and successes are called.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Answers")]
pub(crate) struct Answers {
    /// The code where a write says nothing about other writers
    #[arg(long, value_name = "CODE", default_value = UNDOCUMENTED[0])]
    missing_code: String,
    /// The code where a write is under a tag that is not the current one
    #[arg(long, value_name = "CODE", default_value = UNDOCUMENTED[1])]
    mismatch_code: String,
    /// The status of a PUT that creates
    #[arg(long, value_name = "STATUS", default_value_t = 201, value_parser = clap::value_parser!(u16).range(200..=202))]
    pub(crate) created_status: u16,
    /// The status where an operation is not possible as things are, such as beside another one
    #[arg(long, value_name = "STATUS", default_value_t = 409, value_parser = clap::value_parser!(u16).range(400..500))]
    pub(crate) busy_status: u16,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Star {
    /// It comes to be: the last one wins
    Creates,
    /// Nothing: the PUT is refused as one under a tag is
    Exists,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Strategies {
    /// If-None-Match and If-Unmodified-Since as well as If-Match
    All,
    /// If-Match alone; the others mean nothing
    IfMatch,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Compare {
    /// As the very texts that were sent
    AsTexts,
    /// With or without `W/`
    Weakly,
}

/// What the tag in a body means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum BodyTag {
    /// Nothing
    Ignored,
    /// What it would in If-Match
    Compared,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum NoOp {
    /// It gives a new tag
    Change,
    /// It leaves the tag
    Keep,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Reads {
    /// They do, where If-None-Match has the current tag
    Conditional,
    /// They always answer 200
    Plain,
}

impl Conditions {
    /// The dialect, as switched.
    pub(crate) fn dialect(self, answers: &Answers) -> Dialect {
        Dialect {
            missing: match (self.compat, self.strict_actions) {
                (true, _) => &Demand::Compatible,
                (_, true) => &Demand::All,
                _ => &Demand::Puts,
            },
            wildcard: match self.star {
                Star::Creates => PORTAL.wildcard,
                Star::Exists => Wildcard::Exists,
            },
            tag_of_absent: if self.absent_is_mismatch { TagOfAbsent::Mismatch } else { PORTAL.tag_of_absent },
            comparison: match self.compare {
                Compare::AsTexts => PORTAL.comparison,
                Compare::Weakly => Comparison::Weak,
            },
            if_unchanged: match self.no_op {
                NoOp::Change => PORTAL.if_unchanged,
                NoOp::Keep => IfUnchanged::Keep,
            },
            error_envelope: ErrorEnvelope::Own(answers.errors()),
            ..PORTAL
        }
    }

    /// The conditional headers that mean nothing in reads, and those in writes.
    pub(crate) fn ignored(self) -> [&'static [HeaderName]; 2] {
        let in_reads: &[_] = match self.reads {
            Reads::Conditional => &[],
            Reads::Plain => &[header::IF_NONE_MATCH, header::IF_MODIFIED_SINCE],
        };
        let in_writes: &[_] = match self.strategies {
            Strategies::All => &[],
            Strategies::IfMatch => &[header::IF_NONE_MATCH, header::IF_UNMODIFIED_SINCE],
        };
        [in_reads, in_writes]
    }
}

impl Answers {
    /// Made once, for as long as the process runs, as a dialect is.
    fn errors(&self) -> &'static ErrorTable {
        let [missing, mismatch] = [&self.missing_code, &self.mismatch_code].map(|code| &*code.clone().leak());
        let rows = Box::leak(Box::new(rows(missing, mismatch)));
        Box::leak(Box::new(ErrorTable { rows, ..ERRORS }))
    }
}
