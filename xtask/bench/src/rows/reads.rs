//! Reads in process: a router is called as the server calls it, without a socket.

use std::{path::Path, sync::Arc};

use axum::{
    Router,
    extract::{Path as PathOf, State},
    http::StatusCode,
    response::Response,
    routing::get,
};
use etag_axum::{Api, IfHeaders, JsonBody, Resource, Tagged};
use etag_core::{ETag, MemoryStore, MethodKind, StoreExt as _};
use sqlx::sqlite::SqliteSynchronous;
use uuid::Uuid;

use super::{
    Group,
    writes_sqlite::{Durable, store},
};
use crate::{
    clock::Clock,
    hand::{
        handlers::{self, Shared},
        sqlite::{Connections, Tasks},
    },
    measure::Sides,
    model::{DigestedTask, Task},
    pace::Kind,
    place::one_thread,
    row::{Row, Target},
    service::Service,
};

const JSON: &str = "`axum::Json` without a tag";
const BARE: &str = "a bare 304";

pub(super) const SIZES: [Size; 3] = [
    Size { id: "500", name: "500 bytes", bytes: 500 },
    Size { id: "50k", name: "50 KB", bytes: 50_000 },
    Size { id: "1m", name: "1 MB", bytes: 1_000_000 },
];

#[derive(Clone, Copy)]
pub(super) struct Size {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) bytes: usize,
}

/// What of ours answers.
#[derive(Clone, Copy)]
pub(super) enum Piece {
    /// Our router over a memory store.
    Api,
    /// Our response in a handler of one's own.
    Tagged,
}

impl Piece {
    pub(super) const ALL: [Self; 2] = [Self::Api, Self::Tagged];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Api => "Api",
            Self::Tagged => "Tagged",
        }
    }

    /// The routes that serve a task of this size.
    pub(super) fn router(self, bytes: usize) -> Router {
        match self {
            Self::Api => api(bytes),
            Self::Tagged => tagged(bytes),
        }
    }

    fn service(self, bytes: usize) -> Service {
        in_memory(self.router(bytes))
    }
}

pub(crate) fn group() -> Group {
    let mut rows = Vec::new();
    rows.extend(SIZES.into_iter().zip([0.75, 0.45, 0.40]).flat_map(|(size, most)| whole(size, most)));
    rows.extend(SIZES.into_iter().zip([Some(0.52), None, None]).flat_map(|(size, most)| not_modified(size, most)));
    rows.extend(SIZES.into_iter().flat_map(bare));
    rows.extend(SIZES.into_iter().zip([Some(0.70), Some(0.37), None]).map(|(size, most)| digested(size, most)));
    rows.extend([from_sqlite(), not_modified_from_sqlite()]);
    Group { title: "Reads in process", notes: NOTES, rows }
}

const NOTES: &str = "A request goes through `Router::call` and its body is read. `Api` is our router, over a memory store \
unless the row says otherwise; `Tagged` is our response in a handler of one's own, with `JsonBody`. The bare 304 is a \
handler that compares the header with a constant, byte by byte. In the last two rows both sides read from SQLite, by hand a \
select with sqlx and `Json`, and the processor's time is measured, with all threads on one core.";

/// What answers 200, or 304 where the request names the tag.
fn whole(size: Size, most: f64) -> [Row; 2] {
    Piece::ALL.map(|piece| {
        let (id, what) =
            (format!("200-{}-{}", size.id, piece.name()), format!("200, `{}`, {}", piece.name(), size.name));
        Row::new(id, Kind::Requests, what, JSON).target(Target::AtMost(most)).sides(move |_| {
            let ours = piece.service(size.bytes).answers(StatusCode::OK);
            Sides::new(plain(size.bytes).answers(StatusCode::OK), ours)
        })
    })
}

fn not_modified(size: Size, most: Option<f64>) -> [Row; 2] {
    Piece::ALL.map(|piece| {
        let (id, what) =
            (format!("304-{}-{}", size.id, piece.name()), format!("304, `{}`, {}", piece.name(), size.name));
        let row = Row::new(id, Kind::Requests, what, JSON);
        most.into_iter().fold(row, |row, most| row.target(Target::AtMost(most))).sides(move |_| {
            let ours = piece.service(size.bytes).again().answers(StatusCode::NOT_MODIFIED);
            Sides::new(plain(size.bytes).answers(StatusCode::OK), ours)
        })
    })
}

