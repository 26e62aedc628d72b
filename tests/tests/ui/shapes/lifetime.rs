use etag_core::Versioned;

#[derive(Versioned)]
#[versioned(collection = "tasks")]
struct Task<'a> {
    #[versioned(id)]
    id: String,
    title: std::borrow::Cow<'a, str>,
}

fn main() {}
