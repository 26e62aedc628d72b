//! RFC 9110 §13 over a socket: every conditional field, on every method, with and without a current representation.

mod support;

use std::time::{Duration, SystemTime};

use serde_json::json;
use support::{Board, Client, Request, Response, Store, Task, new_id};

/// The headers of a request and the status that answers it.
///
/// In the values `{tag}` stands for the current tag, `{weak}` for its weak form, `{gone}` for the tag of the state before,
/// `{date}` for Last-Modified, `{before}` and `{after}` for an hour earlier and later. A resource that is absent had them
/// until it was deleted.
type Row = (&'static [(&'static str, &'static str)], u16);

const IM: &str = "If-Match";
const INM: &str = "If-None-Match";
const IMS: &str = "If-Modified-Since";
const IUS: &str = "If-Unmodified-Since";
const IR: &str = "If-Range";

/// GET and HEAD of what is there.
const READS: &[Row] = &[
    (&[], 200),
    // §13.1.1: the strong comparison.
    (&[(IM, "{tag}")], 200),
    (&[(IM, "*")], 200),
    (&[(IM, r#"{gone}, "a,b", {tag}"#)], 200),
    (&[(IM, "{gone}")], 412),
    (&[(IM, "{weak}")], 412),
    (&[(IM, "abc")], 400),
    // §13.1.2: the weak comparison.
    (&[(INM, "{tag}")], 304),
    (&[(INM, "{weak}")], 304),
    (&[(INM, "*")], 304),
    (&[(INM, r#""a,b", {gone}, {tag}"#)], 304),
    (&[(INM, "{gone}")], 200),
    (&[(INM, r#""a,b""#)], 200),
    // What can't be read spares no body.
    (&[(INM, "abc")], 200),
    (&[(INM, "abc"), (IMS, "{date}")], 200),
    // §13.1.3
    (&[(IMS, "{date}")], 304),
    (&[(IMS, "{after}")], 304),
    (&[(IMS, "{before}")], 200),
    (&[(IMS, "yesterday")], 200),
    // §13.1.3: ignored beside If-None-Match.
    (&[(INM, "{gone}"), (IMS, "{date}")], 200),
    (&[(INM, "{tag}"), (IMS, "{before}")], 304),
    // §13.1.4
    (&[(IUS, "{date}")], 200),
    (&[(IUS, "{after}")], 200),
    (&[(IUS, "{before}")], 412),
    (&[(IUS, "yesterday")], 200),
    // §13.1.4: ignored beside If-Match.
    (&[(IM, "{tag}"), (IUS, "{before}")], 200),
    (&[(IM, "{gone}"), (IUS, "{after}")], 412),
    // §13.2.2: steps 1 and 2 come before 3 and 4.
    (&[(IM, "{gone}"), (INM, "{tag}")], 412),
    (&[(IUS, "{before}"), (INM, "{tag}")], 412),
    (&[(IUS, "{before}"), (IMS, "{date}")], 412),
    (&[(IM, "{tag}"), (INM, "{tag}")], 304),
    (&[(IM, "*"), (INM, "{gone}")], 200),
    (&[(IM, "{tag}"), (IMS, "{date}")], 304),
    (&[(IUS, "{date}"), (INM, "{tag}")], 304),
    (&[(IUS, "{date}"), (IMS, "{date}")], 304),
    // §14.2: a server without ranges sends the whole.
    (&[(IR, "{tag}")], 200),
    (&[(IR, "{tag}"), ("Range", "bytes=0-1")], 200),
    (&[(IR, "{gone}"), ("Range", "bytes=0-1")], 200),
    (&[(IR, "{date}"), ("Range", "bytes=0-1")], 200),
    (&[(IR, "abc"), ("Range", "bytes=0-1")], 200),
    (&[(IR, "{tag}"), (INM, "{tag}"), ("Range", "bytes=0-1")], 304),
];

/// PUT, PATCH and DELETE of what is there; 200 stands for any success.
const WRITES: &[Row] = &[
    // RFC 6585 §3: nothing guards the write.
    (&[], 428),
    (&[(INM, "{gone}")], 428),
    (&[(INM, "{tag}")], 428),
    (&[(IMS, "{date}")], 428),
    (&[(IUS, "yesterday")], 428),
    (&[(IM, "{weak}")], 428),
    (&[(IR, "{tag}")], 428),
    // §13.1.1
    (&[(IM, "{tag}")], 200),
    (&[(IM, "*")], 200),
    (&[(IM, r#"{gone}, "a,b", {tag}"#)], 200),
    (&[(IM, "{gone}")], 412),
    (&[(IM, "{weak}, {gone}")], 412),
    // §13.1.2: there is one already.
    (&[(INM, "*")], 412),
    (&[(IM, "{tag}"), (INM, "*")], 412),
    (&[(IM, "{tag}"), (INM, "{weak}")], 412),
    (&[(IM, "{tag}"), (INM, "{gone}")], 200),
    // §13.1.3: for GET and HEAD alone.
    (&[(IM, "{tag}"), (IMS, "{after}")], 200),
    // §13.1.4: ignored beside If-Match.
    (&[(IM, "{tag}"), (IUS, "{before}")], 200),
    (&[(IM, "{gone}"), (IUS, "{after}")], 412),
    (&[(INM, "*"), (IUS, "{before}")], 412),
    // A guard that can't be read is not an absent one.
    (&[(IM, "abc")], 400),
    (&[(INM, "abc")], 400),
    (&[(IM, "{tag}"), (INM, "abc")], 400),
    (&[(IM, "*, {tag}")], 400),
];

/// PUT of what is not there; 200 stands for any success.
const CREATES: &[Row] = &[
    (&[], 200),
    (&[(INM, "*")], 200),
    (&[(INM, "{tag}")], 200),
    (&[(IUS, "{before}")], 200),
    (&[(IMS, "{date}")], 200),
    // §13.1.1: false where there is no current representation, and old tags don't come back.
    (&[(IM, "*")], 412),
    (&[(IM, "{tag}")], 412),
    (&[(IM, "{weak}")], 412),
    (&[(IM, "{tag}"), (INM, "*")], 412),
    (&[(IM, "abc")], 400),
    (&[(INM, "abc")], 400),
];

/// Every other method on what is not there: 404 comes before all conditions.
const MISSES: &[Row] = &[
    (&[], 404),
    (&[(IM, "*")], 404),
    (&[(IM, "{tag}")], 404),
    (&[(IM, "abc")], 404),
    (&[(INM, "*")], 404),
    (&[(INM, "{tag}")], 404),
    (&[(INM, "abc")], 404),
    (&[(IMS, "{date}")], 404),
    (&[(IUS, "{before}")], 404),
];

/// A resource that was edited once, and what conditions may say of it.
struct Subject {
    task: Task,
    gone: String,
}

impl Subject {
    fn present(client: &mut Client) -> Self {
        let created = Task::create(client);
        let edited = created.edit(client);
        let task = Task { etag: edited.etag(), last_modified: edited.last_modified(), ..created.clone() };
        Self { task, gone: created.etag }
    }

    /// The same, edited in a later second than it was created, so that its date is of one state only.
    fn present_alone_in_its_second(client: &mut Client) -> Self {
        let created = Task::create(client);
        let mut task = created.clone();
        let mut gone = created.etag.clone();
        while task.last_modified == created.last_modified {
            let edited = task.edit(client);
            gone = task.etag;
            task = Task { etag: edited.etag(), last_modified: edited.last_modified(), ..created.clone() };
        }
        Self { task, gone }
    }

    fn absent(client: &mut Client) -> Self {
        let subject = Self::present(client);
        client.send(&Request::delete(&subject.task.path).if_match(&subject.task.etag)).expect(204);
        subject
    }

    fn value(&self, template: &str) -> String {
        let Task { etag, last_modified, .. } = &self.task;
        let values = [
            ("{tag}", etag.clone()),
            ("{weak}", format!("W/{etag}")),
            ("{gone}", self.gone.clone()),
            ("{date}", last_modified.clone()),
            ("{before}", shifted(last_modified, |date| date - HOUR)),
            ("{after}", shifted(last_modified, |date| date + HOUR)),
        ];
        values.iter().fold(template.to_owned(), |text, (name, value)| text.replace(name, value))
    }

    fn request(&self, method: &str, (headers, _): &Row) -> Request {
        let request = Request::new(method, &self.task.path);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(name, self.value(value)));
        let edit = json!({ "title": "Paint the gate" });
        match method {
            "PUT" => request.json(&edit),
            "PATCH" => request.body("application/merge-patch+json", edit.to_string()),
            _ => request,
        }
    }
}

const HOUR: Duration = Duration::from_secs(3600);

fn shifted(date: &str, shift: impl Fn(SystemTime) -> SystemTime) -> String {
    httpdate::fmt_http_date(shift(httpdate::parse_http_date(date).expect("a date")))
}

fn answers(status: u16, expected: u16) -> bool {
    status == expected || expected == 200 && (200..300).contains(&status)
}

/// Sends each row to a subject of its own and checks the status, the state afterwards, and what an answer must carry.
fn check(store: Store, methods: &[&str], rows: &[Row], subject: fn(&mut Client) -> Subject) {
    let board = Board::start(store);
    let client = &mut board.client();
    for method in methods {
        for row in rows {
            let subject = subject(client);
            check_row(client, method, row, &subject);
        }
    }
}

fn check_row(client: &mut Client, method: &str, row: &Row, subject: &Subject) {
    let request = subject.request(method, row);
    let path = &subject.task.path;
    let before = client.send(&Request::get(path));
    let answer = client.send(&request);
    let after = client.send(&Request::get(path));
    assert!(answers(answer.status, row.1), "expected {}\n{request:?}\n{answer:?}", row.1);
    let is_kept = before.status == after.status && before.body == after.body;
    assert_eq!(is_kept, !answer.is_success() || request.is_read(), "{request:?}\n{answer:?}\n{after:?}");
    check_carried(&answer, &before);
}

/// §15.4.5 for 304; rules H3 and P4 for errors.
fn check_carried(answer: &Response, current: &Response) {
    match answer.status {
        304 => {
            assert!(answer.body.is_empty());
            for name in ["etag", "cache-control", "last-modified"] {
                assert!(answer.header(name).is_some(), "no {name} in {answer:?}");
            }
            for name in ["etag", "cache-control", "last-modified", "vary"] {
                assert_eq!(answer.members(name), current.members(name), "{name} of 304 and 200");
            }
        }
        412 if current.status == 200 => assert_eq!(answer.etag(), current.etag()),
        412 => assert_eq!(answer.header("etag"), None),
        _ => {}
    }
}

#[test]
fn reads_answer_as_the_table_says() {
    Store::ALL.into_iter().for_each(check_reads);
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn the_tables_hold_on_postgresql() {
    let store = Store::postgres();
    for check in [check_reads, check_writes, check_creates, check_misses] {
        check(store);
    }
}

fn check_reads(store: Store) {
    let board = Board::start(store);
    let client = &mut board.client();
    let subject = Subject::present_alone_in_its_second(client);
    for method in ["GET", "HEAD"] {
        for row in READS {
            check_row(client, method, row, &subject);
        }
    }
}

#[test]
fn writes_answer_as_the_table_says() {
    Store::ALL.into_iter().for_each(check_writes);
}

fn check_writes(store: Store) {
    check(store, &["PUT", "PATCH", "DELETE"], WRITES, Subject::present);
}

#[test]
fn puts_of_what_is_absent_answer_as_the_table_says() {
    Store::ALL.into_iter().for_each(check_creates);
}

fn check_creates(store: Store) {
    check(store, &["PUT"], CREATES, Subject::absent);
}

#[test]
fn other_methods_on_what_is_absent_are_404_whatever_the_condition() {
    Store::ALL.into_iter().for_each(check_misses);
}

fn check_misses(store: Store) {
    check(store, &["GET", "HEAD", "PATCH", "DELETE"], MISSES, Subject::absent);
}

#[test]
fn a_412_names_the_field_that_failed() {
    let board = Board::start(Store::Memory);
    let client = &mut board.client();
    let rows: [(Row, &str); 5] = [
        ((&[(IM, "{gone}")], 412), IM),
        ((&[(IM, "{gone}"), (INM, "*")], 412), IM),
        ((&[(INM, "*")], 412), INM),
        ((&[(IM, "{tag}"), (INM, "{tag}")], 412), INM),
        // Both fail, so §13.2.2 gives the status; the one that is compared in the commit is named.
        ((&[(INM, "*"), (IUS, "{before}")], 412), INM),
    ];
    for (row, field) in rows {
        let subject = Subject::present(client);
        client.send(&subject.request("PUT", &row)).expect_problem(412, &[field]);
    }
}

#[test]
fn a_date_guards_a_write_while_it_is_a_strong_validator() {
    let board = Board::start(Store::Sqlite);
    let client = &mut board.client();
    // Nothing was ever removed from this store, so the date of a new resource is its own.
    let task = Task::create(client);
    let edit = |title: &str, date: &str| Request::put(&task.path, &json!({ "title": title })).header(IUS, date);
    let stale = shifted(&task.last_modified, |date| date - HOUR);
    client.send(&edit("late", &stale)).expect_problem(412, &[IUS]);
    let edited = client.send(&edit("first", &task.last_modified)).expect(200);
    let second = client.send(&edit("second", &edited.last_modified()));
    if edited.last_modified() == task.last_modified {
        // §8.8.2.2: two states share the date, so it proves nothing.
        second.expect_problem(428, &[]);
    } else {
        second.expect(200);
    }
}

#[test]
fn old_dates_in_all_three_forms_are_read() {
    let board = Board::start(Store::Memory);
    let client = &mut board.client();
    let task = Task::create(client);
    // §5.6.7
    for date in ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"] {
        client.send(&Request::get(&task.path).header(IUS, date)).expect(412);
        client.send(&Request::get(&task.path).header(IMS, date)).expect(200);
    }
}

#[test]
fn a_tag_is_not_valid_again_after_delete_and_recreate() {
    for store in Store::ALL {
        let board = Board::start(store);
        let client = &mut board.client();
        let subject = Subject::absent(client);
        let body = json!({ "title": "Paint the fence" });
        client.send(&Request::put(&subject.task.path, &body)).expect(201);
        for old in [&subject.gone, &subject.task.etag] {
            client.send(&Request::delete(&subject.task.path).if_match(old)).expect(412);
            client.send(&Request::get(&subject.task.path).if_none_match(old)).expect(200);
        }
    }
}

#[test]
fn conditions_on_a_collection_post_are_not_needed() {
    let board = Board::start(Store::Memory);
    board.client().send(&Request::post("/tasks", &json!({ "title": new_id() }))).expect(201);
}
