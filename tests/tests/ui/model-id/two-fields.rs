use etag_core::ModelId;

#[derive(Clone, Debug, PartialEq, Eq, Hash, ModelId)]
struct TaskId(u64, u64);

fn main() {}
