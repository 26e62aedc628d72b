use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "tasks", validator = digest(strong))]
struct Task {
    #[versioned(id)]
    id: String,
}

fn main() {}
