#![deny(warnings)]
#![allow(dead_code)]

mod facade {
    pub mod tags {
        pub use etag_core::*;
        pub use etag_core::__private;
    }
}

mod etag_core_is_not_here {
    use crate::facade::tags::{Content, ModelId, Versioned};

    #[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Deserialize, ModelId)]
    #[versioned(crate = crate::facade::tags)]
    pub struct TaskId(u64);

    #[derive(Clone, PartialEq, Content)]
    #[versioned(crate = crate::facade::tags)]
    pub struct Color(u8);

    #[derive(Versioned)]
    #[versioned(collection = "tasks", validator = digest, crate = crate::facade::tags, patch(derive(serde::Deserialize)))]
    pub struct Task {
        #[versioned(id)]
        id: TaskId,
        title: Option<String>,
        #[versioned(parent(Self, touch = structure, on_delete = detach, name = "above"))]
        above_id: Option<TaskId>,
    }
}

fn main() {
    use facade::tags::Versioned as _;
    assert_eq!(etag_core_is_not_here::Task::MODEL.collection, "tasks");
}
