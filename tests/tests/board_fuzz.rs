//! Requests that nobody would send: none makes the server answer 5xx, hang or end.
//!
//! `VERSIONED_FUZZ_CASES` sets their number.

mod support;

use std::{
    io::{ErrorKind, Read as _, Write as _},
    net::{Shutdown, SocketAddr, TcpStream},
    time::Duration,
};

use serde_json::json;
use support::{Board, Random, Request, Store, Task, new_id};

/// How long an answer may take; a server that takes longer hangs.
const PATIENCE: Duration = Duration::from_secs(20);

fn cases() -> usize {
    std::env::var("VERSIONED_FUZZ_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(300)
}

const METHODS: &[&str] =
    &["GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get", "M-SEARCH"];

const MEDIA_TYPES: &[&str] = &["application/json", "application/merge-patch+json", "application/json-patch+json"];

const NAMES: &[&str] = &[
    "If-Match",
    "If-None-Match",
    "If-Modified-Since",
    "If-Unmodified-Since",
    "If-Range",
    "Range",
    "Prefer",
    "Accept",
    "Accept-Encoding",
    "Content-Type",
    "Content-Encoding",
    "Idempotency-Key",
    "Origin",
    "Access-Control-Request-Method",
    "Access-Control-Request-Headers",
    "Expect",
    "Content-Language",
    "X-Anything",
];

const VALUES: &[&[u8]] = &[
    b"*",
    b"",
    b",",
    b"\"",
    b"\"\"",
    b"W/\"\"",
    b"W/",
    b"\"a,b\", \"c\"",
    b"\"a\" \"b\"",
    b"abc",
    b"\xff\xfe",
    b"\"\xe9\"",
    b"Sun, 06 Nov 1994 08:49:37 GMT",
    b"Sun, 31 Feb 1994 08:49:37 GMT",
    b"Fri, 31 Dec 9999 23:59:59 GMT",
    b"Thu, 01 Jan 0000 00:00:00 GMT",
    b"bytes=0-1",
    b"bytes=-",
    b"return=minimal",
    b"return=representation",
    b"application/json",
    b"application/merge-patch+json",
    b"application/json-patch+json",
    b"application/problem+json",
    b"text/plain",
    b"application/json; charset=\"",
    b"/",
    b"gzip, br;q=0",
    b"identity;q=0, *;q=0",
    b"null",
    b"https://example.com",
    b"100-continue",
    b"18446744073709551616",
    b"-1",
    b"\"r1.AAAAAAAA.1\"",
    b"\"d1.AAAAAAAAAAAAAAAAAAAAAA\"",
];

/// What changes where a message, a header or a line ends.
const PIECES: &[&[u8]] = &[
    b"\r\n",
    b"\r\n\r\n",
    b"\n",
    b"\r",
    b"\0",
    b" ",
    b":",
    b"\r\nTransfer-Encoding: chunked\r\n",
    b"\r\nContent-Length: 5\r\n",
    b"\r\nContent-Length: -1\r\n",
    b" HTTP/1.0\r\n",
    b" HTTP/2.0\r\n",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"ffffffffffffffff\r\n",
];

const BODIES: &[&[u8]] = &[
    b"",
    b"{}",
    b"[]",
    b"null",
    b"1e999",
    b"-0.0",
    b"{\"title\":\"x\"}",
    b"{\"title\":\"\\ud800\"}",
    b"{\"title\":1}",
    b"{\"title\":\"x\",\"title\":\"y\"}",
    b"{\"title\":\"x\",\"estimate\":1e308}",
    b"{\"title\":\"x\",\"estimate\":-1}",
    b"{\"title\":\"x\",\"due_date\":\"9999-99-99\"}",
    b"{\"title\":\"x\",\"due_date\":\"-009999-01-01\"}",
    b"{\"title\":\"x\",\"tags\":[null]}",
    b"{\"id\":7,\"title\":\"x\"}",
    b"{\"title\":null}",
    b"\xef\xbb\xbf{}",
    b"{\"a\":",
    b"\xff",
    b"[{\"op\":\"test\",\"path\":\"/title\",\"value\":1}]",
    b"[{\"op\":\"add\",\"path\":\"/tags/99\",\"value\":\"a\"}]",
    b"[{\"op\":\"move\",\"from\":\"\",\"path\":\"/title\"}]",
    b"[{\"op\":\"copy\",\"from\":\"\",\"path\":\"/description\"}]",
    b"[{\"op\":\"remove\",\"path\":\"\"}]",
    b"[{\"op\":\"replace\",\"path\":\"/id\",\"value\":1}]",
    b"[{\"op\":\"add\",\"path\":\"~2\"}]",
];

const TARGETS: &[&str] = &[
    "/",
    "/tasks",
    "/tasks/",
    "/tasks?limit=0",
    "/tasks?limit=99999999999999999999",
    "/tasks?after=AAAA",
    "/tasks?cursor=%ff",
    "/tasks?%zz",
    "/tasks/%",
    "/tasks/%2e%2e/boards",
    "/tasks/%00",
    "/tasks/nobody",
    "/boards",
    "/boards/01976a00-0000-7000-8000-000000000001/tasks",
    "/boards/%zz/tasks",
    "/boards/nobody/tasks?limit=1",
    "/tasks/01976a00-0000-7000-8000-000000000101/details",
    "/tasks/01976a00-0000-7000-8000-000000000101/items?cursor=x",
    "/tasks?board_id=%00",
    "/items?task_id=01976a00-0000-7000-8000-000000000101",
    "/details",
    "/openapi.json",
    "/docs/../x",
    "/docs/%2e%2e%2f",
    "/healthz",
    "//",
    "*",
    "/tasks/00000000-0000-0000-0000-000000000000?x=y",
    "http://board.test/tasks",
];

/// A request in good form that says anything, half of them to a method and a resource that there are.
fn well_formed(random: &mut Random, task: &Task) -> Vec<u8> {
    let is_likely = random.one_in(2);
    let (method, target) = if is_likely {
        (random.pick(&METHODS[..6]), &*task.path)
    } else {
        (random.pick(METHODS), random.pick(TARGETS))
    };
    let mut request = Request::new(method, target).header("Connection", "close");
    if is_likely && random.one_in(2) {
        request = request.if_match(&task.etag).header("Content-Type", random.pick(MEDIA_TYPES));
    }
    for _ in 0..random.below(4) {
        let value = if random.one_in(4) { task.etag.as_bytes() } else { random.pick(VALUES) };
        request = request.header(random.pick(NAMES), value);
    }
    if is_likely || random.one_in(2) {
        request = request.with_bytes(random_body(random));
    }
    request.to_bytes()
}

fn random_body(random: &mut Random) -> Vec<u8> {
    let mut body = random.pick(BODIES).to_vec();
    if random.one_in(8) {
        body = [b"[".repeat(2000), body].concat();
    }
    if random.one_in(3) {
        mutate(random, &mut body);
    }
    body
}

/// One to four small changes.
fn mutate(random: &mut Random, bytes: &mut Vec<u8>) {
    for _ in 0..=random.below(4) {
        let at = random.below(bytes.len() + 1);
        let end = (at + random.below(16)).min(bytes.len());
        match random.below(6) {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..end)),
            2 => bytes.insert(at, random.byte()),
            3 => bytes.splice(at..at, random.pick(VALUES).iter().copied()).for_each(drop),
            4 => bytes.splice(at..at, random.pick(PIECES).iter().copied()).for_each(drop),
            _ => {
                let piece = bytes[at..end].repeat(3);
                bytes.splice(at..at, piece).for_each(drop);
            }
        }
    }
}

