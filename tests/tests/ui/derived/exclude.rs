use etag_core::Versioned;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Versioned)]
#[versioned(collection = "boards", validator = digest(weak))]
struct Board {
    #[versioned(id)]
    id: String,
    #[serde(default)]
    #[versioned(derived, exclude)]
    tasks: u32,
}

fn main() {}
