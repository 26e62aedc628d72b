use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "tasks", patch(rename = TaskChanges))]
struct Task {
    #[versioned(id)]
    id: String,
    title: String,
}

fn main() {}