/// Sends the bytes and no more, and gives all that comes back until the server hangs up.
fn answer_to(address: SocketAddr, bytes: &[u8]) -> Vec<u8> {
    let mut connection = TcpStream::connect(address).expect("the server listens");
    connection.set_read_timeout(Some(PATIENCE)).expect("not zero");
    connection.set_write_timeout(Some(PATIENCE)).expect("not zero");
    // Where the server has hung up already, what it said counts.
    let _ = connection.write_all(bytes);
    let mut answer = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        match connection.read(&mut buffer) {
            Ok(0) => return answer,
            Ok(count) => answer.extend_from_slice(&buffer[..count]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                panic!("no answer to {}", String::from_utf8_lossy(bytes))
            }
            Err(_) => return answer,
        }
    }
}

#[track_caller]
fn assert_no_server_error(case: usize, bytes: &[u8], answer: &[u8]) {
    let text = String::from_utf8_lossy(answer);
    let statuses = text.match_indices("HTTP/1.1 ").filter_map(|(at, prefix)| text.get(at + prefix.len()..)?.get(..3));
    for status in statuses {
        assert!(!status.starts_with('5'), "case {case}: {}\n{text}", String::from_utf8_lossy(bytes));
    }
}

/// Asserts that nothing of what was sent has harmed the server.
fn assert_still_serves(board: &Board) {
    let client = &mut board.client();
    let task = Task::create(client);
    assert_eq!(task.read(client).etag(), task.etag);
    client.send(&Request::get("/healthz")).expect(200);
    let log = board.log();
    assert!(!log.contains("panicked"), "{log}");
}

