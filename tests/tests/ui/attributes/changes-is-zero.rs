use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "tasks", changes = 0)]
struct Task {
    #[versioned(id)]
    id: String,
}

fn main() {}
