use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "tasks", collection = "jobs")]
struct Task {
    #[versioned(id)]
    id: String,
}

fn main() {}
