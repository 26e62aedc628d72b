//! The server is killed, or asked to stop, while many write: what was acknowledged is there, once and whole.
//!
//! `VERSIONED_SOAK_SECONDS` lets it be killed for longer.

mod support;

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use support::{Board, Client, Request, Store, Task, new_id, rounds};
use tempfile::TempDir;

const WRITERS: usize = 8;

/// One writer's doings: its marks are the tags that it adds to the shared task, its creates are paths with bodies.
#[derive(Default)]
struct Diary {
    acknowledged_marks: BTreeSet<String>,
    unanswered_mark: Option<String>,
    acknowledged_creates: BTreeMap<String, Value>,
    unanswered_create: Option<(String, Value)>,
}

/// Writes until the server is gone: a new task and a mark on the shared one, in turn. Tells each success.
fn write_until_gone(address: SocketAddr, writer: usize, shared: &Task, progress: &mpsc::Sender<()>) -> Diary {
    let mut client = Client::new(address);
    let mut diary = Diary::default();
    for number in 0.. {
        let is_alive =
            create(&mut client, &mut diary) && mark(&mut client, &mut diary, shared, format!("{writer}.{number}"));
        if !is_alive {
            break;
        }
        // The test may have stopped counting.
        let _ = progress.send(());
    }
    diary
}

fn create(client: &mut Client, diary: &mut Diary) -> bool {
    let path = format!("/tasks/{}", new_id());
    let body = json!({ "title": path, "description": "word ".repeat(200), "tags": ["a", "b"], "estimate": 1.5 });
    diary.unanswered_create = Some((path.clone(), body.clone()));
    let Ok(answer) = client.try_send(&Request::put(&path, &body).if_none_match("*")) else { return false };
    answer.expect(201);
    diary.unanswered_create = None;
    diary.acknowledged_creates.insert(path, body);
    true
}

/// Adds a tag and counts it, in one write.
fn mark(client: &mut Client, diary: &mut Diary, shared: &Task, mark: String) -> bool {
    loop {
        let Ok(read) = client.try_send(&Request::get(&shared.path)) else { return false };
        let read = read.expect(200);
        let mut body = read.json();
        body["estimate"] = json!(body["estimate"].as_f64().expect("a number") + 1.0);
        body["tags"].as_array_mut().expect("a list").push(json!(mark));
        diary.unanswered_mark = Some(mark.clone());
        let Ok(answer) = client.try_send(&Request::put(&shared.path, &body).if_match(read.etag())) else {
            return false;
        };
        diary.unanswered_mark = None;
        if answer.status == 200 {
            diary.acknowledged_marks.insert(mark);
            return true;
        }
        answer.expect(412);
    }
}

/// Lets all write and ends the server after this many successes of any of them.
fn write_and_end(
    board: Board,
    shared: &Task,
    successes: usize,
    end: impl FnOnce(Board) -> TempDir,
) -> (TempDir, Vec<Diary>) {
    let address = board.address;
    let (progress, succeeded) = mpsc::channel();
    thread::scope(|scope| {
        let start = |writer| {
            let progress = progress.clone();
            scope.spawn(move || write_until_gone(address, writer, shared, &progress))
        };
        let writers: Vec<_> = (0..WRITERS).map(start).collect();
        for _ in 0..successes {
            succeeded.recv_timeout(Duration::from_secs(30)).expect("the writers get on");
        }
        let directory = end(board);
        (directory, writers.into_iter().map(|writer| writer.join().expect("no wrong answer")).collect())
    })
}

fn assert_all_kept(client: &mut Client, shared: &Task, diaries: &[Diary]) {
    let stored = shared.read(client).json();
    let marks: Vec<_> =
        stored["tags"].as_array().expect("a list").iter().map(|mark| mark.as_str().expect("a text")).collect();
    assert_eq!(
        stored["estimate"].as_f64().map(|count| format!("{count}")),
        Some(marks.len().to_string()),
        "half a write"
    );
    let mut unexplained: BTreeSet<_> = marks.iter().map(|mark| (*mark).to_owned()).collect();
    assert_eq!(unexplained.len(), marks.len(), "a mark was doubled: {marks:?}");
    for diary in diaries {
        for mark in &diary.acknowledged_marks {
            assert!(unexplained.remove(mark), "the acknowledged mark {mark} is lost");
        }
        unexplained.retain(|mark| diary.unanswered_mark.as_ref() != Some(mark));
        assert_creates_kept(client, diary);
    }
    assert_eq!(unexplained, BTreeSet::new(), "marks that nobody made");
}

fn assert_creates_kept(client: &mut Client, diary: &Diary) {
    for (path, body) in &diary.acknowledged_creates {
        let stored = client.send(&Request::get(path)).expect(200).json();
        assert_is_whole(&stored, body);
    }
    if let Some((path, body)) = &diary.unanswered_create {
        let answer = client.send(&Request::get(path));
        if answer.status != 404 {
            assert_is_whole(&answer.expect(200).json(), body);
        }
    }
}

fn assert_is_whole(stored: &Value, body: &Value) {
    for (name, value) in body.as_object().expect("an object") {
        assert_eq!(&stored[name], value, "{name} of {stored}");
    }
}

