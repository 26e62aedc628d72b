use etag_core::Versioned;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Versioned)]
#[versioned(collection = "boards")]
struct Board {
    #[versioned(id)]
    id: String,
    #[serde(default)]
    #[versioned(derived, parent(Self, touch = none))]
    tasks: Option<String>,
}

fn main() {}
