//! Many writers at once: one wins, the others are told, and nothing is lost.
//!
//! `VERSIONED_SOAK_SECONDS` lets each race go on for longer.

mod support;

use std::sync::{
    Barrier,
    atomic::{AtomicUsize, Ordering},
};
use std::thread;

use serde_json::{Value, json};
use support::{Board, Client, Request, Response, Store, Task, command, new_id, rounds};

const WRITERS: usize = 32;
const ROUNDS: usize = 8;

/// What each of the writers is answered, when all of them send in the same instant.
fn race(clients: &mut [Client], request: impl Fn(usize) -> Request + Sync) -> Vec<Response> {
    let (start, request) = (&Barrier::new(clients.len()), &request);
    thread::scope(|scope| {
        let writers = clients.iter_mut().enumerate();
        let writers = writers.map(|(number, client)| {
            let request = request(number);
            scope.spawn(move || {
                start.wait();
                client.send(&request)
            })
        });
        let writers: Vec<_> = writers.collect();
        writers.into_iter().map(|writer| writer.join().expect("the writer was answered")).collect()
    })
}

/// Asserts that one writer won and that each of the others got `loss`; gives the winner.
#[track_caller]
fn one_winner(answers: &[Response], win: u16, loss: u16) -> usize {
    let statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    let losers = statuses.iter().filter(|status| **status == loss).count();
    let winner = statuses.iter().position(|status| *status == win);
    assert_eq!(losers, answers.len() - 1, "{statuses:?}");
    winner.unwrap_or_else(|| panic!("no {win} in {statuses:?}"))
}

fn clients(board: &Board, count: usize) -> Vec<Client> {
    (0..count).map(|_| board.client()).collect()
}

fn title(number: usize) -> Value {
    json!({ "title": format!("writer {number}") })
}

