use etag_core::Versioned;

fn hash(_: &str, _: &mut etag_core::Digester) {}

#[derive(Versioned)]
#[versioned(collection = "tasks")]
struct Task {
    #[versioned(id)]
    id: String,
    #[versioned(modified, hash_with = hash)]
    modified: String,
}

fn main() {}
