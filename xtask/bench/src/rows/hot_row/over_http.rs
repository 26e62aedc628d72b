//! The same over HTTP: each caller is a client with a connection of its own.

use std::{net::SocketAddr, path::Path, sync::Arc};

use axum::{
    Router,
    http::{HeaderName, HeaderValue, Request, Response, StatusCode, header},
};
use bytes::Bytes;
use etag_axum::{Api, Resource};
use etag_core::StoreExt as _;
use sqlx::sqlite::SqliteSynchronous;
use tokio::runtime::Runtime;

use super::CALLERS;
use crate::{
    callers::{Caller, calling},
    connection::Connection,
    hand::{
        handlers,
        sqlite::{Connections, Tasks},
    },
    measure::{Side, Sides},
    model::Task,
    pace::Kind,
    place::all_cores,
    row::{Row, Target},
    rows::writes_sqlite::{Durable, store},
    server::serving,
};

const PREFER: HeaderName = HeaderName::from_static("prefer");

pub(super) fn row() -> Row {
    Row::new("hot-row-http", Kind::Disk, "GET, edit, PUT, over HTTP, 32 clients", "select, update, 412 (axum, sqlx)")
        .in_rates()
        .target(Target::AtLeast(3.0))
        .sides(|folder| Sides::new(by_hand(folder), ours(folder)))
}

fn by_hand(folder: &Path) -> Side {
    let runtime = all_cores();
    let file = folder.join("hand-http.db");
    let tasks = runtime.block_on(Tasks::open(&file, SqliteSynchronous::Full, Connections::Default));
    runtime.block_on(tasks.insert(&Task::of_size(500)));
    clients(runtime, handlers::read_and_write(tasks))
}

fn ours(folder: &Path) -> Side {
    let runtime = all_cores();
    let store = runtime.block_on(store(&folder.join("ours-http.db"), Durable::Full));
    runtime.block_on(store.create(&Task::of_size(500))).expect("the store is empty");
    clients(runtime, Api::new(store).resource(Resource::<Task>::new()).router())
}

fn clients(runtime: Arc<Runtime>, router: Router) -> Side {
    let address = serving(&runtime, router);
    let callers = (0..CALLERS).map(|_| runtime.block_on(Client::connected_to(address))).collect();
    calling(runtime, callers)
}

/// A client that takes what a 412 tells of the current state, and reads it where a 412 tells nothing.
struct Client {
    connection: Connection,
    path: String,
}

/// The task as a client knows it, and its tag.
struct Known {
    task: Task,
    etag: HeaderValue,
}

impl Known {
    fn of(answer: &Response<Bytes>) -> Option<Self> {
        let etag = answer.headers().get(header::ETAG)?.clone();
        Some(Self { task: serde_json::from_slice(answer.body()).ok()?, etag })
    }
}

impl Client {
    async fn connected_to(address: SocketAddr) -> Self {
        let path = format!("/tasks/{}", Task::of_size(500).id);
        Self { connection: Connection::open(address).await, path }
    }

    async fn read(&mut self) -> Known {
        let request = Request::get(&self.path).body(Bytes::new()).expect("the path is a URI");
        Known::of(&self.connection.ask(request).await).expect("an answer has a tag and a task")
    }

    async fn write(&mut self, known: &Known) -> Response<Bytes> {
        let request = Request::put(&self.path)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::IF_MATCH, &known.etag)
            .header(PREFER, "return=representation");
        let body = serde_json::to_vec(&known.task).expect("a task is JSON");
        self.connection.ask(request.body(body.into()).expect("a tag is a header value")).await
    }
}

impl Caller for Client {
    async fn step(&mut self) {
        let mut known = self.read().await;
        loop {
            known.task.priority = known.task.priority.wrapping_add(1);
            let answer = self.write(&known).await;
            if answer.status().is_success() {
                return;
            }
            assert_eq!(answer.status(), StatusCode::PRECONDITION_FAILED);
            known = match Known::of(&answer) {
                Some(current) => current,
                None => self.read().await,
            };
        }
    }
}
