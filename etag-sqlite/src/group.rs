//! Commits that share one transaction and one flush, each with its own outcome (rule S2).

use std::{collections::VecDeque, time::Instant};

use etag_core::{Batch, Committed, Error};
use rusqlite::{Connection, ErrorCode};
use tokio::sync::oneshot;

use crate::{
    alongside::{Statements, error_of},
    connection::Flush,
    error::Fault,
    meta::Meta,
    patience::patiently,
    repository::Tables,
    transaction::GroupTransaction,
    writer::{Desk, Writer},
};

type Result<T> = std::result::Result<T, rusqlite::Error>;
type Outcome = std::result::Result<Committed, Error>;

/// One commit and who waits for it.
pub(crate) struct Member {
    pub(crate) batch: Batch,
    pub(crate) bytes: usize,
    pub(crate) statements: Option<Statements>,
    pub(crate) answer: oneshot::Sender<Outcome>,
}

impl Member {
    fn answer(self, outcome: Outcome) {
        // A caller that has gone away needs no answer.
        let _ = self.answer.send(outcome);
    }
}

fn answer_first(members: &mut VecDeque<Member>, outcomes: Vec<Outcome>) {
    for (member, outcome) in members.drain(..outcomes.len()).zip(outcomes) {
        member.answer(outcome);
    }
}

/// What became of the first members of a group.
enum Attempt {
    Committed(Vec<Outcome>),
    Unknown(rusqlite::Error),
}

impl Writer {
    /// Answers every member, after its transaction has ended.
    pub(crate) fn serve(&mut self, mut members: VecDeque<Member>) {
        // Whoever dropped the future before anything began has its commit not done.
        members.retain(|member| !member.answer.is_closed());
        while !members.is_empty() {
            match self.attempt_patiently(members.make_contiguous()) {
                Ok(outcomes) => answer_first(&mut members, outcomes),
                Err(fault) if members.len() > 1 && fault.may_be_one_members() => return self.serve_singly(members),
                Err(fault) => members.drain(..).for_each(|member| member.answer(Err(fault.to_error()))),
            }
        }
    }

    fn serve_singly(&mut self, members: VecDeque<Member>) {
        tracing::debug!(members = members.len(), "a group failed; its members are committed one by one");
        for member in members {
            self.serve(VecDeque::from([member]));
        }
    }

    /// The outcomes of as many of the members as the time of one group allows, at least one.
    fn attempt_patiently(&mut self, members: &mut [Member]) -> std::result::Result<Vec<Outcome>, Fault> {
        let Self { connection, desk, .. } = self;
        let environment = desk.environment.clone();
        match patiently(desk.busy_timeout, &environment, || attempt(connection, desk, members)) {
            Ok(Attempt::Committed(outcomes)) => Ok(outcomes),
            Ok(Attempt::Unknown(error)) => Err(Fault::unknown(&desk.file, error)),
            Err(error) => Err(Fault::new(&desk.file, error)),
        }
    }
}

fn attempt(connection: &Connection, desk: &mut Desk, members: &mut [Member]) -> Result<Attempt> {
    let mut numbers = members.iter().map(|member| member.batch.items().len() as u64).sum();
    loop {
        match attempt_with(connection, desk, members, numbers)? {
            Ok(attempt) => return Ok(attempt),
            Err(OutOfNumbers { drawn }) => numbers = drawn,
        }
    }
}

/// More revisions were drawn than are reserved: touches draw some, too.
struct OutOfNumbers {
    drawn: u64,
}

fn attempt_with(
    connection: &Connection,
    desk: &mut Desk,
    members: &mut [Member],
    numbers: u64,
) -> Result<std::result::Result<Attempt, OutOfNumbers>> {
    let Begun { open, before, mut meta } = begin(connection, desk, numbers)?;
    let first = meta.last_sequence();
    let mut transaction = GroupTransaction::new(connection, desk, &mut meta);
    let outcomes = outcomes(&mut transaction, desk, members);
    let has_written = transaction.has_written();
    desk.drawn = meta.last_sequence();
    let outcomes = outcomes?;
    if !desk.may_give_out(&meta, 0) {
        return Ok(Err(OutOfNumbers { drawn: meta.last_sequence() - first }));
    }
    let group = desk.next_group();
    if has_written {
        meta.sign(group);
        meta.save(connection)?;
    }
    match open.commit() {
        Ok(()) => Ok(Ok(Attempt::Committed(outcomes))),
        Err(error) if has_written => after_failed_commit(connection, &before, group, outcomes, error).map(Ok),
        Err(error) => Err(error),
    }
}

