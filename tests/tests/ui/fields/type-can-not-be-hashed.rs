use etag_core::Versioned;

#[derive(Clone, PartialEq)]
struct Color;

#[derive(Versioned)]
#[versioned(collection = "tasks")]
struct Task {
    #[versioned(id)]
    id: String,
    color: Vec<Color>,
}

fn main() {}
