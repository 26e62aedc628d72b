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
    #[versioned(parent(Board, touch = none, name = "owner"))]
    board_id: BoardId,
}

fn main() {
    ::std::assert_eq!(Task::MODEL.links[0].name, "owner");
}
