use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "tasks", upgrade = upgrade)]
struct Task {
    #[versioned(id)]
    id: String,
}

fn main() {}
