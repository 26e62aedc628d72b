use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "tasks")]
struct Task {
    #[versioned(id)]
    id: bool,
}

fn main() {}
