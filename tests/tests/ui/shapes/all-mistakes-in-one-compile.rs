use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "Tasks", validator = digest, schema = 0, tabel = "t")]
struct Task {
    #[versioned(id, merge = ours)]
    id: String,
    #[versioned(exclude)]
    views: u64,
    #[versioned(merge = unoin)]
    score: u64,
    #[versioned(modified)]
    modified: String,
}

fn main() {}
