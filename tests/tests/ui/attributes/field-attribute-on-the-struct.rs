use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "tasks", exclude)]
struct Task {
    #[versioned(id)]
    id: String,
}

fn main() {}
