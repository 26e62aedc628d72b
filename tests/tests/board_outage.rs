//! The board's database goes away and comes back under load: 503 with Retry-After meanwhile, never 500 or a false 412, and
//! afterwards all goes on by itself (rules S6, X1).
//!
//! `VERSIONED_SOAK_SECONDS` lets it go away for longer.

mod support;

use std::{
    sync::{
        Barrier,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use private_postgres::{Error, Fsync, Server};
use serde_json::json;
use support::{Board, Client, Request, Response, Store, Task, rounds};

const WRITERS: usize = 16;
/// How long the database may take to be there again, and the board to notice.
const PATIENCE: Duration = Duration::from_secs(60);

/// What all writers were answered.
#[derive(Default)]
struct Tally {
    done: AtomicUsize,
    unavailable: AtomicUsize,
    is_over: AtomicBool,
}

/// Each counts in a task of its own, so that no 412 is another's doing.
fn count(client: &mut Client, task: &Task, tally: &Tally) {
    let (mut etag, mut counted) = (task.etag.clone(), 0);
    while !tally.is_over.load(Ordering::Acquire) {
        let request = Request::put(&task.path, &json!({ "title": "Count", "estimate": counted + 1 }));
        let answer = client.send(&request.if_match(&etag));
        match answer.status {
            200 => {
                counted += 1;
                etag = answer.etag();
                tally.done.fetch_add(1, Ordering::Release);
            }
            // Not known: what is there tells.
            504 => (etag, counted) = look(client, task, counted, tally),
            _ => later(&answer, tally),
        }
    }
    assert_eq!(look(client, task, counted, tally), (etag, counted));
}

/// The count that is there: the one that was acknowledged, or one more.
fn look(client: &mut Client, task: &Task, counted: u32, tally: &Tally) -> (String, u32) {
    let began = Instant::now();
    loop {
        let answer = client.send(&Request::get(&task.path));
        if answer.status == 200 {
            let there = answer.json()["estimate"].as_f64().expect("a number");
            let is_next = [counted, counted + 1].into_iter().find(|count| (f64::from(*count) - there).abs() < 0.5);
            return (answer.etag(), is_next.unwrap_or_else(|| panic!("{there} is there after {counted}")));
        }
        later(&answer, tally);
        assert!(began.elapsed() < PATIENCE, "the board does not recover");
        thread::yield_now();
    }
}

#[track_caller]
fn later(answer: &Response, tally: &Tally) {
    answer.clone().expect_problem(503, &[]);
    assert!(answer.header("retry-after").is_some(), "{answer:?}");
    tally.unavailable.fetch_add(1, Ordering::Release);
}

/// Waits until the tally has this much more.
fn await_more(count: &AtomicUsize, more: usize) {
    let (goal, began) = (count.load(Ordering::Acquire) + more, Instant::now());
    while count.load(Ordering::Acquire) < goal {
        assert!(began.elapsed() < PATIENCE, "nobody gets on");
        thread::yield_now();
    }
}

fn outlive(end: fn(&Server) -> Result<(), Error>) {
    let server = Server::launch(Fsync::Off).expect("PostgreSQL starts");
    let board = Board::start(Store::postgres_on(&server));
    let (tally, start) = (Tally::default(), Barrier::new(WRITERS + 1));
    thread::scope(|scope| {
        for _ in 0..WRITERS {
            scope.spawn(|| {
                let mut client = board.client();
                let task = Task::create_as(&mut client, &json!({ "title": "Count", "estimate": 0 }));
                start.wait();
                count(&mut client, &task, &tally);
            });
        }
        start.wait();
        for _ in rounds(2) {
            await_more(&tally.done, 5 * WRITERS);
            end(&server).expect("it ends");
            await_more(&tally.unavailable, WRITERS);
            server.start().expect("it starts again");
            await_more(&tally.done, 5 * WRITERS);
        }
        tally.is_over.store(true, Ordering::Release);
    });
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn a_database_that_is_stopped_and_started_is_503_meanwhile_and_loses_nothing() {
    outlive(Server::stop);
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn a_database_that_is_killed_and_started_is_503_meanwhile_and_loses_nothing() {
    outlive(Server::kill);
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn without_its_database_reads_lists_and_writes_are_503_and_the_board_outlives_it() {
    let server = Server::launch(Fsync::Off).expect("PostgreSQL starts");
    let board = Board::start(Store::postgres_on(&server));
    let mut client = board.client();
    let task = Task::create(&mut client);
    let requests = [
        Request::get(&task.path),
        Request::get(&task.path).if_none_match(&task.etag),
        Request::get("/tasks"),
        Request::post("/tasks", &json!({ "title": "New" })),
        Request::post("/tasks", &json!({ "title": "New" })).header("Idempotency-Key", "\"k\""),
        Request::put(&task.path, &json!({ "title": "Other" })).if_match(&task.etag),
        Request::patch(&task.path, &json!({ "title": "Other" })).if_match(&task.etag),
        Request::delete(&task.path).if_match(&task.etag),
    ];
    server.stop().expect("it stops");
    for request in &requests {
        let answer = client.send(request).expect_problem(503, &[]);
        assert!(answer.header("retry-after").is_some(), "{answer:?}");
    }
    server.start().expect("it starts again");
    // What was not done can be done now, under the tag held before.
    for request in &requests {
        let answer = client.send(request);
        assert!(answer.status < 500, "{answer:?}");
    }
}
