use etag_core::Versioned;
use serde::Serialize;

#[derive(Serialize, Versioned)]
#[versioned(collection = "tasks")]
struct Task {
    #[versioned(id)]
    id: String,
    #[serde(flatten)]
    #[versioned(created)]
    created: std::collections::BTreeMap<String, String>,
}

fn main() {}
