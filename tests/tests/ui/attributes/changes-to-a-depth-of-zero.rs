use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "tasks", changes(keep = 3, depth = 0))]
struct Task {
    #[versioned(id)]
    id: String,
}

fn main() {}
