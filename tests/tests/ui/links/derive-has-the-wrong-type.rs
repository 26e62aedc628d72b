use etag_core::Versioned;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Versioned)]
#[versioned(collection = "boards")]
struct Board {
    #[versioned(id)]
    id: String,
    #[serde(default)]
    #[versioned(derived)]
    tasks: u32,
}

#[derive(Serialize, Deserialize, Versioned)]
#[versioned(collection = "tasks")]
struct Task {
    #[versioned(id)]
    id: String,
    #[versioned(parent(Board, touch = content, derive = count))]
    board_id: String,
}

fn count(board: &mut Board, tasks: &[Task]) {
    board.tasks = tasks.len() as u32;
}

fn main() {}
