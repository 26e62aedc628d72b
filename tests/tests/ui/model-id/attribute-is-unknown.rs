use etag_core::ModelId;

#[derive(Clone, Debug, PartialEq, Eq, Hash, ModelId)]
#[versioned(prefix = "t")]
struct TaskId(u64);

fn main() {}
