//! Reads, on threads of their own: they never wait for the writer, and no task waits for the disk (rule S2).

use std::{
    collections::VecDeque,
    path::PathBuf,
    sync::Arc,
    thread::{self, JoinHandle},
};

use etag_core::{Error, ErrorKind};
use rusqlite::Connection;
use tokio::sync::oneshot;

use crate::{
    error::{Fault, closed},
    queue::Queue,
};

type Read = Box<dyn FnOnce(&Connection) + Send>;

/// How many reads share one transaction at most.
const MOST_TOGETHER: usize = 16;

/// The pool. Its threads end when it is closed or dropped.
pub(crate) struct Readers {
    queue: Arc<Queue<Read>>,
    file: PathBuf,
}

impl Readers {
    /// A thread for each connection, with its handle.
    pub(crate) fn start(connections: Vec<Connection>, file: PathBuf) -> std::io::Result<(Self, Vec<JoinHandle<()>>)> {
        let readers = Self { queue: Arc::new(Queue::new()), file };
        let threads = connections.len();
        let spawn = |connection: Connection| {
            let queue = Arc::clone(&readers.queue);
            let thread = thread::Builder::new().name("etag-sqlite-reader".into());
            thread.spawn(move || work(&queue, &connection, threads))
        };
        let handles = connections.into_iter().map(spawn).collect::<std::io::Result<_>>()?;
        Ok((readers, handles))
    }

    /// Takes no further reads; those that wait are still answered.
    pub(crate) fn close(&self) {
        self.queue.close();
    }

    /// What `read` finds, in a state of the store that is no older than this call.
    pub(crate) async fn run<T, R>(&self, read: R) -> Result<T, Error>
    where
        T: Send + 'static,
        R: FnOnce(&Connection) -> Result<T, rusqlite::Error> + Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let work = move |connection: &Connection| {
            if !answer.is_closed() {
                // A caller that has gone away needs no answer.
                let _ = answer.send(read(connection));
            }
        };
        self.queue.push(Box::new(work)).map_err(|_| closed(&self.file))?;
        let found = answered.await.map_err(|_| self.stopped())?;
        found.map_err(|error| Fault::new(&self.file, error).to_error())
    }

    fn stopped(&self) -> Error {
        Error::new(ErrorKind::Engine, format!("{}: the threads that read have stopped", self.file.display()))
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.close();
    }
}

fn work(queue: &Queue<Read>, connection: &Connection, threads: usize) {
    while let Some(mut reads) = queue.take(|waiting| share(waiting, threads)) {
        let _snapshot = (reads.len() > 1).then(|| Snapshot::begin(connection));
        reads.drain(..).for_each(|read| read(connection));
    }
}

/// This thread's part of what waits, so that the others are not left without.
fn share(waiting: &mut VecDeque<Read>, threads: usize) -> VecDeque<Read> {
    let count = waiting.len().div_ceil(threads).min(MOST_TOGETHER);
    waiting.drain(..count).collect()
}

/// One transaction for several reads, all of which were asked for before it begins, so none misses what it may expect.
struct Snapshot<'a>(&'a Connection);

impl<'a> Snapshot<'a> {
    fn begin(connection: &'a Connection) -> Self {
        // Without a transaction each read is one by itself, which is only slower.
        let _ = connection.prepare_cached("BEGIN").and_then(|mut begin| begin.execute([]));
        Self(connection)
    }
}

impl Drop for Snapshot<'_> {
    fn drop(&mut self) {
        if !self.0.is_autocommit() {
            let _ = self.0.prepare_cached("COMMIT").and_then(|mut commit| commit.execute([]));
        }
    }
}
