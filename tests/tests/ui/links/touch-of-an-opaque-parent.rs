use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "boards", validator = opaque)]
struct Board {
    #[versioned(id)]
    id: String,
    #[versioned(etag)]
    etag: etag_core::ETag,
}

#[derive(Versioned)]
#[versioned(collection = "tasks")]
struct Task {
    #[versioned(id)]
    id: String,
    #[versioned(parent(Board, touch = content))]
    board_id: String,
}

fn main() {}
