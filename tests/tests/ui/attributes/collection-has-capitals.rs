use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "Tasks")]
struct Task {
    #[versioned(id)]
    id: String,
}

fn main() {}
