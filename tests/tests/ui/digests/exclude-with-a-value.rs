use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "tasks", validator = digest(weak))]
struct Task {
    #[versioned(id)]
    id: String,
    #[versioned(exclude = true)]
    views: u64,
}

fn main() {}
