use etag_core::ModelId;

#[derive(Clone, Debug, PartialEq, Eq, Hash, ModelId)]
struct TaskId;

fn main() {}
