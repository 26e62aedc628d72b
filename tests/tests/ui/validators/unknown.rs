use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "tasks", validator = hash)]
struct Task {
    #[versioned(id)]
    id: String,
}

fn main() {}
