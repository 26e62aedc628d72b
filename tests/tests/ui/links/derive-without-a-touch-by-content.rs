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
    #[versioned(parent(Board, touch = structure, derive = count))]
    board_id: String,
}

fn count(board: &mut Board, before: Option<&Task>, after: Option<&Task>) {
    board.tasks += u32::from(after.is_some()) - u32::from(before.is_some());
}

fn main() {}
