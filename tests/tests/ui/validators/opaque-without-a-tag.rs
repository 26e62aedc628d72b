use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "tasks", validator = opaque)]
struct Task {
    #[versioned(id)]
    id: String,
}

fn main() {}
