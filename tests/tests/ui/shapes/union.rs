use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "tasks")]
union Task {
    id: u64,
    title: u32,
}

fn main() {}
