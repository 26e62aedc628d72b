use etag_core::Versioned;
use serde::Serialize;

#[derive(Serialize, Versioned)]
#[versioned(collection = "tasks")]
struct Task {
    #[versioned(id)]
    id: String,
    #[serde(skip)]
    #[versioned(modified)]
    modified: String,
}

fn main() {}
