use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "tasks", changes(depth = 3))]
struct Task {
    #[versioned(id)]
    id: String,
}

fn main() {}
