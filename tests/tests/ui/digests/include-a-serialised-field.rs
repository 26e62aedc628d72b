use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "tasks", validator = digest(keyed))]
struct Task {
    #[versioned(id)]
    id: String,
    #[versioned(include)]
    title: String,
}

fn main() {}
