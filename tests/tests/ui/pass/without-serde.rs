//! A model need not be a document: a store of one's own may keep it in a table.
#![deny(warnings)]
#![allow(dead_code)]

use etag_core::{ContentDigest, Versioned};

#[derive(Versioned)]
#[versioned(collection = "boards")]
struct Board {
    #[versioned(id)]
    id: String,
}

#[derive(Versioned)]
#[versioned(collection = "tasks", validator = digest)]
struct Task {
    #[versioned(id)]
    id: u64,
    r#type: String,
    #[versioned(parent(Board, touch = content, on_delete = cascade))]
    board_id: String,
}

/// Values with a destructor can't be taken apart.
impl Drop for Task {
    fn drop(&mut self) {}
}

fn main() {
    let task = Task { id: 1, r#type: "a".into(), board_id: "b".into() };
    let _: (etag_core::ETag, ContentDigest) = (task.etag(), task.content_digest());
    let mut other = Task { id: 1, r#type: "a".into(), board_id: "b".into() };
    etag_core::Patch::apply(TaskPatch { r#type: Some("c".into()), ..Default::default() }, &mut other);
    assert_eq!(Task::MODEL.field("type").unwrap().rust_name, "type");
    assert_eq!(other.r#type, "c");
}
