use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "tasks", changes(keep = 0, depth = 2))]
struct Task {
    #[versioned(id)]
    id: String,
}

fn main() {}