/// A transaction that has begun: what the file says, and what is to be gone on with.
struct Begun<'a> {
    open: Open<'a>,
    before: Meta,
    meta: Meta,
}

/// Begins a transaction in which `numbers` revisions may be drawn.
fn begin<'a>(connection: &'a Connection, desk: &Desk, numbers: u64) -> Result<Begun<'a>> {
    loop {
        let open = Open::begin(connection)?;
        if let Tables::Theirs(_) = desk.tables {
            // Their foreign keys are met when all is written, in whatever order.
            connection.prepare_cached("PRAGMA defer_foreign_keys = ON")?.execute([])?;
        }
        let before = Meta::load(connection)?;
        let mut meta = before.clone();
        meta.skip_to(desk.drawn);
        if desk.may_give_out(&meta, numbers) {
            return Ok(Begun { open, before, meta });
        }
        drop(open);
        reserve(connection, desk, numbers)?;
    }
}

fn reserve(connection: &Connection, desk: &Desk, numbers: u64) -> Result<()> {
    change_meta(connection, desk, |meta| {
        meta.skip_to(desk.drawn);
        meta.reserve(numbers);
    })
}

/// Changes the store's own row, and flushes it also where commits are not.
pub(crate) fn change_meta(connection: &Connection, desk: &Desk, change: impl FnOnce(&mut Meta)) -> Result<()> {
    Flush::EachCommit.apply(connection)?;
    let changed = Open::begin(connection).and_then(|open| {
        let mut meta = Meta::load(connection)?;
        change(&mut meta);
        meta.save(connection)?;
        open.commit()
    });
    desk.flush.apply(connection)?;
    changed
}

fn outcomes(transaction: &mut GroupTransaction<'_>, desk: &Desk, members: &mut [Member]) -> Result<Vec<Outcome>> {
    let started = Instant::now();
    let mut outcomes = Vec::with_capacity(members.len());
    for member in members {
        outcomes.push(outcome(transaction, desk, member)?);
        if started.elapsed() >= desk.bounds.time {
            break;
        }
    }
    Ok(outcomes)
}

fn outcome(transaction: &mut GroupTransaction<'_>, desk: &Desk, member: &mut Member) -> Result<Outcome> {
    let (batch, now) = (&member.batch, desk.environment.now());
    match &mut member.statements {
        None => transaction.commit(batch, now),
        Some(statements) => {
            let done = transaction.commit_with(batch, now, statements, &desk.guard)?;
            Ok(done.map_err(|refusal| error_of(refusal, &desk.file)))
        }
    }
}

/// Finds out whether a commit landed that the engine did not confirm (rule S6).
fn after_failed_commit(
    connection: &Connection,
    before: &Meta,
    group: i64,
    outcomes: Vec<Outcome>,
    error: rusqlite::Error,
) -> Result<Attempt> {
    if !connection.is_autocommit() {
        return Err(error);
    }
    // What was written to the log before its flush failed may be found there after a crash.
    let may_come_back = error.sqlite_error_code() == Some(ErrorCode::SystemIoFailure);
    match Meta::load(connection) {
        Ok(now) if now.is_signed(group) => Ok(Attempt::Committed(outcomes)),
        Ok(now) if now == *before && !may_come_back => Err(error),
        _ => Ok(Attempt::Unknown(error)),
    }
}

/// An open transaction, rolled back unless it is committed.
pub(crate) struct Open<'a>(&'a Connection);

impl<'a> Open<'a> {
    /// Takes the file's write lock at once, so that what is read inside can't be outdated when it is written.
    pub(crate) fn begin(connection: &'a Connection) -> Result<Self> {
        connection.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        Ok(Self(connection))
    }

    pub(crate) fn commit(self) -> Result<()> {
        self.0.prepare_cached("COMMIT")?.execute([])?;
        Ok(())
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        // The engine rolls back by itself after some faults; a roll-back that fails leaves nothing to be done.
        if !self.0.is_autocommit() {
            let _ = self.0.execute_batch("ROLLBACK");
        }
    }
}
