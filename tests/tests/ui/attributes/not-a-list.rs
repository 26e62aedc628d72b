use etag_core::Versioned;

#[derive(Versioned)]
#[versioned = "tasks"]
struct Task {
    #[versioned(id)]
    id: String,
}

fn main() {}
