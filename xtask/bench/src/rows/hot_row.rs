//! One resource that everybody wants to change.

mod over_http;

use std::path::Path;

use etag_core::StoreExt as _;
use etag_sqlite::SqliteStore;
use sqlx::sqlite::SqliteSynchronous;
use uuid::Uuid;

use super::{
    Group,
    writes_sqlite::{Durable, store},
};
use crate::{
    callers::{Caller, calling},
    hand::sqlite::{Connections, Tasks},
    measure::{Side, Sides},
    model::Task,
    pace::Kind,
    place::all_cores,
    row::{Row, Target},
};

const CALLERS: usize = 32;

pub(crate) fn group() -> Group {
    Group { title: "One hot row", notes: NOTES, rows: vec![hot_row(), over_http::row()] }
}

const NOTES: &str = "SQLite with synchronous=FULL; 32 callers change one task. By hand: select, edit, `UPDATE … WHERE id = ? \
AND rev = ?`, and all of it again, at once, where no row was updated. What is counted is changes that were written. Over \
HTTP each client has a connection of its own; it begins with a GET, and goes on from what a 412 tells of the current state: \
by hand nothing, so that it reads again, and ours what `Prefer: return=representation` asks for. Clients and server share \
the machine.";

fn hot_row() -> Row {
    Row::new("hot-row", Kind::Disk, "`modify`, 32 callers in one process", "select, edit, update, retry (sqlx)")
        .in_rates()
        .target(Target::AtLeast(20.0))
        .sides(|folder| Sides::new(by_hand(folder), ours(folder)))
}

fn by_hand(folder: &Path) -> Side {
    let (runtime, task) = (all_cores(), Task::of_size(500));
    let tasks = runtime.block_on(Tasks::open(&folder.join("hand.db"), SqliteSynchronous::Full, Connections::Default));
    runtime.block_on(tasks.insert(&task));
    let callers = (0..CALLERS).map(|_| Retrying { tasks: tasks.clone(), id: task.id }).collect();
    calling(runtime, callers)
}

struct Retrying {
    tasks: Tasks,
    id: Uuid,
}

impl Caller for Retrying {
    async fn step(&mut self) {
        loop {
            let (mut task, revision) = self.tasks.find(self.id).await.expect("nobody deletes it");
            task.priority = task.priority.wrapping_add(1);
            if self.tasks.update(&task, revision).await.is_some() {
                return;
            }
        }
    }
}

fn ours(folder: &Path) -> Side {
    let (runtime, task) = (all_cores(), Task::of_size(500));
    let store = runtime.block_on(store(&folder.join("ours.db"), Durable::Full));
    runtime.block_on(store.create(&task)).expect("the store is empty");
    let callers = (0..CALLERS).map(|_| Modifying { store: store.clone(), id: task.id }).collect();
    calling(runtime, callers)
}

struct Modifying {
    store: SqliteStore,
    id: Uuid,
}

impl Caller for Modifying {
    async fn step(&mut self) {
        let change = |task: &mut Task| {
            task.priority = task.priority.wrapping_add(1);
            Ok(())
        };
        self.store.modify(&self.id, change).await.expect("nobody deletes it");
    }
}
