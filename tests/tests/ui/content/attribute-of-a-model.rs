use etag_core::Content;

#[derive(Content)]
struct Theme {
    #[versioned(id)]
    name: String,
}

fn main() {}
