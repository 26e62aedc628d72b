use etag_core::Content;

struct Color;

#[derive(Content)]
struct Theme {
    name: String,
    colors: Option<Color>,
}

fn main() {}
