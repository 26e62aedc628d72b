use etag_core::{Content, Versioned};

#[derive(Clone, Content)]
struct Color(u8);

#[derive(Versioned)]
#[versioned(collection = "tasks")]
struct Task {
    #[versioned(id)]
    id: String,
    color: Color,
}

fn main() {}
