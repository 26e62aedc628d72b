//! What is not known for sure of the service, or is a matter of taste: flags.

use std::num::NonZero;

use clap::{Args, ValueEnum};
use etag_axum::{AtomicityGroups, JsonBatch};
use etag_core::{BatchRules, Dialect, IfUnchanged, Wildcard};
use examples::TokenFlags;

use crate::dialect::{ArticleMode, GRAPH_BATCH, PLANNER};

/// The flags of this example.
#[derive(Args, Clone, Debug)]
pub(crate) struct Rules {
    #[command(flatten)]
    pub(crate) token: TokenFlags,
    /// Refuse every tag but the current one with 409, instead of merging changes that do not conflict
    #[arg(long)]
    article_mode: bool,
    /// Let `If-Match: *` stand for any version, instead of refusing it with 400
    #[arg(long)]
    accept_wildcard: bool,
    /// What a change that changes nothing does to the tag
    #[arg(long, value_enum, value_name = "WHAT", default_value = "keep")]
    unchanged: Unchanged,
    /// Extension that the service does not have: requests of a batch with the same `atomicityGroup` happen together or not
    #[arg(long)]
    atomic_batches: bool,
    /// The user that all requests come from
    #[arg(long, value_name = "ID", default_value = "6463a5ce-2119-4198-9f2a-628761df4a62")]
    pub(crate) me: String,
    /// Which tasks are those of `/me`
    #[arg(long, value_enum, default_value = "all")]
    pub(crate) my_tasks: MyTasks,
    /// How many items a page has where the client does not say
    #[arg(long, value_name = "N", default_value = "400")]
    pub(crate) page_size: NonZero<usize>,
    /// Items of a checklist; more are 403 `MaximumChecklistItemsOnTask`
    #[arg(long, value_name = "N", default_value = "20")]
    pub(crate) max_checklist_items: usize,
    /// References of a task; more are 403 `MaximumReferencesOnTask`
    #[arg(long, value_name = "N", default_value = "10")]
    pub(crate) max_references: usize,
    /// Assignees of a task; more are 403 `MaximumAssigneesInTasks`
    #[arg(long, value_name = "N", default_value = "20")]
    pub(crate) max_assignees: usize,
    /// Tasks in a plan; more are 403 `MaximumTasksInProject`, and without the flag there is no limit
    #[arg(long, value_name = "N")]
    pub(crate) max_tasks_in_plan: Option<usize>,
}

/// Which tasks are those of `/me`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum MyTasks {
    /// All there are: nobody else is known here
    All,
    /// Those assigned to the user that `--me` names
    Assigned,
}

/// What a change that changes nothing does to the tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Unchanged {
    /// Nothing
    Keep,
    /// There is another one, as after any change
    Rewrite,
}

impl Rules {
    /// The dialect under these rules.
    pub(crate) fn dialect(&self) -> Dialect {
        let mut dialect = PLANNER;
        if self.article_mode {
            dialect.mismatch = &ArticleMode;
        }
        if self.accept_wildcard {
            dialect.wildcard = Wildcard::Exists;
        }
        if self.unchanged == Unchanged::Rewrite {
            dialect.if_unchanged = IfUnchanged::Rewrite;
        }
        if self.atomic_batches {
            dialect.batch = Some(BatchRules { codec: &ATOMIC_BATCH, ..GRAPH_BATCH });
        }
        dialect
    }
}

const ATOMIC_BATCH: JsonBatch = JsonBatch { atomicity_groups: AtomicityGroups::Honoured, ..JsonBatch::GRAPH };
