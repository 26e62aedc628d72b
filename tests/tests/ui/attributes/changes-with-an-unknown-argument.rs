use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "tasks", changes(keep = 3, levels = 2))]
struct Task {
    #[versioned(id)]
    id: String,
}

fn main() {}
