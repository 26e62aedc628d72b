use etag_core::Versioned;
use serde::{Deserialize, Serialize};

#[derive(Deserialize, Serialize, Versioned)]
#[versioned(collection = "tasks")]
struct Task {
    #[serde(rename(serialize = "id", deserialize = "key"))]
    #[versioned(id)]
    id: String,
}

fn main() {}
