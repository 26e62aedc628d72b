//! What is on the board.

use std::{borrow::Cow, collections::BTreeSet};

use etag_core::{Content, ModelId, Versioned, Violations};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// The longest title and name, in characters.
const MAX_TITLE: usize = 200;

/// The longest description and notes, in characters.
const MAX_TEXT: usize = 10_000;

/// The id of a board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ModelId, ToSchema)]
#[serde(transparent)]
pub(crate) struct BoardId(pub(crate) Uuid);

/// The id of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ModelId, ToSchema)]
#[serde(transparent)]
pub(crate) struct TaskId(pub(crate) Uuid);

/// The id of an item of a checklist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ModelId, ToSchema)]
#[serde(transparent)]
pub(crate) struct ItemId(pub(crate) Uuid);

/// A named set of tasks, whose tag changes with the set.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, Versioned)]
#[versioned(collection = "boards", validator = revision, validate = check_board)]
pub(crate) struct Board {
    /// Chosen by the client on PUT and by the server on POST.
    #[versioned(id)]
    pub(crate) id: BoardId,
    /// What it is called.
    pub(crate) name: String,
    /// When it was made.
    #[versioned(created)]
    #[schema(read_only)]
    pub(crate) created_at: Timestamp,
    /// When it was last changed.
    #[versioned(modified)]
    #[schema(read_only)]
    pub(crate) modified_at: Timestamp,
}

/// Something to do, whose tag changes with its details and its checklist.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, Versioned)]
#[versioned(collection = "tasks", validator = revision, validate = check_task, changes = 20)]
pub(crate) struct Task {
    /// Chosen by the client on PUT and by the server on POST.
    #[versioned(id)]
    pub(crate) id: TaskId,
    /// What is to be done.
    pub(crate) title: String,
    /// More about it.
    #[serde(default)]
    pub(crate) description: String,
    /// Labels; edits that add different ones merge.
    #[serde(default)]
    #[versioned(merge = union)]
    pub(crate) tags: BTreeSet<String>,
    /// How urgent it is.
    #[serde(default)]
    pub(crate) priority: Priority,
    /// The work it takes, in days.
    #[serde(default)]
    pub(crate) estimate: f64,
    /// Whether it is done.
    #[serde(default)]
    pub(crate) done: bool,
    /// The day by which it should be done.
    #[serde(default)]
    pub(crate) due_date: Option<Date>,
    /// The board it is on, which can't be deleted as long as it is.
    #[serde(default)]
    #[versioned(parent(Board, touch = structure, on_delete = restrict))]
    pub(crate) board_id: Option<BoardId>,
    /// When it was made.
    #[versioned(created)]
    #[schema(read_only)]
    pub(crate) created_at: Timestamp,
    /// When it was last changed.
    #[versioned(modified)]
    #[schema(read_only)]
    pub(crate) modified_at: Timestamp,
    /// The number of its state in the store.
    #[versioned(revision)]
    #[schema(read_only)]
    pub(crate) revision: u64,
}

/// What there is to say of a task. Each task has one, from the start.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, Versioned)]
#[versioned(collection = "details", validator = revision, validate = check_details)]
pub(crate) struct Details {
    /// The task.
    #[versioned(id, parent(Task, touch = content, on_delete = cascade))]
    pub(crate) task_id: TaskId,
    /// Whatever helps to do it.
    #[serde(default)]
    pub(crate) notes: String,
    /// Where to read more.
    #[serde(default)]
    pub(crate) links: Vec<Link>,
    /// When they were last changed.
    #[versioned(modified)]
    #[schema(read_only)]
    pub(crate) modified_at: Timestamp,
}

impl Details {
    /// Of a new task: nothing yet.
    pub(crate) fn of(task: &TaskId) -> Self {
        Self { task_id: *task, notes: String::new(), links: Vec::new(), modified_at: Timestamp::UNIX_EPOCH }
    }
}

/// A place to read more.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema, Content)]
pub(crate) struct Link {
    /// What is there.
    pub(crate) title: String,
    /// Where it is.
    pub(crate) url: String,
}

/// A step of a task.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, Versioned)]
#[versioned(collection = "items", validator = revision, validate = check_item)]
pub(crate) struct Item {
    /// Chosen by the client on PUT and by the server on POST.
    #[versioned(id)]
    pub(crate) id: ItemId,
    /// The task.
    #[versioned(parent(Task, touch = content, on_delete = cascade))]
    pub(crate) task_id: TaskId,
    /// What is to be done.
    pub(crate) title: String,
    /// Whether it is done.
    #[serde(default)]
    pub(crate) done: bool,
    /// When it was last changed.
    #[versioned(modified)]
    #[schema(read_only)]
    pub(crate) modified_at: Timestamp,
}

/// How urgent a task is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema, Content)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Priority {
    /// Whenever there is time.
    Low,
    /// In its turn.
    #[default]
    Normal,
    /// Before the others.
    High,
}

fn check_board(board: &Board) -> Result<(), Violations> {
    let mut violations = Violations::new();
    check_line(&mut violations, "/name", &board.name);
    violations.into_result()
}

fn check_task(task: &Task) -> Result<(), Violations> {
    let mut violations = Violations::new();
    check_line(&mut violations, "/title", &task.title);
    check_text(&mut violations, "/description", &task.description);
    if task.tags.iter().any(|tag| tag.trim().is_empty()) {
        violations.add("/tags", "must not contain an empty tag");
    }
    if task.estimate < 0.0 {
        violations.add("/estimate", "must not be negative");
    }
    violations.into_result()
}

fn check_details(details: &Details) -> Result<(), Violations> {
    let mut violations = Violations::new();
    check_text(&mut violations, "/notes", &details.notes);
    for (index, link) in details.links.iter().enumerate() {
        check_line(&mut violations, format!("/links/{index}/title"), &link.title);
        if !(link.url.starts_with("https://") || link.url.starts_with("http://")) {
            violations.add(format!("/links/{index}/url"), "must begin with https:// or http://");
        }
    }
    violations.into_result()
}

fn check_item(item: &Item) -> Result<(), Violations> {
    let mut violations = Violations::new();
    check_line(&mut violations, "/title", &item.title);
    violations.into_result()
}

fn check_text(violations: &mut Violations, pointer: &'static str, text: &str) {
    if text.chars().count() > MAX_TEXT {
        violations.add(pointer, format!("must have at most {MAX_TEXT} characters"));
    }
}

fn check_line(violations: &mut Violations, pointer: impl Into<Cow<'static, str>>, text: &str) {
    if text.trim().is_empty() {
        violations.add(pointer, "must not be empty");
    } else if text.chars().count() > MAX_TITLE {
        violations.add(pointer, format!("must have at most {MAX_TITLE} characters"));
    }
}
