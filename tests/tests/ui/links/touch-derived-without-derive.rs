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
    #[versioned(parent(Board, touch = derived))]
    board_id: String,
}

fn main() {}
