use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "tasks", patch(name = "TaskChanges"))]
struct Task {
    #[versioned(id)]
    id: String,
    title: String,
}

fn main() {}
