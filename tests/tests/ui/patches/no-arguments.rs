use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "tasks", patch)]
struct Task {
    #[versioned(id)]
    id: String,
    title: String,
}

fn main() {}