fn bare(size: Size) -> [Row; 2] {
    Piece::ALL.map(|piece| {
        let (id, what) =
            (format!("bare-304-{}-{}", size.id, piece.name()), format!("304, `{}`, {}", piece.name(), size.name));
        Row::new(id, Kind::Requests, what, BARE).target(Target::AtMost(1.3)).sides(move |_| {
            let ours = piece.service(size.bytes).again();
            let theirs = in_memory(handlers::bare_not_modified(ours.tag())).knowing(ours.tag());
            Sides::new(theirs.answers(StatusCode::NOT_MODIFIED), ours.answers(StatusCode::NOT_MODIFIED))
        })
    })
}

fn digested(size: Size, most: Option<f64>) -> Row {
    let what = format!("304, digest on each request, `Tagged`, {}", size.name);
    let row = Row::new(format!("304-digest-{}", size.id), Kind::Requests, what, JSON);
    most.into_iter().fold(row, |row, most| row.target(Target::AtMost(most))).sides(move |_| {
        let ours = digesting(size.bytes).again().answers(StatusCode::NOT_MODIFIED);
        Sides::new(plain(size.bytes).answers(StatusCode::OK), ours)
    })
}

fn id() -> Uuid {
    Task::of_size(500).id
}

fn in_memory(router: Router) -> Service {
    Service::reading(id(), one_thread(), Clock::Thread, router)
}

fn plain(bytes: usize) -> Service {
    in_memory(handlers::plain(Task::of_size(bytes)))
}

fn api(bytes: usize) -> Router {
    let store = MemoryStore::new();
    one_thread().block_on(store.create(&Task::of_size(bytes))).expect("the store is empty");
    Api::new(store).resource(Resource::<Task>::new()).router()
}

/// For a value and a tag that are at hand.
fn tagged(bytes: usize) -> Router {
    async fn read(
        State((etag, task)): State<(ETag, Shared<Task>)>,
        PathOf(_): PathOf<Uuid>,
        conditions: IfHeaders,
    ) -> Response {
        Tagged::new(etag, || JsonBody(task)).respond_with(&conditions.0, MethodKind::Read)
    }
    let etag = ETag::strong("r1.BwHIKVoh.1234567").expect("no quotes in it");
    let task = Shared(Arc::new(Task::of_size(bytes)));
    Router::new().route("/tasks/{id}", get(read)).with_state((etag, task))
}

/// The same, for a value whose tag is made of its content on each request.
fn digesting(bytes: usize) -> Service {
    async fn read(
        State(task): State<Shared<DigestedTask>>,
        PathOf(_): PathOf<Uuid>,
        conditions: IfHeaders,
    ) -> Response {
        Tagged::new(task.0.etag(), || JsonBody(task)).respond_with(&conditions.0, MethodKind::Read)
    }
    let task = Shared(Arc::new(DigestedTask::of_size(bytes)));
    in_memory(Router::new().route("/tasks/{id}", get(read)).with_state(task))
}

fn from_sqlite() -> Row {
    Row::new("sqlite-200", Kind::Requests, "200, `Api` over SQLite, 500 bytes", "sqlx select and `Json`")
        .on_one_core()
        .target(Target::AtMost(1.0))
        .sides(|folder| Sides::new(selecting(folder).answers(StatusCode::OK), stored(folder).answers(StatusCode::OK)))
}

fn not_modified_from_sqlite() -> Row {
    Row::new("sqlite-304", Kind::Requests, "304, `Api` over SQLite, 500 bytes", "sqlx select and `Json`")
        .on_one_core()
        .sides(|folder| {
            Sides::new(
                selecting(folder).answers(StatusCode::OK),
                stored(folder).again().answers(StatusCode::NOT_MODIFIED),
            )
        })
}

fn selecting(folder: &Path) -> Service {
    let runtime = one_thread();
    let path = folder.join("hand.db");
    let tasks = runtime.block_on(Tasks::open(&path, SqliteSynchronous::Full, Connections::Default));
    runtime.block_on(tasks.insert(&Task::of_size(500)));
    Service::reading(id(), runtime, Clock::Process, handlers::from_database(tasks))
}

fn stored(folder: &Path) -> Service {
    let runtime = one_thread();
    let store = runtime.block_on(store(&folder.join("ours.db"), Durable::Full));
    runtime.block_on(store.create(&Task::of_size(500))).expect("the store is empty");
    Service::reading(id(), runtime, Clock::Process, Api::new(store).resource(Resource::<Task>::new()).router())
}
