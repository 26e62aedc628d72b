use etag_core::Content;

#[derive(Content)]
enum Theme {
    #[versioned(exclude)]
    Plain,
}

fn main() {}
