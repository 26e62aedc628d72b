use etag_core::Content;

fn hash(_: &str, _: &mut etag_core::Digester) {}

#[derive(Content)]
struct Theme {
    #[versioned(hashwith = hash)]
    name: String,
}

fn main() {}
