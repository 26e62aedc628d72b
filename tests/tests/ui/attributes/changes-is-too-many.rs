use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "tasks", changes = 65536)]
struct Task {
    #[versioned(id)]
    id: String,
}

fn main() {}
