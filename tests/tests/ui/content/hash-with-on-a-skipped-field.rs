use etag_core::Content;
use serde::Serialize;

fn hash(_: &str, _: &mut etag_core::Digester) {}

#[derive(Content, Serialize)]
struct Theme {
    name: String,
    #[serde(skip)]
    #[versioned(hash_with = hash)]
    cache: String,
}

fn main() {}
