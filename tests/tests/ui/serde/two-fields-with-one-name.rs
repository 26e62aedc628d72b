use etag_core::Versioned;
use serde::Deserialize;

#[derive(Versioned, Deserialize)]
#[versioned(collection = "tasks")]
struct Task {
    #[versioned(id)]
    id: String,
    #[serde(rename(serialize = "label"))]
    title: String,
    #[serde(rename(serialize = "label"))]
    label_text: String,
}

fn main() {}
