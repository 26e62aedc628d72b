//! Choices where the service's documents leave room.

use clap::{Args, ValueEnum};
use etag_core::{BothConditions, Dialect, TagOfAbsent};

use crate::dialect::{DATAVERSE, RowVersions};

/// The flags of what is inferred.
#[derive(Args, Clone, Debug)]
pub(crate) struct Switches {
    /// What row versions look like
    #[arg(long, value_enum, default_value = "of-this-life")]
    row_versions: Versions,
    /// The status where If-Match names a version of a row that does not exist
    #[arg(long, value_name = "404 | 412", default_value = "404", value_parser = ["404", "412"])]
    tag_of_absent: String,
    /// What If-Match and If-None-Match in one request mean
    #[arg(long, value_enum, default_value = "refuse")]
    both_conditions: Both,
    /// Logical names of the tables without optimistic concurrency
    #[arg(long, value_name = "TABLES", value_delimiter = ',', default_value = "annotation")]
    without_concurrency: Vec<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Versions {
    /// Numbers that never come back, also after a restore
    OfThisLife,
    /// As short as the service's own
    Bare,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Both {
    Refuse,
    InOrder,
}

impl Switches {
    /// The dialect with these choices.
    pub(crate) fn dialect(&self) -> Dialect {
        Dialect {
            codec: match self.row_versions {
                Versions::OfThisLife => DATAVERSE.codec,
                Versions::Bare => &RowVersions::Bare,
            },
            tag_of_absent: if self.tag_of_absent == "412" { TagOfAbsent::Mismatch } else { DATAVERSE.tag_of_absent },
            both_conditions: match self.both_conditions {
                Both::Refuse => DATAVERSE.both_conditions,
                Both::InOrder => BothConditions::InOrder,
            },
            ..DATAVERSE
        }
    }

    /// Whether rows of the table can be compared by their versions.
    pub(crate) fn is_concurrency_enabled(&self, table: &str) -> bool {
        !self.without_concurrency.iter().any(|without| without == table)
    }
}
