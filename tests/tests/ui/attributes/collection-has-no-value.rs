use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection)]
struct Task {
    #[versioned(id)]
    id: String,
}

fn main() {}
