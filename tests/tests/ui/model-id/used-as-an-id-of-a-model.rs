use etag_core::{ModelId, Versioned};

#[derive(Clone, Debug, PartialEq, Eq, Hash, ModelId)]
struct TaskId(u64, u64);

#[derive(Versioned)]
#[versioned(collection = "tasks")]
struct Task {
    #[versioned(id)]
    id: TaskId,
}

fn main() {}
