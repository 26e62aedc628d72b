//! Conditional writes on a database, each caller on a resource of its own.

use std::path::Path;

use etag_core::{Durability, ETag, StoreExt as _};
use etag_sqlite::SqliteStore;
use sqlx::sqlite::SqliteSynchronous;
use uuid::Uuid;

use super::Group;
use crate::{
    callers::{Caller, calling},
    hand::sqlite::{Connections, Tasks},
    measure::{Side, Sides},
    model::Task,
    pace::Kind,
    place::all_cores,
    row::{Row, Target},
};

pub(crate) fn group() -> Group {
    let pool = "sqlx pool";
    let rows = vec![
        row("sqlite-full-1", Durable::Full, 1, Connections::Default, pool).target(Target::AtLeast(1.6)),
        row("sqlite-full-32", Durable::Full, 32, Connections::Default, pool)
            .target(Target::AtLeast(15.0))
            .target(Target::P99(std::time::Duration::from_millis(5))),
        row("sqlite-full-32-one", Durable::Full, 32, Connections::One, "sqlx pool of one connection"),
        row("sqlite-normal-32", Durable::Normal, 32, Connections::Default, pool).target(Target::AtLeast(15.0)),
    ];
    Group { title: "Conditional writes on SQLite", notes: NOTES, rows }
}

const NOTES: &str = "By hand: a table with a column for each field, `UPDATE … WHERE id = ? AND rev = ?`, WAL, and sqlx's \
pool as it comes: ten connections, prepared statements, `test_before_acquire`. Ours: `replace` under the tag of the last \
answer, which digests, serialises, commits, and answers with the value. Each caller writes its own task of 500 bytes.";

/// What a write survives once it is acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Durable {
    /// A loss of power: `synchronous=FULL`.
    Full,
    /// A kill of the process: `synchronous=NORMAL`.
    Normal,
}

impl Durable {
    fn name(self) -> &'static str {
        match self {
            Self::Full => "FULL",
            Self::Normal => "NORMAL",
        }
    }

    fn for_sqlx(self) -> SqliteSynchronous {
        match self {
            Self::Full => SqliteSynchronous::Full,
            Self::Normal => SqliteSynchronous::Normal,
        }
    }
}

fn row(id: &str, durable: Durable, callers: u128, connections: Connections, hand: &'static str) -> Row {
    let noun = if callers == 1 { "caller" } else { "callers" };
    Row::new(id, Kind::Disk, format!("synchronous={}, {callers} {noun}", durable.name()), hand).in_rates().sides(
        move |folder| {
            Sides::new(
                by_hand(&folder.join("hand.db"), durable, callers, connections),
                ours(&folder.join("ours.db"), durable, callers),
            )
        },
    )
}

/// Our store in this file.
pub(crate) async fn store(path: &Path, durable: Durable) -> SqliteStore {
    let durability = match durable {
        Durable::Full => Durability::Power,
        Durable::Normal => Durability::Kill,
    };
    SqliteStore::builder(path).durability(durability).open().await.expect("the folder is ours")
}

fn task(n: u128) -> Task {
    Task { id: Uuid::from_u128(n), ..Task::of_size(500) }
}

fn by_hand(path: &Path, durable: Durable, callers: u128, connections: Connections) -> Side {
    let runtime = all_cores();
    let tasks = runtime.block_on(Tasks::open(path, durable.for_sqlx(), connections));
    let callers: Vec<_> = (0..callers).map(|n| Updating { tasks: tasks.clone(), task: task(n), revision: 1 }).collect();
    for caller in &callers {
        runtime.block_on(tasks.insert(&caller.task));
    }
    calling(runtime, callers)
}

struct Updating {
    tasks: Tasks,
    task: Task,
    revision: i64,
}

impl Caller for Updating {
    async fn step(&mut self) {
        self.task.priority = self.task.priority.wrapping_add(1);
        self.revision = self.tasks.update(&self.task, self.revision).await.expect("nobody else writes it");
    }
}

fn ours(path: &Path, durable: Durable, callers: u128) -> Side {
    let runtime = all_cores();
    let store = runtime.block_on(store(path, durable));
    let callers = (0..callers).map(|n| runtime.block_on(Replacing::on(store.clone(), task(n)))).collect();
    calling(runtime, callers)
}

/// A caller who replaces a task under the tag of the last answer.
pub(crate) struct Replacing {
    store: SqliteStore,
    task: Task,
    etag: ETag,
}

impl Replacing {
    pub(crate) async fn on(store: SqliteStore, task: Task) -> Self {
        let etag = store.create(&task).await.expect("the id is new").etag().clone();
        Self { store, task, etag }
    }
}

impl Caller for Replacing {
    async fn step(&mut self) {
        self.task.priority = self.task.priority.wrapping_add(1);
        let written = self.store.replace(&self.task, &self.etag).await.expect("nobody else writes it");
        self.etag = written.etag().clone();
    }
}
