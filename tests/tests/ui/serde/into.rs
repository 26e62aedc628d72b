use etag_core::Versioned;
use serde::Serialize;

#[derive(Clone, Serialize, Versioned)]
#[serde(into = "String")]
#[versioned(collection = "tasks")]
struct Task {
    #[versioned(id)]
    id: String,
}

impl From<Task> for String {
    fn from(task: Task) -> Self {
        task.id
    }
}

fn main() {}
