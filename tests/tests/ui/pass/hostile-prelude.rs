//! Every name that generated code could lean on means something else here.
#![deny(warnings)]
#![allow(dead_code, non_camel_case_types, unused_macros)]

use etag_core::{Content, ModelId, Versioned};

type StdString = std::string::String;
type StdOption<T> = std::option::Option<T>;

struct Option;
struct Some;
struct None;
struct Result;
struct Ok;
struct Err;
struct String;
struct Vec;
struct Box;
struct Arc;
struct Future;
struct PhantomData;
struct Digester;
struct ETag;
struct Error;
struct Snapshot;
struct Store;
struct Model;
struct Link;
struct LinkRule;
struct Parents;
struct Page;
struct Cursor;
struct Key;
struct Cardinality;
struct Presence;
struct Touch;
struct Lock;
struct OnDelete;
struct Derives;
struct ChangeRule;
struct Derive;
struct Row;
struct u16;
struct u32;
struct str;
struct usize;
struct bool;
trait Send {}
trait Sync {}
trait Sized {}
trait Clone {}
trait Default {}
trait PartialEq {}
trait Patch {}
trait Iterator {}
mod etag_core_private {}
mod core {}
mod std_shadow {
    pub mod std {}
}
mod serde_json {}

macro_rules! panic { () => {} }
macro_rules! unreachable { () => {} }
macro_rules! vec { () => {} }
macro_rules! format { () => {} }

#[derive(Clone, Debug, PartialEq, Eq, Hash, ModelId)]
struct BoardId(u64);

#[derive(Clone, PartialEq, Content)]
struct Point {
    x: i64,
    y: i64,
}

#[derive(Clone, PartialEq, Content)]
enum Shape {
    Nothing,
    Dot(Point),
    Line(Point, Point),
    Box { corner: Point, size: i64 },
}

/// What serde generates is not made for these surroundings.
mod folders {
    #[derive(serde::Serialize, serde::Deserialize, etag_core::Versioned)]
    #[versioned(collection = "folders", changes(keep = 9, depth = 3))]
    pub struct Folder {
        #[versioned(id)]
        pub id: i64,
        #[serde(default)]
        #[versioned(derived)]
        pub files: i64,
    }
}

#[derive(Versioned)]
#[versioned(collection = "files", changes(keep = 9, depth = 3))]
struct File {
    #[versioned(id)]
    id: i64,
    #[versioned(parent(folders::Folder, touch = content, derive = count))]
    folder_id: i64,
}

impl serde::Serialize for File {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.id)
    }
}

impl<'de> serde::Deserialize<'de> for File {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        let id = serde::Deserialize::deserialize(deserializer)?;
        std::result::Result::Ok(Self { id, folder_id: id })
    }
}

fn count(folder: &mut folders::Folder, before: StdOption<&File>, after: StdOption<&File>) {
    folder.files += i64::from(after.is_some()) - i64::from(before.is_some());
}

#[derive(Versioned)]
#[versioned(collection = "boards", validator = digest)]
struct Board {
    #[versioned(id)]
    id: BoardId,
    name: StdString,
}

#[derive(Versioned)]
#[versioned(
    collection = "tasks",
    validator = digest(weak),
    representation = 3,
    schema = 2,
    upgrade = upgrade,
    validate = validate,
    changes = 20,
    patch(name = TaskChanges, derive(Debug))
)]
struct Task {
    #[versioned(id)]
    id: StdString,
    #[versioned(merge = ours)]
    title: StdString,
    #[versioned(merge = max)]
    score: i64,
    #[versioned(merge = union)]
    tags: std::vec::Vec<StdString>,
    #[versioned(merge = longer)]
    text: StdString,
    #[versioned(exclude)]
    views: StdOption<i64>,
    #[versioned(modified)]
    modified: StdString,
    #[versioned(parent(Board, touch = structure, lock = own, on_delete = detach))]
    board_id: StdOption<BoardId>,
    #[versioned(parent(Board, touch = content, on_delete = cascade, name = "origin"))]
    origin_id: BoardId,
    #[versioned(parent(Self, touch = none, on_delete = cascade, cascade = unseen, name = "above"))]
    above_id: StdOption<StdString>,
}

#[derive(Versioned)]
#[versioned(collection = "details")]
struct Details {
    #[versioned(id, parent(Task, touch = content, on_delete = cascade))]
    task_id: StdString,
}

fn upgrade(_: std::primitive::u32, document: etag_core::__private::Value) -> std::result::Result<etag_core::__private::Value, StdString> {
    std::result::Result::Ok(document)
}

fn validate(_: &Task) -> std::result::Result<(), etag_core::Violations> {
    std::result::Result::Ok(())
}

fn longer(_: &StdString, mine: StdString, theirs: &StdString) -> StdOption<StdString> {
    StdOption::Some(if mine.len() > theirs.len() { mine } else { theirs.clone() })
}

fn main() {
    assert_eq!(Task::MODEL.name, "Task");
    assert_eq!(Task::MODEL.links[0].name, "board");
    assert_eq!((Task::MODEL.changes.keep, Task::MODEL.changes.depth), (20, 1));
    assert_eq!((File::MODEL.changes.keep, File::MODEL.changes.depth), (9, 3));
}
