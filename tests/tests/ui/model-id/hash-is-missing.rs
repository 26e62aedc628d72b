use etag_core::ModelId;

#[derive(Clone, Debug, PartialEq, Eq, ModelId)]
struct TaskId(u64);

fn main() {}
