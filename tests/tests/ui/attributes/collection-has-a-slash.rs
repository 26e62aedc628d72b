use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "a/b")]
struct Task {
    #[versioned(id)]
    id: String,
}

fn main() {}
