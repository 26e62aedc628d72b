use etag_core::Versioned;
use serde::Serialize;

#[derive(Serialize, Versioned)]
#[serde(transparent)]
#[versioned(collection = "tasks")]
struct Task {
    #[versioned(id)]
    id: String,
}

fn main() {}
