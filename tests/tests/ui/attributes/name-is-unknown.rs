use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "tasks", table = "t")]
struct Task {
    #[versioned(id)]
    id: String,
}

fn main() {}
