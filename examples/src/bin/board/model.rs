//! What is on the board.

use std::collections::BTreeSet;

use etag_core::{Content, ModelId, Versioned, Violations};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// The longest title and board name, in characters.
const MAX_TITLE: usize = 200;

/// The longest description, in characters.
const MAX_DESCRIPTION: usize = 10_000;

/// The id of a board.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ModelId, ToSchema)]
#[serde(transparent)]
pub(crate) struct BoardId(pub(crate) Uuid);

/// The id of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ModelId, ToSchema)]
#[serde(transparent)]
pub(crate) struct TaskId(pub(crate) Uuid);

/// A named set of tasks.
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

/// Something to do.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema, Versioned)]
#[versioned(collection = "tasks", validator = revision, validate = check_task)]
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
    /// The board it is on.
    #[serde(default)]
    #[versioned(parent(Board, touch = none))]
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
    if task.description.chars().count() > MAX_DESCRIPTION {
        violations.add("/description", format!("must have at most {MAX_DESCRIPTION} characters"));
    }
    if task.tags.iter().any(|tag| tag.trim().is_empty()) {
        violations.add("/tags", "must not contain an empty tag");
    }
    if task.estimate < 0.0 {
        violations.add("/estimate", "must not be negative");
    }
    violations.into_result()
}

fn check_line(violations: &mut Violations, pointer: &'static str, text: &str) {
    if text.trim().is_empty() {
        violations.add(pointer, "must not be empty");
    } else if text.chars().count() > MAX_TITLE {
        violations.add(pointer, format!("must have at most {MAX_TITLE} characters"));
    }
}
