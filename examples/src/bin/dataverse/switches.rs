//! Choices where the service's documents leave room.

use clap::{Args, ValueEnum};
use etag_axum::MultipartBatch;
use etag_core::{
    BatchRules, BothConditions, Comparison, Dialect, ErrorEnvelope, FailedTogether, NoCondition, TagOfAbsent,
};
use examples::TokenFlags;

use crate::{
    address::Guids,
    dialect::{BATCH, DATAVERSE, RowVersions},
    errors::{CodesIn, InnerErrors, errors},
};

/// The flags of this example: what is inferred.
#[derive(Args, Clone, Debug)]
pub(crate) struct Switches {
    #[command(flatten)]
    pub(crate) token: TokenFlags,
    #[command(flatten)]
    versions: VersionSwitches,
    #[command(flatten)]
    pub(crate) conditions: ConditionSwitches,
    #[command(flatten)]
    pub(crate) errors: ErrorSwitches,
    #[command(flatten)]
    pub(crate) requests: RequestSwitches,
}

/// What rows are told apart by.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Row versions")]
struct VersionSwitches {
    /// What row versions look like
    #[arg(long, value_enum, default_value_t = Numbers::OfThisLife)]
    row_versions: Numbers,
}

/// What requests may say of states.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Conditions")]
pub(crate) struct ConditionSwitches {
    /// How the row versions of If-Match are compared
    #[arg(long, value_enum, default_value_t = Compare::Weakly)]
    compare: Compare,
    /// The status where If-Match names a version of a row that does not exist
    #[arg(long, value_name = "404 | 412", default_value = "404", value_parser = ["404", "412"])]
    tag_of_absent: String,
    /// What If-Match and If-None-Match in one request mean
    #[arg(long, value_enum, default_value_t = Both::Refuse)]
    both_conditions: Both,
    /// Where `null` is no condition
    #[arg(long, value_enum, default_value_t = Sentinel::IfNoneMatch)]
    sentinel: Sentinel,
    /// What `If-Match: *` means for a DELETE
    #[arg(long, value_enum, default_value_t = DeleteStar::Exists)]
    pub(crate) delete_star: DeleteStar,
    /// What conditions mean for writes of single properties
    #[arg(long, value_enum, default_value_t = Count::Compared)]
    pub(crate) property_conditions: Count,
    /// Logical names of the tables without optimistic concurrency
    #[arg(long, value_name = "TABLES", value_delimiter = ',', default_value = "annotation")]
    without_concurrency: Vec<String>,
}

/// What refusals say.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Errors")]
pub(crate) struct ErrorSwitches {
    /// The status where If-Match names a version of a table without optimistic concurrency
    #[arg(long, value_name = "STATUS", default_value_t = 400, value_parser = clap::value_parser!(u16).range(400..500))]
    pub(crate) concurrency_status: u16,
    /// Which codes errors have
    #[arg(long, value_enum, default_value_t = CodesIn::Errors)]
    codes: CodesIn,
    /// Whether errors have an `innererror`
    #[arg(long, value_enum, default_value_t = InnerErrors::LeftOut)]
    inner_errors: InnerErrors,
}

/// What requests and answers look like.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Requests and answers")]
pub(crate) struct RequestSwitches {
    /// How GUIDs are to be spelled
    #[arg(long, value_enum, default_value_t = Guids::AnyCase)]
    pub(crate) guids: Guids,
    /// Whether a 204 tells the new version
    #[arg(long, value_enum, default_value_t = WrittenTag::LeftOut)]
    pub(crate) etag_on_204: WrittenTag,
    /// How a batch tells that a change set has failed
    #[arg(long, value_enum, default_value_t = FailedSets::Alone)]
    failed_change_sets: FailedSets,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Numbers {
    /// Growing numbers that never come back, also after a restore
    OfThisLife,
    /// The same without an order, for clients that must not rely on one
    Shuffled,
    /// As short as the service's own
    Bare,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Compare {
    /// With or without `W/`
    Weakly,
    /// As the very texts that were sent
    AsTexts,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Both {
    /// Nothing: 400
    Refuse,
    /// Both must hold
    InOrder,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Sentinel {
    /// In If-None-Match; in If-Match it is 400
    IfNoneMatch,
    /// In If-Match, too
    Both,
}

/// What `If-Match: *` means for a DELETE.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DeleteStar {
    /// Any version of a row that exists
    Exists,
    /// Nothing that can be had: 400
    Refused,
}

/// What conditions mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Count {
    /// They must hold, for the row
    Compared,
    /// Nothing
    Ignored,
}

/// Whether a 204 tells the new version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum WrittenTag {
    /// It does not
    LeftOut,
    /// It does, in `ETag`
    Sent,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum FailedSets {
    /// By the error, as if it had been one request
    Alone,
    /// By the error in a change set of answers
    Nested,
}

const NESTED: MultipartBatch = MultipartBatch { failed_change_sets: FailedTogether::Together, ..MultipartBatch::ODATA };

impl Switches {
    /// The dialect with these choices.
    pub(crate) fn dialect(&self) -> Dialect {
        let ConditionSwitches { compare, tag_of_absent, both_conditions, sentinel, .. } = &self.conditions;
        Dialect {
            codec: match self.versions.row_versions {
                Numbers::OfThisLife => DATAVERSE.codec,
                Numbers::Shuffled => &RowVersions::Shuffled,
                Numbers::Bare => &RowVersions::Bare,
            },
            comparison: match compare {
                Compare::Weakly => DATAVERSE.comparison,
                Compare::AsTexts => Comparison::Identical,
            },
            tag_of_absent: if tag_of_absent == "412" { TagOfAbsent::Mismatch } else { DATAVERSE.tag_of_absent },
            both_conditions: match both_conditions {
                Both::Refuse => DATAVERSE.both_conditions,
                Both::InOrder => BothConditions::InOrder,
            },
            no_condition: match sentinel {
                Sentinel::IfNoneMatch => DATAVERSE.no_condition,
                Sentinel::Both => Some(NoCondition::InEither("null")),
            },
            error_envelope: ErrorEnvelope::Own(errors(self.errors.codes, self.errors.inner_errors)),
            batch: match self.requests.failed_change_sets {
                FailedSets::Alone => DATAVERSE.batch,
                FailedSets::Nested => Some(BatchRules { codec: &NESTED, ..BATCH }),
            },
            ..DATAVERSE
        }
    }

    /// Whether rows of the table can be compared by their versions.
    pub(crate) fn is_concurrency_enabled(&self, table: &str) -> bool {
        !self.conditions.without_concurrency.iter().any(|without| without == table)
    }
}
