use etag_core::Content;
use serde::Deserialize;

#[derive(Content, Deserialize)]
struct Theme {
    #[serde(rename(serialize = "label"))]
    title: String,
    #[serde(rename(serialize = "label"))]
    name: String,
}

fn main() {}
