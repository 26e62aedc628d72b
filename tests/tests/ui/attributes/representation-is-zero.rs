use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "tasks", representation = 0)]
struct Task {
    #[versioned(id)]
    id: String,
}

fn main() {}
