use etag_core::Versioned;
use serde::Serialize;

fn hash(_: &str, _: &mut etag_core::Digester) {}

#[derive(Serialize, Versioned)]
#[versioned(collection = "tasks")]
struct Task {
    #[versioned(id)]
    id: String,
    #[serde(skip)]
    #[versioned(hash_with = hash)]
    title: String,
}

fn main() {}
