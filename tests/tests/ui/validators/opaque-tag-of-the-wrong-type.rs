use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "tasks", validator = opaque)]
struct Task {
    #[versioned(id)]
    id: String,
    #[versioned(etag)]
    etag: String,
}

fn main() {}
