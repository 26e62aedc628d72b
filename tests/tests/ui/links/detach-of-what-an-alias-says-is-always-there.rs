use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "boards")]
struct Board {
    #[versioned(id)]
    id: String,
}

type Home = String;

#[derive(Versioned)]
#[versioned(collection = "tasks")]
struct Task {
    #[versioned(id)]
    id: String,
    #[versioned(parent(Board, touch = none, on_delete = detach))]
    board_id: Home,
}

fn main() {}
