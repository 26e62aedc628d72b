//! Who is asking, and how much there may be of everything.

use std::num::NonZero;

use clap::{Args, ValueEnum};

/// The flags about users and amounts.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Users and limits")]
pub(crate) struct Limits {
    /// The user that all requests come from
    #[arg(long, value_name = "ID", default_value = "6463a5ce-2119-4198-9f2a-628761df4a62")]
    pub(crate) me: String,
    /// Which tasks are those of `/me`
    #[arg(long, value_enum, value_name = "WHICH", default_value = "all")]
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
