use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "tasks", crate = "etag_core")]
struct Task {
    #[versioned(id)]
    id: String,
}

fn main() {}
