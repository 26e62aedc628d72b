#![deny(warnings)]
#![allow(dead_code)]

use etag_core::{Content, Digester, ModelId, Versioned};

macro_rules! model {
    ($(#[$attribute:meta])* $vis:vis $name:ident in $collection:literal, id $id:ident: $id_type:ty, $($field:ident: $type:ty),*) => {
        #[derive(Clone, Debug, PartialEq, Versioned)]
        #[versioned(collection = $collection, validator = digest(weak))]
        $(#[$attribute])*
        $vis struct $name {
            #[versioned(id)]
            $id: $id_type,
            $($field: $type,)*
            #[versioned(hash_with = hash_text)]
            hidden_by_hygiene: String,
            #[versioned(modified)]
            modified: String,
            #[versioned(parent($name, touch = content, on_delete = detach, name = "before"))]
            before_id: Option<$id_type>,
        }
    };
}

macro_rules! child {
    ($name:ident of $parent:ty as $link:literal, $id_type:ty, $touch:ident, $lock:ident, $on_delete:ident) => {
        #[derive(Clone, Debug, PartialEq, Versioned)]
        #[versioned(collection = "children")]
        struct $name {
            #[versioned(id)]
            id: u64,
            #[versioned(parent($parent, touch = $touch, lock = $lock, on_delete = $on_delete, name = $link))]
            parent_id: $id_type,
        }
    };
}

macro_rules! part {
    ($name:ident { $($variant:ident($type:ty)),* }) => {
        #[derive(Clone, Debug, PartialEq, Content)]
        enum $name { $($variant($type),)* Other { field: u8 } }
    };
}

macro_rules! id {
    ($name:ident($type:ty)) => {
        #[derive(Clone, Debug, PartialEq, Eq, Hash, ModelId)]
        struct $name($type);
    };
}

fn hash_text(text: &str, sink: &mut Digester) {
    sink.str(text);
}

id!(TaskId(u64));
part!(Mark { Color(String), Size(u8) });
model!(Task in "tasks", id id: TaskId, title: String, mark: Option<Mark>);
child!(Item of Task as "task", Option<TaskId>, content, own, detach);
model!(pub(crate) Board in "boards", id name: String, size: Vec<u8>);

fn main() {
    let id = TaskId(1);
    let task = Task { id, title: String::new(), mark: None, hidden_by_hygiene: String::new(), modified: String::new(), before_id: None };
    let _ = task.etag();
}
