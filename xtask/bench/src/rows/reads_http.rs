//! Reads over a socket: what a request takes of the server's processor.

use std::sync::Arc;

use axum::{
    Router,
    http::{Request, StatusCode},
};
use bytes::Bytes;
use tokio::runtime::Runtime;

use super::{
    Group,
    reads::{Piece, SIZES, Size},
};
use crate::{
    callers::{Caller, calling},
    connection::Connection,
    hand::handlers,
    measure::{Sample, Side, Sides},
    model::Task,
    pace::Kind,
    place::one_thread,
    row::{Row, Target},
    server::Server,
};

const CONNECTIONS: usize = 8;

pub(crate) fn group() -> Group {
    let targets = [1.0, 0.62, 0.55];
    let rows = SIZES.into_iter().zip(targets).flat_map(|(size, most)| Piece::ALL.map(|piece| whole(piece, size, most)));
    Group { title: "Reads over HTTP", notes: NOTES, rows: rows.collect() }
}

const NOTES: &str = "What a request takes of the processor in the server's one thread, in the kernel, too. Eight connections \
of HTTP/1.1 over the loopback are kept open, each with one request on its way; what the client takes is not in it.";

fn whole(piece: Piece, size: Size, most: f64) -> Row {
    let what = format!("200, `{}`, {}", piece.name(), size.name);
    Row::new(format!("http-200-{}-{}", size.id, piece.name()), Kind::Sockets, what, "`axum::Json` without a tag")
        .target(Target::AtMost(most))
        .sides(move |_| {
            let plain = handlers::plain(Task::of_size(size.bytes));
            Sides::new(serving_task(plain), serving_task(piece.router(size.bytes)))
        })
}

/// A server of one task, asked by clients on another thread.
fn serving_task(router: Router) -> Side {
    let (server, clients) = (Server::start(router), Arc::new(one_thread()));
    let callers = (0..CONNECTIONS).map(|_| Reading::on(&clients, &server)).collect();
    let mut side = calling(clients, callers);
    Box::new(move |operations| {
        let before = server.time();
        side(operations);
        Sample::of(server.time().saturating_sub(before), operations)
    })
}

struct Reading {
    connection: Connection,
    request: Request<Bytes>,
}

impl Reading {
    fn on(clients: &Runtime, server: &Server) -> Self {
        let path = format!("/tasks/{}", Task::of_size(500).id);
        let request = Request::get(path).body(Bytes::new()).expect("the path is a URI");
        Self { connection: clients.block_on(Connection::open(server.address)), request }
    }
}

impl Caller for Reading {
    async fn step(&mut self) {
        let answer = self.connection.ask(self.request.clone()).await;
        assert_eq!(answer.status(), StatusCode::OK);
    }
}
