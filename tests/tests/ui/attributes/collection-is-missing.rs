use etag_core::Versioned;

#[derive(Versioned)]
struct Task {
    #[versioned(id)]
    id: String,
}

fn main() {}
