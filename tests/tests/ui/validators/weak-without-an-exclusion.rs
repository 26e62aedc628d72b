use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "tasks", validator = digest(weak))]
struct Task {
    #[versioned(id)]
    id: String,
    title: String,
}

fn main() {}
