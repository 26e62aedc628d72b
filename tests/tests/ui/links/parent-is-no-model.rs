use etag_core::Versioned;

#[derive(Clone)]
struct Board;

#[derive(Versioned)]
#[versioned(collection = "tasks")]
struct Task {
    #[versioned(id)]
    id: String,
    #[versioned(parent(Board, touch = none))]
    board_id: String,
}

fn main() {}
