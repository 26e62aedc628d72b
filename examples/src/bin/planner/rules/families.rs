//! What a write does to others.

use clap::{Args, ValueEnum};
use etag_core::{LinkRule, OnDelete, ParentLink, Put, Touch};

/// The flags about plans, buckets, tasks and details.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Plans, buckets, tasks and details")]
pub(crate) struct FamilyRules {
    /// Which changes of its details give a task another tag
    #[arg(long, value_enum, value_name = "WHICH", default_value = "all")]
    details_touch_task: DetailsTouchTask,
    /// What a change of a task does to the tag of its details
    #[arg(long, value_enum, value_name = "WHAT", default_value = "keeps-details")]
    pub(crate) task_change: TaskChange,
    /// What a task that comes, goes or moves does to the tags of its plan and its buckets
    #[arg(long, value_enum, value_name = "WHAT", default_value = "keeps-parents")]
    new_task: NewTask,
    /// What becomes of a delete of a plan or a bucket that has something in it
    #[arg(long, value_enum, value_name = "WHAT", default_value = "cascade")]
    delete_of_full: DeleteOfFull,
    /// Which buckets a task may be in
    #[arg(long, value_enum, value_name = "WHICH", default_value = "of-its-plan")]
    pub(crate) buckets: Buckets,
    /// What a `planId` or a `bucketId` is that nothing has
    #[arg(long, value_enum, value_name = "WHAT", default_value = "not-found")]
    pub(crate) unknown_parent: UnknownParent,
}

/// Which changes of its details give a task another tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DetailsTouchTask {
    /// All
    All,
    /// Those that change what the task derives from them, such as the number of items in the checklist
    Derived,
}

/// What a change of a task does to the tag of its details.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum TaskChange {
    /// Nothing, unless it changes the `previewType`, which is theirs
    KeepsDetails,
    /// They get another one
    TouchesDetails,
}

/// What a task that comes, goes or moves does to the tags of its plan and its buckets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum NewTask {
    /// Nothing
    KeepsParents,
    /// They get other ones
    TouchesParents,
}

/// What becomes of a delete of a plan or a bucket that has something in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DeleteOfFull {
    /// All that is in it goes along
    Cascade,
    /// It is 409
    Refused,
}

/// Which buckets a task may be in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Buckets {
    /// Those of its plan
    OfItsPlan,
    /// All
    OfAnyPlan,
}

/// What a `planId` or a `bucketId` is that nothing has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum UnknownParent {
    /// 404
    NotFound,
    /// 400
    Invalid,
}

impl FamilyRules {
    /// Whether the tag of a task changes with whatever its details say.
    pub(crate) fn has_details_in_tag(&self) -> bool {
        self.details_touch_task == DetailsTouchTask::All
    }

    pub(super) fn settle(&self, put: &mut Put) {
        let child = put.key.collection();
        put.parents = put.parents.with_rules(|link| self.rule(child, link));
    }

    /// What a link is to the writes of both its ends; a plan and a task always take their details along.
    fn rule(&self, child: &str, ParentLink { rule, .. }: &ParentLink) -> LinkRule {
        let touch = match child {
            "task-details" if self.details_touch_task == DetailsTouchTask::Derived => Touch::Derived,
            "tasks" if self.new_task == NewTask::TouchesParents => Touch::Structure,
            _ => rule.touch,
        };
        let is_kept = matches!(child, "buckets" | "tasks") && self.delete_of_full == DeleteOfFull::Refused;
        let on_delete = if is_kept { OnDelete::Restrict } else { rule.on_delete };
        LinkRule { touch, on_delete, ..*rule }
    }
}
