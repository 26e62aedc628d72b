use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "tasks", validator = digest)]
struct Task {
    #[versioned(id)]
    id: String,
    #[versioned(modified)]
    modified_at: String,
}

fn main() {}
