use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "tasks", validator = "digest")]
struct Task {
    #[versioned(id)]
    id: String,
}

fn main() {}
