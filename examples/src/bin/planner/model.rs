//! What Planner keeps.

use std::collections::BTreeMap;

use etag_core::{Content, Versioned};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::PlannerId;

/// Tasks of a group.
#[derive(Clone, Debug, Serialize, Deserialize, Versioned)]
#[versioned(collection = "plans", validator = revision, changes = 100)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Plan {
    #[versioned(id)]
    pub(crate) id: PlannerId,
    pub(crate) title: String,
    /// The group.
    pub(crate) owner: String,
    pub(crate) container: Container,
    pub(crate) created_by: By,
    #[versioned(created)]
    pub(crate) created_date_time: Timestamp,
}

/// Where a plan is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Content)]
pub(crate) struct Container {
    #[serde(rename = "containerId")]
    pub(crate) id: String,
    pub(crate) r#type: String,
    pub(crate) url: String,
}

/// What there is to say of a plan.
#[derive(Clone, Debug, Serialize, Deserialize, Versioned)]
#[versioned(collection = "plan-details", validator = revision, changes(keep = 100, depth = 2))]
#[serde(rename_all = "camelCase")]
pub(crate) struct PlanDetails {
    #[versioned(id, parent(Plan, touch = none, on_delete = cascade, cascade = unseen))]
    pub(crate) id: PlannerId,
    #[serde(default)]
    pub(crate) shared_with: BTreeMap<String, bool>,
    #[serde(default)]
    pub(crate) category_descriptions: BTreeMap<String, Option<String>>,
}

/// A column of a plan.
#[derive(Clone, Debug, Serialize, Deserialize, Versioned)]
#[versioned(collection = "buckets", validator = revision, changes = 100)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Bucket {
    #[versioned(id)]
    pub(crate) id: PlannerId,
    #[versioned(parent(Plan, touch = none, on_delete = cascade, cascade = unseen))]
    pub(crate) plan_id: PlannerId,
    pub(crate) name: String,
    #[serde(default = "first_place")]
    pub(crate) order_hint: String,
}

/// Something to do. What its details say of themselves is derived from them, and each change of theirs changes its tag.
#[derive(Clone, Debug, Serialize, Deserialize, Versioned)]
#[versioned(collection = "tasks", validator = revision, changes(keep = 100, depth = 3))]
#[serde(rename_all = "camelCase")]
pub(crate) struct Task {
    #[versioned(id)]
    pub(crate) id: PlannerId,
    #[versioned(parent(Plan, touch = none, on_delete = cascade, cascade = unseen))]
    pub(crate) plan_id: PlannerId,
    #[serde(default)]
    #[versioned(parent(Bucket, touch = none, on_delete = cascade, cascade = unseen))]
    pub(crate) bucket_id: Option<PlannerId>,
    pub(crate) title: String,
    #[serde(default = "first_place")]
    pub(crate) order_hint: String,
    #[serde(default)]
    pub(crate) assignee_priority: String,
    #[serde(default)]
    pub(crate) percent_complete: u8,
    #[serde(default = "medium")]
    pub(crate) priority: u8,
    #[serde(default)]
    pub(crate) start_date_time: Option<Timestamp>,
    #[serde(default)]
    pub(crate) due_date_time: Option<Timestamp>,
    #[versioned(created)]
    pub(crate) created_date_time: Timestamp,
    #[serde(default)]
    pub(crate) created_by: Option<By>,
    #[serde(default)]
    pub(crate) completed_date_time: Option<Timestamp>,
    #[serde(default)]
    pub(crate) completed_by: Option<By>,
    #[serde(default)]
    pub(crate) conversation_thread_id: Option<String>,
    #[serde(default)]
    pub(crate) applied_categories: BTreeMap<String, bool>,
    /// By the ids of users.
    #[serde(default)]
    pub(crate) assignments: BTreeMap<String, Assignment>,
    #[serde(default)]
    #[versioned(derived)]
    pub(crate) has_description: bool,
    #[serde(default)]
    #[versioned(derived)]
    pub(crate) preview_type: PreviewType,
    #[serde(default)]
    #[versioned(derived)]
    pub(crate) reference_count: u64,
    #[serde(default)]
    #[versioned(derived)]
    pub(crate) checklist_item_count: u64,
    #[serde(default)]
    #[versioned(derived)]
    pub(crate) active_checklist_item_count: u64,
}

