use etag_core::{Content, Versioned};

#[derive(Clone, PartialEq, Content)]
struct Color(u8);

#[derive(Versioned)]
#[versioned(collection = "tasks")]
struct Task {
    #[versioned(id)]
    id: String,
    #[versioned(merge = max)]
    color: Color,
}

fn main() {}
