use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "tasks", patch(derive(Default)))]
struct Task {
    #[versioned(id)]
    id: String,
    title: String,
}

fn main() {}
