use etag_core::ModelId;

#[derive(Clone, Debug, PartialEq, Eq, Hash, ModelId)]
struct TaskId {
    number: u64,
}

fn main() {}