#[test]
fn a_well_formed_request_is_always_answered_and_never_with_5xx() {
    send_well_formed(Store::Memory);
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn a_well_formed_request_is_always_answered_and_never_with_5xx_on_postgresql() {
    send_well_formed(Store::postgres());
}

fn send_well_formed(store: Store) {
    let board = Board::start(store);
    let random = &mut Random::new(1);
    for case in 0..cases() {
        let task = Task::create(&mut board.client());
        let bytes = well_formed(random, &task);
        let answer = answer_to(board.address, &bytes);
        assert!(answer.starts_with(b"HTTP/1.1 "), "case {case}: {}", String::from_utf8_lossy(&bytes));
        assert_no_server_error(case, &bytes, &answer);
    }
    assert_still_serves(&board);
}

#[test]
fn broken_bytes_never_make_5xx_or_a_hang() {
    let board = Board::start(Store::Sqlite);
    let random = &mut Random::new(2);
    for case in 0..cases() {
        let task = Task::create(&mut board.client());
        let mut bytes = well_formed(random, &task);
        mutate(random, &mut bytes);
        let answer = answer_then_eof(board.address, &bytes);
        assert_no_server_error(case, &bytes, &answer);
    }
    assert_still_serves(&board);
}

/// The same where the server must see that no more will come, since the bytes may promise more.
fn answer_then_eof(address: SocketAddr, bytes: &[u8]) -> Vec<u8> {
    let mut connection = TcpStream::connect(address).expect("the server listens");
    connection.set_read_timeout(Some(PATIENCE)).expect("not zero");
    let _ = connection.write_all(bytes);
    let _ = connection.shutdown(Shutdown::Write);
    let mut answer = Vec::new();
    if let Err(error) = connection.read_to_end(&mut answer) {
        let is_timeout = matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut);
        assert!(!is_timeout, "no end of {}", String::from_utf8_lossy(bytes));
    }
    answer
}

#[test]
fn clients_that_hang_up_at_any_byte_leave_no_trace() {
    let board = Board::start(Store::Sqlite);
    let body = json!({ "title": "x".repeat(150), "tags": [new_id()] });
    let task = Task::create(&mut board.client());
    let request = Request::put(&task.path, &body).if_match(&task.etag).to_bytes();
    for end in (0..request.len()).step_by(7) {
        let mut connection = TcpStream::connect(board.address).expect("the server listens");
        connection.write_all(&request[..end]).expect("the server reads");
    }
    assert_eq!(task.read(&mut board.client()).etag(), task.etag);
    assert_still_serves(&board);
}
