use etag_core::Versioned;
use serde::Serialize;

#[derive(Serialize, Versioned)]
#[versioned(collection = "tasks")]
struct Task {
    #[serde(skip_serializing)]
    #[versioned(id)]
    id: String,
}

fn main() {}