impl Task {
    fn follow(&mut self, _before: Option<&TaskDetails>, after: Option<&TaskDetails>) {
        let Some(details) = after else { return };
        let active = details.checklist.values().filter(|item| !item.is_checked);
        self.has_description = !details.description.is_empty();
        self.preview_type = details.preview_type;
        self.reference_count = count(details.references.len());
        self.checklist_item_count = count(details.checklist.len());
        self.active_checklist_item_count = count(active.count());
    }
}

fn count(items: usize) -> u64 {
    u64::try_from(items).unwrap_or(u64::MAX)
}

/// What there is to say of a task.
#[derive(Clone, Debug, Serialize, Deserialize, Versioned)]
#[versioned(collection = "task-details", validator = revision, changes(keep = 100, depth = 3))]
#[serde(rename_all = "camelCase")]
pub(crate) struct TaskDetails {
    #[versioned(id, parent(Task, touch = content, on_delete = cascade, derive = Task::follow))]
    pub(crate) id: PlannerId,
    #[serde(default)]
    pub(crate) description: String,
    #[serde(default)]
    pub(crate) preview_type: PreviewType,
    /// By their URLs, in which some characters are encoded.
    #[serde(default)]
    pub(crate) references: BTreeMap<String, Reference>,
    /// By ids that clients make.
    #[serde(default)]
    pub(crate) checklist: BTreeMap<String, ChecklistItem>,
}

/// What a task shows of its details.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Content)]
#[serde(rename_all = "camelCase")]
pub(crate) enum PreviewType {
    #[default]
    Automatic,
    NoPreview,
    Checklist,
    Description,
    Reference,
}

/// Whose task it is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Content)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Assignment {
    #[serde(rename = "@odata.type")]
    pub(crate) odata_type: String,
    #[serde(default)]
    pub(crate) assigned_by: Option<By>,
    #[serde(default)]
    pub(crate) assigned_date_time: Option<Timestamp>,
    #[serde(default = "first_place")]
    pub(crate) order_hint: String,
}

/// A step of a task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Content)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChecklistItem {
    #[serde(rename = "@odata.type")]
    pub(crate) odata_type: String,
    #[serde(default)]
    pub(crate) title: String,
    #[serde(default)]
    pub(crate) is_checked: bool,
    #[serde(default = "first_place")]
    pub(crate) order_hint: String,
    #[serde(default)]
    pub(crate) last_modified_by: Option<By>,
    #[serde(default)]
    pub(crate) last_modified_date_time: Option<Timestamp>,
}

/// Something elsewhere that helps with a task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Content)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Reference {
    #[serde(rename = "@odata.type")]
    pub(crate) odata_type: String,
    #[serde(default)]
    pub(crate) alias: Option<String>,
    #[serde(default)]
    pub(crate) r#type: Option<String>,
    #[serde(default = "first_place")]
    pub(crate) preview_priority: String,
    #[serde(default)]
    pub(crate) last_modified_by: Option<By>,
    #[serde(default)]
    pub(crate) last_modified_date_time: Option<Timestamp>,
}

/// Who did something.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Content)]
pub(crate) struct By {
    pub(crate) user: User,
}

/// A user.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Content)]
pub(crate) struct User {
    pub(crate) id: String,
}

impl By {
    pub(crate) fn user(id: &str) -> Self {
        Self { user: User { id: id.to_owned() } }
    }
}

fn first_place() -> String {
    " !".to_owned()
}

fn medium() -> u8 {
    5
}
