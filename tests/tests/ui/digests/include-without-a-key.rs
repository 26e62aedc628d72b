use etag_core::Versioned;
use serde::Serialize;

#[derive(Serialize, Versioned)]
#[versioned(collection = "tasks", validator = digest)]
struct Task {
    #[versioned(id)]
    id: String,
    #[serde(skip)]
    #[versioned(include)]
    password: String,
}

fn main() {}
