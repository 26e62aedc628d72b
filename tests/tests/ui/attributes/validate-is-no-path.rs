use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "tasks", validate = "check")]
struct Task {
    #[versioned(id)]
    id: String,
}

fn main() {}
