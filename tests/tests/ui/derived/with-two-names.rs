use etag_core::Versioned;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Versioned)]
#[versioned(collection = "boards")]
struct Board {
    #[versioned(id)]
    id: String,
    #[serde(default, rename(serialize = "a", deserialize = "b"))]
    #[versioned(derived)]
    tasks: u32,
}

fn main() {}
