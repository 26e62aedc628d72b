use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "tasks")]
struct Task(String);

fn main() {}
