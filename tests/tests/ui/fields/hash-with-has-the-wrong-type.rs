use etag_core::Versioned;

fn hash(_: &u32, _: &mut etag_core::Digester) {}

#[derive(Versioned)]
#[versioned(collection = "tasks")]
struct Task {
    #[versioned(id)]
    id: String,
    #[versioned(hash_with = hash)]
    title: String,
}

fn main() {}
