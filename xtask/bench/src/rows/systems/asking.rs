//! Clients of one server, each with a connection and a resource of its own.

use std::{net::SocketAddr, sync::Arc};

use axum::http::{Request, Response, StatusCode, header};
use bytes::Bytes;
use tokio::runtime::Runtime;

use super::system::{System, with};
use crate::{
    callers::{Caller, calling},
    connection::Connection,
    measure::{Sample, Side},
    place::one_thread,
    program::Program,
};

const CONNECTIONS: usize = 8;

/// What clients do, over and over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    /// Read.
    Read,
    /// Read what they have already.
    ReadAgain,
    /// Write under the tag of the last answer.
    Write,
    /// Write under a tag that is no longer current.
    Refused,
}

impl Work {
    /// For ids of rows, where writes are of this method.
    pub(crate) fn id(self, write: &str) -> String {
        match self {
            Self::Read => "read".to_owned(),
            Self::ReadAgain => "304".to_owned(),
            Self::Write => write.to_lowercase(),
            Self::Refused => format!("{}-refused", write.to_lowercase()),
        }
    }

    /// For the table.
    pub(crate) fn what(self, write: &str) -> String {
        match self {
            Self::Read => "GET".to_owned(),
            Self::ReadAgain => "GET, 304".to_owned(),
            Self::Write => write.to_owned(),
            Self::Refused => format!("{write}, refused"),
        }
    }
}

/// The server of a system, and its clients.
pub(crate) struct Asked<S> {
    program: Program,
    runtime: Runtime,
    clients: Vec<Client<S>>,
}

impl<S: System> Asked<S> {
    /// With representations that have at least this length in bytes, and how long they are.
    pub(crate) fn begin(work: Work, length: usize) -> (Self, usize) {
        let (program, runtime) = (Program::start(S::PROGRAM), one_thread());
        let (clients, length) = runtime.block_on(clients(program.address, work, length));
        (Self { program, runtime, clients }, length)
    }

    /// The side on which they ask, and the server's time is measured.
    pub(crate) fn side(self) -> Side {
        let Self { program, runtime, clients } = self;
        let mut side = calling(Arc::new(runtime), clients);
        Box::new(move |operations| {
            let before = program.time();
            side(operations);
            Sample::of(program.time().saturating_sub(before), operations)
        })
    }
}

async fn clients<S: System>(server: SocketAddr, work: Work, length: usize) -> (Vec<Client<S>>, usize) {
    let shortest = Client::<S>::begin(server, work, "").await.length().await;
    let text: String = TEXT.chars().cycle().take(length.saturating_sub(shortest)).collect();
    let mut clients = Vec::with_capacity(CONNECTIONS);
    for _ in 0..CONNECTIONS {
        clients.push(Client::begin(server, work, &text).await);
    }
    let length = clients[0].length().await;
    (clients, length)
}

const TEXT: &str = "What has changed since the last release, for whom it matters, and what they have to do. ";

struct Client<S> {
    connection: Connection,
    resource: S,
    work: Work,
    /// The tag that the next request names.
    tag: String,
    writes: u64,
}

impl<S: System> Client<S> {
    async fn begin(server: SocketAddr, work: Work, text: &str) -> Self {
        let mut connection = Connection::open(server).await;
        let resource = S::make(&mut connection, text).await;
        let tag = S::tag(&connection.ask(resource.read()).await);
        let mut client = Self { connection, resource, work, tag, writes: 0 };
        if work == Work::Refused {
            let write = client.next_write();
            client.ask(write, StatusCode::OK).await;
        }
        client
    }

    async fn length(&mut self) -> usize {
        self.ask(self.resource.read(), StatusCode::OK).await.into_body().len()
    }

    fn next_write(&mut self) -> Request<Bytes> {
        self.writes += 1;
        self.resource.write(&self.tag, &format!("Write the release notes, take {:07}", self.writes))
    }

    async fn ask(&mut self, request: Request<Bytes>, expected: StatusCode) -> Response<Bytes> {
        let answer = self.connection.ask(request).await;
        assert_eq!(answer.status(), expected, "{}: {answer:?}", S::NAME);
        answer
    }
}

impl<S: System> Caller for Client<S> {
    async fn step(&mut self) {
        match self.work {
            Work::Read => drop(self.ask(self.resource.read(), StatusCode::OK).await),
            Work::ReadAgain => {
                let request = with(self.resource.read(), header::IF_NONE_MATCH, &self.tag);
                self.ask(request, StatusCode::NOT_MODIFIED).await;
            }
            Work::Write => {
                let request = self.next_write();
                self.tag = S::tag(&self.ask(request, StatusCode::OK).await);
            }
            Work::Refused => {
                let request = self.next_write();
                self.ask(request, S::REFUSAL).await;
            }
        }
    }
}
