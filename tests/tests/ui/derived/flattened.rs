use etag_core::Versioned;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Versioned)]
#[versioned(collection = "boards")]
struct Board {
    #[versioned(id)]
    id: String,
    #[serde(default, flatten)]
    #[versioned(derived)]
    tasks: std::collections::BTreeMap<String, String>,
}

fn main() {}