#[test]
fn every_acknowledged_write_survives_kill_9() {
    acknowledged_writes_survive(Store::Sqlite);
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn every_acknowledged_write_survives_kill_9_on_postgresql() {
    acknowledged_writes_survive(Store::postgres());
}

fn acknowledged_writes_survive(store: Store) {
    let mut board = Board::start(store);
    let mut earlier: Vec<(Task, Vec<Diary>)> = Vec::new();
    for round in rounds(6) {
        let shared = Task::create_as(&mut board.client(), &json!({ "title": "Shared", "tags": [], "estimate": 0 }));
        let successes = 20 + round * 37 % 101;
        let (directory, diaries) = write_and_end(board, &shared, successes, Board::kill);
        board = Board::start_in(directory, store);
        earlier.push((shared, diaries));
        // The last two: a crash may also harm what an earlier one left.
        for (shared, diaries) in earlier.iter().rev().take(2) {
            assert_all_kept(&mut board.client(), shared, diaries);
        }
    }
}

#[test]
fn tags_drawn_before_a_kill_are_not_drawn_again() {
    tags_are_not_drawn_again(Store::Sqlite);
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn tags_drawn_before_a_kill_are_not_drawn_again_on_postgresql() {
    tags_are_not_drawn_again(Store::postgres());
}

fn tags_are_not_drawn_again(store: Store) {
    let mut board = Board::start(store);
    let task = Task::create(&mut board.client());
    let mut seen = BTreeSet::from([task.etag.clone()]);
    for _ in 0..5 {
        for _ in 0..3 {
            let etag = task.edit(&mut board.client()).etag();
            assert!(seen.insert(etag.clone()), "{etag} came twice");
        }
        board = Board::start_in(board.kill(), store);
        assert!(seen.contains(&task.read(&mut board.client()).etag()));
    }
}

#[test]
fn a_post_whose_answer_was_lost_can_be_repeated_after_a_kill() {
    a_post_is_repeated(Store::Sqlite);
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn a_post_whose_answer_was_lost_can_be_repeated_after_a_kill_on_postgresql() {
    a_post_is_repeated(Store::postgres());
}

fn a_post_is_repeated(store: Store) {
    let mut board = Board::start(store);
    for _ in 0..3 {
        let key = format!("\"{}\"", new_id());
        let request = Request::post("/tasks", &json!({ "title": "Once" })).header("Idempotency-Key", key);
        let first = board.client().send(&request).expect(201);
        board = Board::start_in(board.kill(), store);
        let again = board.client().send(&request).expect(201);
        assert_eq!(again.header("location"), first.header("location"));
        assert_eq!(again.etag(), first.etag());
    }
}

#[test]
fn sigterm_keeps_what_was_acknowledged_and_exits_with_0() {
    let mut board = Board::start(Store::Sqlite);
    for signal in ["TERM", "INT"] {
        let shared = Task::create_as(&mut board.client(), &json!({ "title": "Shared", "tags": [], "estimate": 0 }));
        let (directory, diaries) = write_and_end(board, &shared, 40, |board| {
            board.signal(signal);
            let (status, directory) = board.wait();
            assert_eq!(status.code(), Some(0), "after SIG{signal}");
            directory
        });
        board = Board::start_in(directory, Store::Sqlite);
        assert_all_kept(&mut board.client(), &shared, &diaries);
    }
}

#[test]
fn a_request_under_way_at_sigterm_is_answered() {
    let board = Board::start(Store::Sqlite);
    let body = json!({ "title": "Under way" }).to_string();
    let mut connection = begin_post(board.address, body.len());
    board.signal("TERM");
    wait_until_refused(board.address);
    connection.write_all(body.as_bytes()).expect("the server still reads");
    let mut answer = String::new();
    connection.read_to_string(&mut answer).expect("the server answers and hangs up");
    assert!(answer.starts_with("HTTP/1.1 201 "), "{answer}");
    let (status, directory) = board.wait();
    assert_eq!(status.code(), Some(0));
    let titles = Board::start_in(directory, Store::Sqlite).client().send(&Request::get("/tasks")).expect(200).text();
    assert!(titles.contains("Under way"), "{titles}");
}

#[test]
fn a_client_that_never_ends_its_request_does_not_keep_the_server_from_stopping() {
    let board = Board::start(Store::Sqlite);
    let _unfinished = begin_post(board.address, 100);
    let _idle = TcpStream::connect(board.address).expect("the server listens");
    board.signal("TERM");
    let (status, _directory) = board.wait();
    assert_eq!(status.code(), Some(0));
}

/// Sends the head of a request and waits until the server asks for its body.
fn begin_post(address: SocketAddr, length: usize) -> TcpStream {
    let mut connection = TcpStream::connect(address).expect("the server listens");
    connection.set_read_timeout(Some(Duration::from_secs(30))).expect("not zero");
    let head = format!(
        "POST /tasks HTTP/1.1\r\nHost: board.test\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\
         Expect: 100-continue\r\n\r\n"
    );
    connection.write_all(head.as_bytes()).expect("the server reads");
    let mut interim = [0; b"HTTP/1.1 100 Continue\r\n\r\n".len()];
    connection.read_exact(&mut interim).expect("the server asks for the body");
    connection
}

/// Asks again until nobody listens any more, which is how a signal that was taken shows.
fn wait_until_refused(address: SocketAddr) {
    let began = Instant::now();
    while TcpStream::connect(address).is_ok() {
        assert!(began.elapsed() < Duration::from_secs(30), "the server goes on listening");
        thread::yield_now();
    }
}
