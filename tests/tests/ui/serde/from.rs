use etag_core::Versioned;
use serde::Deserialize;

#[derive(Deserialize, Versioned)]
#[serde(from = "String")]
#[versioned(collection = "tasks")]
struct Task {
    #[versioned(id)]
    id: String,
}

impl From<String> for Task {
    fn from(id: String) -> Self {
        Self { id }
    }
}

fn main() {}
