use etag_core::Content;

#[derive(Content)]
#[versioned(collection = "themes")]
struct Theme {
    name: String,
}

fn main() {}
