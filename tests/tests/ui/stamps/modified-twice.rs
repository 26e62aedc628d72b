use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "tasks")]
struct Task {
    #[versioned(id)]
    id: String,
    #[versioned(modified)]
    modified: String,
    #[versioned(modified)]
    changed: String,
}

fn main() {}
