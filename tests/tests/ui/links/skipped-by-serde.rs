use etag_core::Versioned;
use serde::Serialize;

#[derive(Versioned)]
#[versioned(collection = "boards")]
struct Board {
    #[versioned(id)]
    id: String,
}

#[derive(Serialize, Versioned)]
#[versioned(collection = "tasks")]
struct Task {
    #[versioned(id)]
    id: String,
    #[serde(skip)]
    #[versioned(parent(Board, touch = none))]
    board_id: String,
}

fn main() {}