#[test]
fn of_32_puts_under_one_tag_one_wins() {
    Store::ALL.into_iter().for_each(puts_under_one_tag);
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn of_32_puts_under_one_tag_one_wins_on_postgresql() {
    puts_under_one_tag(Store::postgres());
}

fn puts_under_one_tag(store: Store) {
    updates_under_one_tag(store, |task, number| Request::put(&task.path, &title(number)).if_match(&task.etag));
}

#[test]
fn of_32_patches_under_one_tag_one_wins() {
    Store::ALL.into_iter().for_each(patches_under_one_tag);
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn of_32_patches_under_one_tag_one_wins_on_postgresql() {
    patches_under_one_tag(Store::postgres());
}

fn patches_under_one_tag(store: Store) {
    updates_under_one_tag(store, |task, number| Request::patch(&task.path, &title(number)).if_match(&task.etag));
}

fn updates_under_one_tag(store: Store, request: impl Fn(&Task, usize) -> Request + Sync) {
    let board = Board::start(store);
    let clients = &mut clients(&board, WRITERS);
    for _ in rounds(ROUNDS) {
        let task = Task::create(&mut clients[0]);
        let answers = race(clients, |number| request(&task, number));
        let winner = one_winner(&answers, 200, 412);
        let stored = task.read(&mut clients[0]);
        assert_eq!(stored.json()["title"], title(winner)["title"]);
        assert_eq!(stored.etag(), answers[winner].etag());
        // Whoever lost is told the tag to go on from.
        assert!(answers.iter().all(|answer| answer.etag() == stored.etag()));
    }
}

#[test]
fn of_32_deletes_under_one_tag_one_wins() {
    Store::ALL.into_iter().for_each(deletes_under_one_tag);
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn of_32_deletes_under_one_tag_one_wins_on_postgresql() {
    deletes_under_one_tag(Store::postgres());
}

fn deletes_under_one_tag(store: Store) {
    let board = Board::start(store);
    let clients = &mut clients(&board, WRITERS);
    for _ in rounds(ROUNDS) {
        let task = Task::create(&mut clients[0]);
        let answers = race(clients, |_| Request::delete(&task.path).if_match(&task.etag));
        // 404 comes before 412, and not only for those who came late.
        one_winner(&answers, 204, 404);
    }
}

#[test]
fn of_32_mixed_writes_under_one_tag_one_wins() {
    Store::ALL.into_iter().for_each(mixed_writes_under_one_tag);
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn of_32_mixed_writes_under_one_tag_one_wins_on_postgresql() {
    mixed_writes_under_one_tag(Store::postgres());
}

fn mixed_writes_under_one_tag(store: Store) {
    let board = Board::start(store);
    let clients = &mut clients(&board, WRITERS);
    for _ in rounds(ROUNDS) {
        mixed_round(clients);
    }
}

fn mixed_round(clients: &mut [Client]) {
    let task = Task::create(&mut clients[0]);
    let is_put = |number: usize| number.is_multiple_of(2);
    let answers = race(clients, |number| {
        let request =
            if is_put(number) { Request::put(&task.path, &title(number)) } else { Request::delete(&task.path) };
        request.if_match(&task.etag)
    });
    let is_deleted = answers.iter().any(|answer| answer.status == 204);
    for (number, answer) in answers.iter().enumerate().filter(|(_, answer)| !answer.is_success()) {
        let expected = if is_deleted && !is_put(number) { 404 } else { 412 };
        assert_eq!(answer.status, expected, "{answer:?}");
    }
    assert_eq!(answers.iter().filter(|answer| answer.is_success()).count(), 1);
}

#[test]
fn of_32_creates_of_one_id_one_wins() {
    Store::ALL.into_iter().for_each(creates_of_one_id);
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn of_32_creates_of_one_id_one_wins_on_postgresql() {
    creates_of_one_id(Store::postgres());
}

fn creates_of_one_id(store: Store) {
    let board = Board::start(store);
    let clients = &mut clients(&board, WRITERS);
    for _ in rounds(ROUNDS) {
        let path = format!("/tasks/{}", new_id());
        let answers = race(clients, |number| Request::put(&path, &title(number)).if_none_match("*"));
        let winner = one_winner(&answers, 201, 412);
        let stored = clients[0].send(&Request::get(&path)).expect(200);
        assert_eq!(stored.json()["title"], title(winner)["title"]);
    }
}

#[test]
fn of_32_unguarded_puts_one_creates_and_none_overwrites() {
    Store::ALL.into_iter().for_each(unguarded_puts);
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn of_32_unguarded_puts_one_creates_and_none_overwrites_on_postgresql() {
    unguarded_puts(Store::postgres());
}

fn unguarded_puts(store: Store) {
    let board = Board::start(store);
    let clients = &mut clients(&board, WRITERS);
    for _ in rounds(ROUNDS) {
        let path = format!("/tasks/{}", new_id());
        let answers = race(clients, |number| Request::put(&path, &title(number)));
        let winner = one_winner(&answers, 201, 428);
        let stored = clients[0].send(&Request::get(&path)).expect(200);
        assert_eq!(stored.json()["title"], title(winner)["title"]);
    }
}

#[test]
fn posts_under_one_idempotency_key_create_one_task() {
    Store::ALL.into_iter().for_each(posts_under_one_key);
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn posts_under_one_idempotency_key_create_one_task_on_postgresql() {
    posts_under_one_key(Store::postgres());
}

fn posts_under_one_key(store: Store) {
    let board = Board::start(store);
    let clients = &mut clients(&board, WRITERS);
    for _ in rounds(ROUNDS) {
        let key = format!("\"{}\"", new_id());
        let request = Request::post("/tasks", &title(0)).header("Idempotency-Key", key);
        let answers = race(clients, |_| request.clone());
        // 409 tells those to wait who came while the first was under way.
        assert!(answers.iter().all(|answer| [201, 409].contains(&answer.status)), "{answers:?}");
        let created = answers.iter().filter(|answer| answer.status == 201);
        let mut created: Vec<_> = created.map(|answer| (answer.header("location"), answer.etag())).collect();
        created.dedup();
        assert_eq!(created.len(), 1, "{created:?}");
    }
}

/// 16 writers who read, add one and write under the tag they read.
#[test]
fn no_increment_is_lost_or_doubled() {
    Store::ALL.into_iter().for_each(increments);
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn no_increment_is_lost_or_doubled_on_postgresql() {
    increments(Store::postgres());
}

fn increments(store: Store) {
    let board = Board::start(store);
    let mut clients = clients(&board, 16);
    assert_no_increment_is_lost(&mut clients);
}

#[test]
fn no_increment_is_lost_between_two_processes_on_one_file() {
    let first = Board::start(Store::Sqlite);
    let file = first.directory.path().join("board.db");
    let directory = tempfile::tempdir().expect("a temporary directory");
    let mut command = command(directory.path());
    command.args(["--listen", "127.0.0.1:0", "--store", &format!("sqlite:{}", file.display())]);
    let second = Board::start_with(command, directory);
    let mut clients: Vec<_> =
        (0..16).map(|number| if number % 2 == 0 { first.client() } else { second.client() }).collect();
    assert_no_increment_is_lost(&mut clients);
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn no_increment_is_lost_between_two_processes_on_one_database() {
    let store = Store::postgres();
    let [first, second] = [Board::start(store), Board::start(store)];
    let mut clients: Vec<_> =
        (0..16).map(|number| if number % 2 == 0 { first.client() } else { second.client() }).collect();
    assert_no_increment_is_lost(&mut clients);
}

fn assert_no_increment_is_lost(clients: &mut [Client]) {
    const EACH: usize = 10;
    let task = Task::create(&mut clients[0]);
    let acknowledged = AtomicUsize::new(0);
    let start = Barrier::new(clients.len());
    thread::scope(|scope| {
        for client in &mut *clients {
            scope.spawn(|| {
                start.wait();
                for _ in 0..EACH {
                    increment(client, &task);
                    acknowledged.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
    });
    assert_eq!(acknowledged.into_inner(), clients.len() * EACH);
    let estimate = task.read(&mut clients[0]).json()["estimate"].as_f64();
    assert_eq!(estimate.map(|number| format!("{number}")), Some(format!("{}", clients.len() * EACH)));
}

/// Again and again until it was done once.
fn increment(client: &mut Client, task: &Task) {
    const TRIES: usize = 10_000;
    let done = (0..TRIES).any(|_| {
        let read = task.read(client);
        let mut body = read.json();
        body["estimate"] = json!(body["estimate"].as_f64().expect("a number") + 1.0);
        let answer = client.send(&Request::put(&task.path, &body).if_match(read.etag()));
        assert!([200, 412].contains(&answer.status), "{answer:?}");
        answer.status == 200
    });
    assert!(done, "others were faster {TRIES} times");
}
