use etag_core::Versioned;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Versioned)]
#[versioned(collection = "boards")]
struct Board {
    #[serde(default)]
    #[versioned(id, derived)]
    id: String,
}

fn main() {}
