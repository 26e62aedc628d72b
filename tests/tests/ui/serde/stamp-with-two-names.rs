use etag_core::Versioned;
use serde::{Deserialize, Serialize};

#[derive(Deserialize, Serialize, Versioned)]
#[versioned(collection = "tasks")]
struct Task {
    #[versioned(id)]
    id: String,
    #[serde(rename(serialize = "modifiedAt"))]
    #[versioned(modified)]
    modified: String,
}

fn main() {}
