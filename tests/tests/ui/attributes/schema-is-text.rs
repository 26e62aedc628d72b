use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "tasks", schema = "2")]
struct Task {
    #[versioned(id)]
    id: String,
}

fn main() {}
