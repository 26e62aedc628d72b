use etag_core::Versioned;
use serde::Deserialize;

#[derive(Deserialize, Versioned)]
#[versioned(collection = "tasks", patch(derive(Deserialize)))]
struct Task {
    #[versioned(id)]
    id: String,
    #[serde(flatten)]
    more: std::collections::BTreeMap<String, String>,
}

fn main() {}
