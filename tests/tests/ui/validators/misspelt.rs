use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "tasks", validator = revison)]
struct Task {
    #[versioned(id)]
    id: String,
}

fn main() {}
