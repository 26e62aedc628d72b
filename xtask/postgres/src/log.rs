//! What a server says on its standard error, which also tells when the last of its processes is gone.

use std::{
    collections::VecDeque,
    io::{BufRead as _, BufReader},
    process::ChildStderr,
    sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    thread::JoinHandle,
    time::Duration,
};

use crate::Error;

const READY: &str = "database system is ready to accept connections";

/// The last lines that are kept for an error.
const KEPT: usize = 20;

/// Crash recovery included, on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(120);

/// What a server said that did not become ready.
#[derive(Debug)]
pub(crate) enum NotReady {
    Ended,
    Late,
}

/// Follows a server's log to its end.
#[derive(Debug)]
pub(crate) struct Log {
    ready: Receiver<()>,
    reader: JoinHandle<Vec<String>>,
}

impl Log {
    pub(crate) fn follow(stderr: ChildStderr) -> Self {
        let (sender, ready) = sync_channel(1);
        Self { ready, reader: std::thread::spawn(move || read(stderr, &sender)) }
    }

    /// Waits until the server takes connections.
    pub(crate) fn wait_until_ready(&self) -> Result<(), NotReady> {
        self.ready.recv_timeout(PATIENCE).map_err(|error| match error {
            RecvTimeoutError::Disconnected => NotReady::Ended,
            RecvTimeoutError::Timeout => NotReady::Late,
        })
    }

    /// Waits until no process of the server is left that could write, and gives the last lines.
    pub(crate) fn wait_for_the_end(self) -> Result<Vec<String>, Error> {
        self.reader.join().map_err(|_| Error::new("the thread that reads the server's log panicked"))
    }
}

fn read(stderr: ChildStderr, ready: &SyncSender<()>) -> Vec<String> {
    let mut last = VecDeque::with_capacity(KEPT);
    for line in BufReader::new(stderr).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line).into_owned();
        if line.contains(READY) {
            // Full or closed: nobody waits any more.
            let _ = ready.try_send(());
        }
        if last.len() == KEPT {
            last.pop_front();
        }
        last.push_back(line);
    }
    last.into()
}
