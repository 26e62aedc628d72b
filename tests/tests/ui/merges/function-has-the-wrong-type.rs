use etag_core::Versioned;

fn longer(mine: String, theirs: &str) -> String {
    if mine.len() > theirs.len() { mine } else { theirs.to_owned() }
}

#[derive(Versioned)]
#[versioned(collection = "tasks")]
struct Task {
    #[versioned(id)]
    id: String,
    #[versioned(merge = longer)]
    title: String,
}

fn main() {}
