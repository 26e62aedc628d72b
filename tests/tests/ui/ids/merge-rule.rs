use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "tasks")]
struct Task {
    #[versioned(id, merge = ours)]
    id: String,
}

fn main() {}
