use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "boards")]
struct Board {
    #[versioned(id)]
    id: String,
}

#[derive(Versioned)]
#[versioned(collection = "details")]
struct Details {
    #[versioned(id, parent(Board, touch = none, on_delete = detach))]
    board_id: String,
}

fn main() {}
