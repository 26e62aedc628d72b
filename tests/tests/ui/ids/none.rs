use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "tasks")]
struct Task {
    title: String,
}

fn main() {}
