#![no_implicit_prelude]
#![deny(warnings)]
#![allow(dead_code)]

use ::etag_core::{Content, ModelId, Versioned};
use ::serde::{Deserialize, Serialize};

#[derive(::std::clone::Clone, ::std::fmt::Debug, ::std::cmp::PartialEq, ::std::cmp::Eq, ::std::hash::Hash)]
#[derive(Serialize, Deserialize, ModelId)]
struct BoardId(u64);

#[derive(::std::clone::Clone, ::std::cmp::PartialEq, Serialize, Deserialize, Content)]
enum Shape<T> {
    Nothing,
    Dot(T),
    Line(T, T),
    Box { corner: T, size: u8 },
}

#[derive(Serialize, Deserialize, Versioned)]
#[versioned(collection = "boards", validator = digest(keyed))]
struct Board {
    #[versioned(id)]
    id: BoardId,
    shape: Shape<u32>,
    #[serde(skip)]
    #[versioned(include)]
    password: ::std::string::String,
    #[serde(default)]
    #[versioned(derived)]
    titles: ::std::option::Option<::std::string::String>,
}

impl Board {
    fn follow(&mut self, _: ::std::option::Option<&Task>, after: ::std::option::Option<&Task>) {
        self.titles = after.and_then(|task| ::std::clone::Clone::clone(&task.title));
    }
}

#[derive(Serialize, Deserialize, Versioned)]
#[versioned(collection = "tasks", validator = opaque, patch(derive(Serialize, Deserialize)))]
struct Task {
    #[versioned(id)]
    id: u64,
    #[versioned(merge = theirs)]
    title: ::std::option::Option<::std::string::String>,
    #[versioned(etag)]
    etag: ::std::option::Option<::etag_core::ETag>,
    #[versioned(parent(Board, touch = content, lock = own, on_delete = cascade, derive = Board::follow, name = "owner"))]
    board_id: BoardId,
}

#[derive(Serialize, Deserialize, Versioned)]
#[versioned(collection = "details", changes = 1)]
struct Details {
    #[versioned(id, parent(Task, touch = none, on_delete = cascade, cascade = unseen))]
    task_id: u64,
}

async fn relatives(store: &::etag_core::MemoryStore, task: &Task) -> ::std::result::Result<(), ::etag_core::Error> {
    let board = task.owner(store).await?;
    let page = Task::of_owner(store, &task.board_id, ::std::option::Option::None, 10).await?;
    let details = Details::of_task(store, &task.id).await?;
    ::std::assert_eq!((board.is_some(), page.items.is_empty(), details.is_some()), (true, false, false));
    ::std::result::Result::Ok(())
}

fn main() {
    ::std::assert_eq!(Task::MODEL.links[0].name, "owner");
}
