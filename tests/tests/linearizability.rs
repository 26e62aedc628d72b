//! Concurrent conditional reads and writes are recorded over HTTP, and a checker finds for them an order, one after the
//! other, in which a single register per resource would have given every answer.
//!
//! The checker is `WGLChecker` of `todc-utils`: the algorithm of Wing and Gong with Lowe's memoisation, MIT, tested on
//! the histories that Jepsen recorded of etcd, without a dependency of its own. Its time grows with the square of a
//! history's length; the histories here are those of one resource, since linearizability is local, and of a few hundred
//! operations: 60 ms in a debug build. Others: `porcupine-rs` stays fast far longer, but makes everybody who runs the
//! tests compile criterion, regex and rand; stateright's tester has no memoisation and copies the history at each step;
//! `lincheck` runs its own threads on objects in memory.
//!
//! `VERSIONED_SOAK_SECONDS` lets each test go on for longer.

mod support;

#[path = "linearizability/campaign.rs"]
mod campaign;
#[path = "linearizability/check.rs"]
mod check;
#[path = "linearizability/history.rs"]
mod history;
#[path = "linearizability/refusals.rs"]
mod refusals;
#[path = "linearizability/register.rs"]
mod register;
#[path = "linearizability/tags.rs"]
mod tags;
#[path = "linearizability/visitor.rs"]
mod visitor;

use campaign::Campaign;
use private_postgres::{Fsync, Server};
use support::{Board, Store, command, rounds};

/// How many histories each test checks.
const ROUNDS: usize = 3;

#[test]
fn histories_of_the_memory_store_are_linearizable() {
    for round in rounds(ROUNDS) {
        let board = Board::start(Store::Memory);
        let mut campaign = Campaign::new(round);
        campaign.visit(&[board.address]);
        campaign.conclude(&mut board.client());
    }
}

#[test]
fn histories_of_the_sqlite_store_are_linearizable_across_kill_9() {
    for round in rounds(ROUNDS) {
        outlive_kills(Store::Sqlite, round);
    }
}

#[test]
fn histories_of_two_processes_on_one_file_are_linearizable() {
    for round in rounds(ROUNDS) {
        let first = Board::start(Store::Sqlite);
        let second = beside(&first);
        let mut campaign = Campaign::new(round);
        campaign.visit(&[first.address, second.address]);
        campaign.conclude(&mut second.client());
    }
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn histories_of_the_postgresql_store_are_linearizable_across_kill_9() {
    for round in rounds(ROUNDS) {
        outlive_kills(Store::postgres(), round);
    }
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn histories_of_two_processes_on_one_database_are_linearizable() {
    for round in rounds(ROUNDS) {
        let store = Store::postgres();
        let [first, second] = [Board::start(store), Board::start(store)];
        let mut campaign = Campaign::new(round);
        campaign.visit(&[first.address, second.address]);
        campaign.conclude(&mut second.client());
    }
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn histories_of_two_processes_are_linearizable_across_the_end_of_their_database() {
    let server = Server::launch(Fsync::Off).expect("PostgreSQL starts");
    for round in rounds(ROUNDS) {
        let store = Store::postgres_on(&server);
        let [first, second] = [Board::start(store), Board::start(store)];
        let servers = [first.address, second.address];
        let mut campaign = Campaign::new(round);
        campaign.visit_through_an_outage(&servers, || server.kill().and_then(|()| server.start()).expect("it starts"));
        campaign.visit_through_an_outage(&servers, || server.restart().expect("it starts again"));
        campaign.conclude(&mut second.client());
    }
}

/// Kills the server amid the operations and goes on with the next one over the same data.
fn outlive_kills(store: Store, round: usize) {
    const KILLS: usize = 2;
    let mut board = Board::start(store);
    let mut campaign = Campaign::new(round);
    for _ in 0..KILLS {
        let directory = campaign.visit_until_killed(board);
        board = Board::start_in(directory, store);
    }
    campaign.visit(&[board.address]);
    campaign.conclude(&mut board.client());
}

/// Another process on the first one's file.
fn beside(first: &Board) -> Board {
    let file = first.directory.path().join("board.db");
    let directory = tempfile::tempdir().expect("a temporary directory");
    let mut command = command(directory.path());
    command.args(["--listen", "127.0.0.1:0", "--store", &format!("sqlite:{}", file.display())]);
    Board::start_with(command, directory)
}
