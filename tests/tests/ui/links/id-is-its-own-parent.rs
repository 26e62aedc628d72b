use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "folders")]
struct Folder {
    #[versioned(id, parent(Self, touch = none))]
    id: String,
}

fn main() {}
