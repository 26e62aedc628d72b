use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "tasks")]
struct Task {
    #[versioned(idd)]
    id: String,
}

fn main() {}
