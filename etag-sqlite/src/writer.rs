//! The one thread that writes.

use std::{collections::VecDeque, path::PathBuf, thread::JoinHandle, time::Duration};

use etag_core::{Environment, Epoch, Error};
use rusqlite::Connection;
use tokio::sync::{oneshot, watch};

use crate::{
    alongside::Guard,
    connection::Flush,
    error::Fault,
    group::{Member, change_meta},
    meta::Meta,
    numbers,
    options::{GroupBounds, Options},
    patience::patiently,
    queue::Queue,
    repository::Tables,
};

/// What the writer is asked for.
#[expect(clippy::large_enum_variant, reason = "nearly all of it is commits, which need no further allocation")]
pub(crate) enum Work {
    Commit(Member),
    RotateEpoch(oneshot::Sender<Result<Epoch, Error>>),
}

/// The connection that writes, and what is needed for it.
pub(crate) struct Writer {
    pub(crate) connection: Connection,
    pub(crate) desk: Desk,
    readers: Vec<JoinHandle<()>>,
}

pub(crate) struct Desk {
    pub(crate) file: PathBuf,
    pub(crate) tables: Tables,
    pub(crate) guard: Guard,
    pub(crate) environment: Environment,
    pub(crate) busy_timeout: Duration,
    pub(crate) bounds: GroupBounds,
    pub(crate) flush: Flush,
    /// The last number that was drawn here, in whatever became of its transaction.
    pub(crate) drawn: u64,
    group: i64,
}

impl Desk {
    /// Whether this many further numbers may be given out: where commits are not flushed, only those that lie in a
    /// reservation which was, or a loss of power could bring them back (rule T5).
    pub(crate) fn may_give_out(&self, meta: &Meta, numbers: u64) -> bool {
        self.flush == Flush::EachCommit || meta.has_reserved(numbers)
    }

    /// A number that no other group signs with, of this process or another.
    pub(crate) fn next_group(&mut self) -> i64 {
        self.group = self.group.wrapping_add(1);
        self.group
    }
}

/// What is taken from the queue at once.
enum Taken {
    Group(VecDeque<Member>),
    RotateEpoch(oneshot::Sender<Result<Epoch, Error>>),
}

impl Writer {
    pub(crate) fn new(connection: Connection, guard: Guard, readers: Vec<JoinHandle<()>>, options: &Options) -> Self {
        let environment = options.environment.clone();
        let group = i64::from_le_bytes(environment.random_bytes());
        let desk = Desk {
            file: options.path.clone(),
            tables: options.tables.clone(),
            guard,
            environment,
            busy_timeout: options.busy_timeout,
            bounds: options.group,
            flush: options.flush(),
            drawn: 0,
            group,
        };
        Self { connection, desk, readers }
    }

    /// Works until the queue is closed and empty. `running` tells by its end that all is answered and the file closed.
    pub(crate) fn run(mut self, queue: &Queue<Work>, running: watch::Sender<()>) {
        let _end = CloseAtEnd(queue);
        let bounds = self.desk.bounds;
        while let Some(taken) = queue.take(|waiting| choose(waiting, bounds)) {
            match taken {
                Taken::Group(members) => self.serve(members),
                Taken::RotateEpoch(answer) => self.rotate_epoch(answer),
            }
        }
        self.close_last();
        drop(running);
    }

    /// SQLite folds the log into the file when the last connection closes, and of two that close at once neither is the
    /// last.
    fn close_last(self) {
        for reader in self.readers {
            // One that panicked has closed its connection, too.
            let _ = reader.join();
        }
        drop(self.connection);
    }

    fn rotate_epoch(&mut self, answer: oneshot::Sender<Result<Epoch, Error>>) {
        let Self { connection, desk, .. } = self;
        let epoch = numbers::draw_epoch(&desk.environment);
        let rotated = patiently(desk.busy_timeout, &desk.environment, || {
            change_meta(connection, desk, |meta| meta.epoch = epoch).map(|()| epoch)
        });
        // A caller that has gone away needs no answer.
        let _ = answer.send(rotated.map_err(|error| Fault::new(&desk.file, error).to_error()));
    }
}

/// Should the thread end before its time, whoever comes later must not wait for it.
struct CloseAtEnd<'a>(&'a Queue<Work>);

impl Drop for CloseAtEnd<'_> {
    fn drop(&mut self) {
        self.0.close();
        // Whoever waits already learns it by the end of the answer's sender.
        while self.0.take(VecDeque::clear).is_some() {}
    }
}

fn choose(waiting: &mut VecDeque<Work>, bounds: GroupBounds) -> Taken {
    let mut members = VecDeque::new();
    let (mut items, mut bytes) = (0, 0);
    while let Some(work) = waiting.pop_front() {
        let member = match work {
            Work::Commit(member) => member,
            Work::RotateEpoch(answer) if members.is_empty() => return Taken::RotateEpoch(answer),
            other @ Work::RotateEpoch(_) => {
                waiting.push_front(other);
                break;
            }
        };
        items += member.batch.items().len();
        bytes += member.bytes;
        if !members.is_empty() && (items > bounds.items || bytes > bounds.bytes) {
            waiting.push_front(Work::Commit(member));
            break;
        }
        members.push_back(member);
    }
    Taken::Group(members)
}
