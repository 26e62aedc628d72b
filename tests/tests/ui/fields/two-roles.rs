use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "tasks")]
struct Task {
    #[versioned(id)]
    id: String,
    #[versioned(created, modified)]
    at: String,
}

fn main() {}
