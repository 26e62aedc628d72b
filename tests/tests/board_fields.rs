//! Entity-tag fields as bytes: lists, repeated lines, bytes beyond ASCII, what is malformed and what is too much.

mod support;

use std::time::{Duration, Instant};

use serde_json::json;
use support::{Board, Client, Request, Store, Task};

fn put(task: &Task) -> Request {
    Request::put(&task.path, &json!({ "title": "Paint the gate" }))
}

fn with_task(test: impl Fn(&mut Client, &Task)) {
    let board = Board::start(Store::Memory);
    let client = &mut board.client();
    let task = Task::create(client);
    test(client, &task);
}

#[test]
fn every_line_of_a_field_is_read() {
    with_task(|client, task| {
        let stale = r#""x", "y,z""#;
        client.send(&Request::get(&task.path).if_none_match(stale).if_none_match(&task.etag)).expect(304);
        client.send(&Request::get(&task.path).if_none_match(&task.etag).if_none_match(stale)).expect(304);
        client.send(&put(task).if_match(stale).if_match(stale)).expect(412);
        client.send(&put(task).if_match(stale).if_match(&task.etag)).expect(200);
    });
}

#[test]
fn field_names_are_read_in_any_case() {
    with_task(|client, task| {
        client.send(&Request::get(&task.path).header("if-none-MATCH", &task.etag)).expect(304);
        client.send(&put(task).header("IF-MATCH", r#""stale""#)).expect(412);
    });
}

#[test]
fn commas_inside_tags_do_not_split_them() {
    with_task(|client, task| {
        let Task { etag, .. } = task;
        client.send(&put(task).if_match(format!(r#""a,{}""#, etag.trim_matches('"')))).expect(412);
        // The current tag between two others is no member where their quotes are around it.
        client.send(&put(task).if_match(format!(r#""a,",{etag},",b""#))).expect(200);
    });
}

#[test]
fn empty_members_and_white_space_are_skipped() {
    with_task(|client, task| {
        for list in [", ,{tag}", "{tag},,", ",\t{tag}\t ,", "  {tag}  "] {
            let list = list.replace("{tag}", &task.etag);
            client.send(&Request::get(&task.path).if_none_match(&list)).expect(304);
            client.send(&Request::get(&task.path).if_match(&list)).expect(200);
        }
    });
}

#[test]
fn bytes_beyond_ascii_belong_to_tags() {
    with_task(|client, task| {
        let mut list = b"\"caf\xe9\", \"\x80\xff\", ".to_vec();
        client.send(&put(task).if_match(&list[..list.len() - 2])).expect(412);
        list.extend_from_slice(task.etag.as_bytes());
        client.send(&Request::get(&task.path).if_none_match(&list)).expect(304);
        client.send(&put(task).if_match(&list)).expect(200);
    });
}

/// What is sent and the byte where it goes wrong, counted from one.
const MALFORMED: &[(&[u8], usize)] = &[
    (b"abc", 1),
    (b"\"abc", 5),
    (b"abc\"", 1),
    (b"'abc'", 1),
    (b"w/\"abc\"", 1),
    (b"W/abc", 3),
    (b"W/", 3),
    (b"W /\"abc\"", 2),
    (b"\"a b\"", 3),
    (b"\"a\tb\"", 3),
    (b"\"a\" \"b\"", 5),
    (b"\"a\";\"b\"", 4),
    (b"\"a\", b", 6),
    (b"\"a\", *", 6),
    (b"**", 2),
    (b"\xe9", 1),
];

#[test]
fn a_malformed_guard_is_400_that_names_the_field_and_the_byte() {
    with_task(|client, task| {
        for &(value, byte) in MALFORMED {
            for name in ["If-Match", "If-None-Match"] {
                let place = format!("byte {byte}:");
                client.send(&put(task).header(name, value)).expect_problem(400, &[name, &place]);
            }
        }
        assert_eq!(task.read(client).etag(), task.etag);
    });
}

#[test]
fn a_malformed_guard_names_the_line_too() {
    with_task(|client, task| {
        let request = put(task).if_match(&task.etag).if_match("abc");
        client.send(&request).expect_problem(400, &["If-Match", "line 2, byte 1:"]);
    });
}

#[test]
fn what_cannot_be_read_is_never_304() {
    with_task(|client, task| {
        for (value, _) in MALFORMED {
            let both = [value, &b", "[..], task.etag.as_bytes()].concat();
            client.send(&Request::get(&task.path).if_none_match(value)).expect(200);
            client.send(&Request::get(&task.path).if_none_match(both)).expect(200);
        }
    });
}

#[test]
fn a_field_without_members_does_not_let_a_write_pass() {
    with_task(|client, task| {
        for empty in ["", " ", ",", " , ,"] {
            client.send(&put(task).if_match(empty)).expect_problem(400, &["If-Match"]);
            client.send(&put(task).if_none_match(empty)).expect_problem(400, &["If-None-Match"]);
        }
    });
}

#[test]
fn a_star_stands_alone_over_all_lines() {
    with_task(|client, task| {
        client.send(&put(task).if_match("*").if_match(&task.etag)).expect_problem(400, &["If-Match"]);
        client.send(&put(task).if_match(&task.etag).if_match("*")).expect_problem(400, &["If-Match"]);
        client.send(&put(task).if_none_match("*").if_none_match("*")).expect_problem(400, &["If-None-Match"]);
    });
}

#[test]
fn two_dates_are_not_a_date() {
    with_task(|client, task| {
        let old = "Sun, 06 Nov 1994 08:49:37 GMT";
        let twice = |name| Request::get(&task.path).header(name, old).header(name, old);
        client.send(&twice("If-Unmodified-Since")).expect(200);
        client.send(&twice("If-Modified-Since")).expect(200);
        client.send(&put(task).header("If-Unmodified-Since", old).header("If-Unmodified-Since", old)).expect(428);
    });
}

#[test]
fn a_thousand_tags_are_read() {
    with_task(|client, task| {
        let list = list_of(999) + &task.etag;
        client.send(&Request::get(&task.path).if_none_match(&list)).expect(304);
        client.send(&put(task).if_match(&list)).expect(200);
    });
}

#[test]
fn ten_thousand_tags_are_refused_quickly() {
    with_task(|client, task| {
        let list = list_of(9_999) + &task.etag;
        refused_quickly(client, task, &list);
    });
}

#[test]
fn a_field_of_100_kb_is_refused_quickly() {
    with_task(|client, task| {
        let tag = format!("\"{}\"", "x".repeat(100_000));
        refused_quickly(client, task, &tag);
        refused_quickly(client, task, &"\"x\",".repeat(25_000));
        refused_quickly(client, task, &",".repeat(100_000));
        refused_quickly(client, task, &"\"".repeat(100_000));
    });
}

/// On any method, with a clear 4xx, after which the server goes on.
fn refused_quickly(client: &mut Client, task: &Task, value: &str) {
    let began = Instant::now();
    for name in ["If-Match", "If-None-Match"] {
        let read = client.send(&Request::get(&task.path).header(name, value));
        assert!([400, 431].contains(&read.status), "{read:?}");
        let write = client.send(&put(task).header(name, value));
        assert!([400, 431].contains(&write.status), "{write:?}");
    }
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert_eq!(task.read(client).etag(), task.etag);
}

fn list_of(count: usize) -> String {
    (0..count).fold(String::new(), |list, number| list + &format!("\"{number:x}\","))
}

#[test]
fn many_lines_of_one_field_are_bounded_together() {
    with_task(|client, task| {
        let lines = |count| (0..count).fold(Request::get(&task.path), |request, _| request.if_none_match(list_of(20)));
        client.send(&lines(50)).expect(200);
        let many = client.send(&lines(60));
        assert!([400, 431].contains(&many.status), "{many:?}");
        task.read(client);
    });
}

#[test]
fn more_header_than_the_server_holds_is_431_or_a_closed_connection() {
    let board = Board::start(Store::Memory);
    let client = &mut board.client();
    let task = Task::create(client);
    let huge = Request::get(&task.path).header("X-Filler", "x".repeat(4_000_000));
    if let Ok(answer) = board.client().try_send(&huge) {
        assert_eq!(answer.status, 431, "{answer:?}");
    }
    task.read(client);
}
