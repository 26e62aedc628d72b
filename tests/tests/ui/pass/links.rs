//! Every way to declare a link.
#![deny(warnings)]
#![allow(dead_code)]

use etag_core::{Cardinality, ETag, Link, LinkRule, Lock, OnDelete, Touch, Versioned};

type Name = String;
type MaybeName = Option<Name>;
type Shelf = Folder;

#[derive(Versioned)]
#[versioned(collection = "folders")]
struct Folder {
    #[versioned(id)]
    id: String,
    #[versioned(parent(Self, touch = none))]
    bare: Name,
    #[versioned(parent(Self, touch = none, on_delete = restrict, name = "none_restrict"))]
    none_restrict: MaybeName,
    #[versioned(parent(Folder, touch = none, on_delete = detach, name = "none_detach"))]
    none_detach: MaybeName,
    #[versioned(parent(crate::Folder, touch = none, on_delete = cascade, cascade = unseen, name = "none_cascade"))]
    none_cascade: Option<Name>,
    #[versioned(parent(Shelf, touch = structure, name = "structure"))]
    structure: Option<String>,
    #[versioned(parent(Self, touch = structure, lock = own, on_delete = detach, name = "structure_detach"))]
    structure_detach: std::option::Option<String>,
    #[versioned(parent(Self, touch = structure, lock = own, on_delete = cascade, cascade = unseen, name = "unseen"))]
    structure_cascade: String,
    #[versioned(parent(Self, touch = content, lock = family, on_delete = restrict, name = "content"))]
    content: String,
    #[versioned(parent(Self, touch = content, lock = own, on_delete = cascade, name = "content_cascade"))]
    content_cascade: Option<String>,
    #[versioned(parent(Self, touch = content, on_delete = detach, name = "r#content_detach"))]
    content_detach: Option<String>,
}

/// At most one to a folder.
#[derive(Versioned)]
#[versioned(collection = "labels", changes = 65535)]
struct Label {
    #[versioned(id, parent(Folder, touch = content, on_delete = cascade))]
    folder_id: Name,
}

/// Another server's: nothing here can touch it.
#[derive(Versioned)]
#[versioned(collection = "mirrors", validator = opaque)]
struct Mirror {
    #[versioned(id, parent(Label, touch = structure))]
    id: String,
    #[versioned(etag)]
    etag: ETag,
}

/// The ends of a diamond are no circle.
#[derive(Versioned)]
#[versioned(collection = "notes")]
struct Note {
    #[versioned(id)]
    id: u64,
    #[versioned(parent(Mirror, touch = none, on_delete = cascade, cascade = unseen))]
    mirror_id: String,
    #[versioned(parent(Label, touch = content))]
    label_id: String,
    #[versioned(parent(Folder, touch = content))]
    folder_id: String,
}

fn rule(link: &Link) -> (Touch, Lock, OnDelete) {
    let LinkRule { touch, lock, on_delete, .. } = link.rule;
    (touch, lock, on_delete)
}

fn main() {
    let links = Folder::MODEL.links;
    assert_eq!(rule(&links[0]), (Touch::None, Lock::Family, OnDelete::Restrict));
    assert_eq!(rule(&links[5]), (Touch::Structure, Lock::Own, OnDelete::Detach));
    assert_eq!(rule(&links[8]), (Touch::Content, Lock::Own, OnDelete::Cascade));
    assert_eq!((Label::MODEL.links[0].cardinality, links[0].cardinality), (Cardinality::One, Cardinality::Many));
}
