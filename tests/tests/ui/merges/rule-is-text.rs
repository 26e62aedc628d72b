use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "tasks")]
struct Task {
    #[versioned(id)]
    id: String,
    #[versioned(merge = "ours")]
    title: String,
}

fn main() {}
