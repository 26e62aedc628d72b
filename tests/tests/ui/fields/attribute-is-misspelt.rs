use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "tasks")]
struct Task {
    #[versioned(id)]
    id: String,
    #[versioned(hash_wiht = hash)]
    title: String,
}

fn main() {}
