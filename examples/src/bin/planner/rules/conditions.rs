//! What a tag is good for.

use clap::{Args, ValueEnum, value_parser};
use etag_axum::Exchange;
use etag_core::{ChangeRule, Dialect, IfUnchanged, Wildcard};

use crate::dialect::ArticleMode;

/// The flags about conditions and tags.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Conditions")]
pub(crate) struct ConditionRules {
    /// What becomes of a change under the tag of a former version
    #[arg(long, value_enum, value_name = "WHAT", default_value = "merge")]
    former_tag: FormerTag,
    /// How many versions of a resource are remembered besides the present one; the tag of one from before them is 412
    #[arg(long, value_name = "N", default_value = "100", value_parser = value_parser!(u16).range(1..=100))]
    remembered_versions: u16,
    /// What `If-Match: *` means
    #[arg(long, value_enum, value_name = "WHAT", default_value = "refused")]
    wildcard: Star,
    /// What a change that changes nothing does to the tag
    #[arg(long, value_enum, value_name = "WHAT", default_value = "keep")]
    unchanged: Unchanged,
    /// What `If-None-Match` does to a read
    #[arg(long, value_enum, value_name = "WHAT", default_value = "compared")]
    if_none_match: IfNoneMatch,
    /// What is looked at first of a change of which both are wrong
    #[arg(long, value_enum, value_name = "WHAT", default_value = "conditions")]
    pub(crate) first: First,
}

/// What becomes of a change under the tag of a former version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FormerTag {
    /// It is done where nothing that it changes was changed since, entries of dictionaries by themselves; else it is 409
    Merge,
    /// The same, but a dictionary is one thing: whoever changes an entry changes all of it
    MergeMembers,
    /// It is 409, whatever was changed
    Conflict,
}

/// What `If-Match: *` means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Star {
    /// Nothing: it is 400
    Refused,
    /// Whatever version there is
    Any,
}

/// What a change that changes nothing does to the tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Unchanged {
    /// Nothing
    Keep,
    /// There is another one, as after any change
    Rewrite,
}

/// What `If-None-Match` does to a read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum IfNoneMatch {
    /// It is 304 where it names the version that there is
    Compared,
    /// Nothing
    Overlooked,
}

/// What is looked at first of a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum First {
    /// Its `If-Match`
    Conditions,
    /// The values in its body
    Values,
}

impl ConditionRules {
    pub(super) fn change(&self, dialect: &mut Dialect) {
        if self.former_tag == FormerTag::Conflict {
            dialect.mismatch = &ArticleMode;
        }
        if self.wildcard == Star::Any {
            dialect.wildcard = Wildcard::Exists;
        }
        if self.unchanged == Unchanged::Rewrite {
            dialect.if_unchanged = IfUnchanged::Rewrite;
        }
    }

    /// What is remembered of the changes of a resource whose model asks for `most`.
    pub(crate) fn remembered(&self, most: ChangeRule) -> ChangeRule {
        let depth = if self.former_tag == FormerTag::MergeMembers { 1 } else { most.depth };
        ChangeRule { keep: self.remembered_versions.min(most.keep), depth }
    }

    /// The same request, with the conditions that a read looks at.
    pub(crate) fn of_read(&self, exchange: Exchange) -> Exchange {
        match self.if_none_match {
            IfNoneMatch::Compared => exchange,
            IfNoneMatch::Overlooked => exchange.without_conditions(),
        }
    }
}
