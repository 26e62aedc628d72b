use etag_core::Versioned;
use serde::Serialize;

#[derive(Serialize, Versioned)]
#[versioned(collection = "tasks")]
struct Task {
    #[serde(skip_serializing_if = "String::is_empty")]
    #[versioned(id)]
    id: String,
}

fn main() {}
