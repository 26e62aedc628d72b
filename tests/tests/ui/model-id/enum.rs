use etag_core::ModelId;

#[derive(Clone, Debug, PartialEq, Eq, Hash, ModelId)]
enum TaskId {
    Number(u64),
}

fn main() {}
