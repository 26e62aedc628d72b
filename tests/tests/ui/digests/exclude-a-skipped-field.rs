use etag_core::Versioned;
use serde::Serialize;

#[derive(Serialize, Versioned)]
#[versioned(collection = "tasks", validator = digest(weak))]
struct Task {
    #[versioned(id)]
    id: String,
    #[serde(skip)]
    #[versioned(exclude)]
    views: u64,
}

fn main() {}
