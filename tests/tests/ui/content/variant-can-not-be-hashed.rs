use etag_core::Content;

struct Color;

#[derive(Content)]
enum Theme {
    Plain,
    Colored(Color),
}

fn main() {}
