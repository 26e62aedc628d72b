use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "tasks")]
enum Task {
    Open,
    Done,
}

fn main() {}
