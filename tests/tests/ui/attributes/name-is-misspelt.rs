use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(colection = "tasks")]
struct Task {
    #[versioned(id)]
    id: String,
}

fn main() {}
