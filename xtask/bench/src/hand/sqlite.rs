//! Tasks in a table of their own, on a pool of sqlx: `UPDATE … WHERE id = ? AND rev = ?`.
//!
//! WAL, prepared statements (sqlx keeps them for each connection), and the pool's defaults, among them up to ten
//! connections and a ping on each acquire.

use std::{path::Path, slice};

use sqlx::{
    Row as _, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteRow, SqliteSynchronous},
};
use uuid::Uuid;

use crate::model::Task;

const CREATE_TABLE: &str = "CREATE TABLE tasks (
    id BLOB PRIMARY KEY, rev INTEGER NOT NULL, title TEXT NOT NULL, description TEXT NOT NULL, tags TEXT NOT NULL,
    priority INTEGER NOT NULL, estimate REAL, done INTEGER NOT NULL, due TEXT, steps TEXT NOT NULL
) WITHOUT ROWID";
const INSERT: &str = "INSERT INTO tasks (id, rev, title, description, tags, priority, estimate, done, due, steps)
    VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?)";
const SELECT: &str =
    "SELECT id, rev, title, description, tags, priority, estimate, done, due, steps FROM tasks WHERE id = ?";
const UPDATE: &str = "UPDATE tasks SET rev = rev + 1, title = ?, description = ?, tags = ?, priority = ?, estimate = ?,
    done = ?, due = ?, steps = ? WHERE id = ? AND rev = ?";

/// How many connections the pool may hold.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Connections {
    /// What sqlx does unless told otherwise.
    Default,
    /// One, as those advise who have met busy waits.
    One,
}

/// Binds all but the id, in the order of the columns.
macro_rules! bind_fields {
    ($query:expr, $task:expr) => {
        $query
            .bind(&$task.title)
            .bind(&$task.description)
            .bind(json(&$task.tags))
            .bind($task.priority)
            .bind($task.estimate)
            .bind($task.done)
            .bind(&$task.due)
            .bind(json(&$task.steps))
    };
}

/// The table, behind a pool.
#[derive(Clone)]
pub(crate) struct Tasks(SqlitePool);

impl Tasks {
    pub(crate) async fn open(path: &Path, synchronous: SqliteSynchronous, connections: Connections) -> Self {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(synchronous);
        let pool = match connections {
            Connections::Default => SqlitePoolOptions::new(),
            Connections::One => SqlitePoolOptions::new().max_connections(1),
        };
        let pool = pool.connect_with(options).await.expect("the folder is ours");
        sqlx::query(CREATE_TABLE).execute(&pool).await.expect("the file is new");
        Self(pool)
    }

    pub(crate) async fn insert(&self, task: &Task) {
        self.insert_all(slice::from_ref(task)).await;
    }

    /// Inserts them in one transaction.
    pub(crate) async fn insert_all(&self, tasks: &[Task]) {
        let mut transaction = self.0.begin().await.expect("the database answers");
        for task in tasks {
            let insert = sqlx::query(INSERT).bind(task.id.as_bytes().as_slice());
            bind_fields!(insert, task).execute(&mut *transaction).await.expect("the id is new");
        }
        transaction.commit().await.expect("the database answers");
    }

    /// The task and its revision.
    pub(crate) async fn find(&self, id: Uuid) -> Option<(Task, i64)> {
        let select = sqlx::query(SELECT).bind(id.as_bytes().to_vec());
        let row = select.fetch_optional(&self.0).await.expect("the database answers")?;
        Some((task_of(&row), row.get("rev")))
    }

    /// Writes the task if it has this revision still, and gives the new one.
    pub(crate) async fn update(&self, task: &Task, revision: i64) -> Option<i64> {
        let update = bind_fields!(sqlx::query(UPDATE), task).bind(task.id.as_bytes().as_slice()).bind(revision);
        let done = update.execute(&self.0).await.expect("the database answers");
        (done.rows_affected() == 1).then_some(revision + 1)
    }
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("lists are JSON")
}

fn task_of(row: &SqliteRow) -> Task {
    let list = |column: &str| row.get::<&str, _>(column);
    Task {
        id: Uuid::from_slice(row.get("id")).expect("16 bytes"),
        title: row.get("title"),
        description: row.get("description"),
        tags: serde_json::from_str(list("tags")).expect("as written"),
        priority: row.get("priority"),
        estimate: row.get("estimate"),
        done: row.get("done"),
        due: row.get("due"),
        steps: serde_json::from_str(list("steps")).expect("as written"),
    }
}
