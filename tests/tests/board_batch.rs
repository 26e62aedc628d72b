//! `POST /$batch` on the whole server: all of it or none, in order, whatever happens meanwhile (rule B1, trap 20).

mod support;

use std::{net::SocketAddr, sync::mpsc, thread};

use serde_json::{Value, json};
use support::{Board, Client, Request, Response, Store, Task, new_id};

const MERGE: &str = "application/merge-patch+json";

fn with_client(test: impl Fn(&mut Client)) {
    for store in Store::ALL {
        let board = Board::start(store);
        test(&mut board.client());
    }
}

fn batch(items: &Value) -> Request {
    Request::post("/$batch", &json!({ "items": items }))
}

fn put(path: &str, etag: &str, body: &Value) -> Value {
    json!({ "method": "PUT", "path": path, "headers": { "If-Match": etag }, "body": body })
}

fn merge(path: &str, etag: &str, body: &Value) -> Value {
    let headers = json!({ "If-Match": etag, "Content-Type": MERGE });
    json!({ "method": "PATCH", "path": path, "headers": headers, "body": body })
}

fn delete(path: &str, etag: &str) -> Value {
    json!({ "method": "DELETE", "path": path, "headers": { "If-Match": etag } })
}

fn statuses(answer: &Response) -> Vec<u64> {
    let json = answer.json();
    let items = json["items"].as_array().unwrap_or_else(|| panic!("no items in {json}"));
    items.iter().map(|item| item["status"].as_u64().expect("a number")).collect()
}

#[track_caller]
fn refused(answer: Response) -> Vec<u64> {
    let answer = answer.expect_problem(409, &["so none was"]);
    assert_eq!(answer.json()["type"], "/problems/batch-failed");
    statuses(&answer)
}

fn etag_of(answer: &Response, item: usize) -> String {
    answer.json()["items"][item]["headers"]["ETag"].as_str().expect("a tag").to_owned()
}

fn tag_of(client: &mut Client, path: &str) -> String {
    client.send(&Request::get(path)).expect(200).etag()
}

#[test]
fn details_are_changed_and_their_task_is_deleted_under_the_tags_held_before() {
    with_client(|client| {
        let task = Task::create(client);
        let details = format!("{}/details", task.path);
        let (of_task, of_details) = (tag_of(client, &task.path), tag_of(client, &details));

        // One after the other they can't: the details touch their task.
        client.send(&Request::patch(&details, &json!({ "notes": "x" })).if_match(&of_details)).expect(200);
        client.send(&Request::delete(&task.path).if_match(&of_task)).expect(412);

        let (of_task, of_details) = (tag_of(client, &task.path), tag_of(client, &details));
        let items = json!([merge(&details, &of_details, &json!({ "notes": "y" })), delete(&task.path, &of_task)]);
        let done = client.send(&batch(&items)).expect(200);
        assert_eq!(statuses(&done)[1], 204);
        client.send(&Request::get(&task.path)).expect(404);
        client.send(&Request::get(&details)).expect(404);
    });
}

#[test]
fn a_task_and_its_details_are_changed_under_the_tags_held_before_and_their_new_ones_are_told() {
    with_client(|client| {
        let task = Task::create(client);
        let details = format!("{}/details", task.path);
        let (of_task, of_details) = (tag_of(client, &task.path), tag_of(client, &details));
        let items = json!([
            merge(&details, &of_details, &json!({ "notes": "x" })),
            merge(&task.path, &of_task, &json!({ "done": true })),
        ]);
        let done = client.send(&batch(&items)).expect(200);
        assert_eq!(etag_of(&done, 0), tag_of(client, &details));
        assert_eq!(etag_of(&done, 1), tag_of(client, &task.path));
    });
}

#[test]
fn a_board_with_its_tasks_and_their_items_is_made_at_once() {
    with_client(|client| {
        let items = json!([
            { "id": "board", "method": "POST", "path": "/boards", "body": { "name": "Garden" } },
            { "id": "task", "method": "POST", "path": "/boards/$board.id/tasks", "body": { "title": "Fence" } },
            { "method": "POST", "path": "/tasks/$task.id/items", "body": { "title": "Paint" } },
            { "method": "PATCH", "path": "/tasks/$task.id/details", "body": { "notes": "$$5 a tin" },
              "headers": { "If-Match": "*", "Content-Type": MERGE } },
            merge("/tasks/$task.id", "$task.etag", &json!({ "estimate": 2.0 })),
        ]);
        let done = client.send(&batch(&items)).expect(200);
        let path = done.json()["items"][1]["headers"]["Location"].as_str().expect("a path").to_owned();
        let task = client.send(&Request::get(&path)).expect(200);
        assert_eq!((task.json()["estimate"].as_f64(), task.etag()), (Some(2.0), etag_of(&done, 4)));
        let details = client.send(&Request::get(format!("{path}/details"))).expect(200);
        assert_eq!(details.json()["notes"], "$5 a tin");
        let list = client.send(&Request::get(format!("{path}/items"))).expect(200);
        assert_eq!(list.json()["items"][0]["value"]["title"], "Paint");
    });
}

#[test]
fn a_hundred_tasks_are_made_at_once_with_all_that_starts_with_them() {
    with_client(|client| {
        let board = client.send(&Request::post("/boards", &json!({ "name": "Garden" }))).expect(201);
        let path = format!("{}/tasks", board.header("location").expect("a path"));
        let item = |number| json!({ "method": "POST", "path": path, "body": { "title": format!("Task {number}") } });
        let items: Vec<_> = (0..100).map(item).collect();
        let done = client.send(&batch(&json!(items))).expect(200);
        assert_eq!(statuses(&done), [201; 100]);
        assert_eq!(done.json()["touched"].as_array().map(Vec::len), Some(1), "the board, once");
        for item in done.json()["items"].as_array().expect("a list").iter().step_by(33) {
            let task = item["headers"]["Location"].as_str().expect("a path");
            assert_eq!(tag_of(client, task), item["headers"]["ETag"].as_str().expect("a tag"));
            client.send(&Request::get(format!("{task}/details"))).expect(200);
        }
    });
}

#[test]
fn what_a_batch_touched_is_told_with_its_tags_before_and_after() {
    with_client(|client| {
        let board = client.send(&Request::post("/boards", &json!({ "name": "Garden" }))).expect(201);
        let path = board.header("location").expect("a path").to_owned();
        let items = json!([{ "method": "POST", "path": format!("{path}/tasks"), "body": { "title": "Fence" } }]);
        let done = client.send(&batch(&items)).expect(200);
        let after = tag_of(client, &path);
        assert_eq!(done.json()["touched"], json!([{ "path": path, "before": board.etag(), "after": after }]));
    });
}

#[test]
fn a_refused_batch_writes_nothing_and_names_every_culprit() {
    with_client(|client| {
        let (one, two) = (Task::create(client), Task::create(client));
        let stale = one.etag.clone();
        one.edit(client);
        let (of_one, of_two) = (tag_of(client, &one.path), tag_of(client, &two.path));
        let new = format!("/tasks/{}", new_id());
        let items = json!([
            { "method": "PUT", "path": new, "body": { "title": "new" } },
            put(&one.path, &stale, &json!({ "title": "late" })),
            delete(&two.path, &of_two),
            merge(&format!("/tasks/{}", new_id()), "*", &json!({})),
            { "method": "POST", "path": "/tasks", "body": { "title": "" } },
        ]);
        let answer = client.send(&batch(&items));
        let current = answer.json()["items"][1]["headers"]["ETag"].clone();
        assert_eq!(refused(answer), [424, 412, 424, 404, 422]);
        assert_eq!(current, json!(of_one));
        client.send(&Request::get(&new)).expect(404);
        assert_eq!((tag_of(client, &one.path), tag_of(client, &two.path)), (of_one, of_two));
    });
}

/// Sets both tasks to one number under the tags just read; gives the number where it was done.
fn set_both(client: &mut Client, paths: &[String; 2], number: usize) -> std::io::Result<Option<usize>> {
    let mut items = Vec::new();
    for path in paths {
        let read = client.try_send(&Request::get(path))?.expect(200);
        items.push(merge(path, &read.etag(), &json!({ "estimate": number })));
    }
    let answer = client.try_send(&batch(&json!(items)))?;
    if answer.status == 200 {
        return Ok(Some(number));
    }
    assert!(refused(answer).contains(&412));
    Ok(None)
}

fn estimates(client: &mut Client, paths: &[String; 2]) -> [f64; 2] {
    paths.each_ref().map(|path| {
        let read = client.send(&Request::get(path)).expect(200);
        read.json()["estimate"].as_f64().expect("a number")
    })
}

#[test]
fn two_resources_that_batches_race_for_never_differ() {
    Store::ALL.into_iter().for_each(batches_race);
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn two_resources_that_batches_race_for_never_differ_on_postgresql() {
    batches_race(Store::postgres());
}

fn batches_race(store: Store) {
    let board = Board::start(store);
    let mut client = board.client();
    let paths = [Task::create(&mut client).path, Task::create(&mut client).path];
    let write = |writer: usize| {
        let (address, mut paths) = (board.address, paths.clone());
        // In either order, so that two batches would wait for each other if they locked as they went.
        if writer % 2 == 1 {
            paths.reverse();
        }
        thread::spawn(move || {
            let mut client = Client::new(address);
            let done =
                (0..25).filter_map(|round| set_both(&mut client, &paths, writer * 25 + round).expect("an answer"));
            done.count()
        })
    };
    let writers: Vec<_> = (0..8).map(write).collect();
    let done: usize = writers.into_iter().map(|writer| writer.join().expect("the writer ends")).sum();
    assert!(done > 0);
    let [one, two] = estimates(&mut client, &paths);
    assert!((one - two).abs() < f64::EPSILON, "{one} and {two}");
}

fn set_until_gone(address: SocketAddr, paths: &[String; 2], progress: &mpsc::Sender<()>) -> usize {
    let (mut client, mut acknowledged) = (Client::new(address), 0);
    for number in 1.. {
        match set_both(&mut client, paths, number) {
            Ok(Some(number)) => acknowledged = number,
            Ok(None) => panic!("nobody else writes"),
            Err(_) => break,
        }
        // The test may have stopped counting.
        let _ = progress.send(());
    }
    acknowledged
}

#[test]
fn a_killed_server_leaves_no_batch_half_done_and_none_that_it_acknowledged_undone() {
    a_killed_server_leaves_whole_batches(Store::Sqlite);
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn a_killed_server_leaves_no_batch_half_done_and_none_that_it_acknowledged_undone_on_postgresql() {
    a_killed_server_leaves_whole_batches(Store::postgres());
}

fn a_killed_server_leaves_whole_batches(store: Store) {
    let board = Board::start(store);
    let mut client = board.client();
    let paths = [Task::create(&mut client).path, Task::create(&mut client).path];
    let (progress, progressed) = mpsc::channel();
    let writer = {
        let (address, paths) = (board.address, paths.clone());
        thread::spawn(move || set_until_gone(address, &paths, &progress))
    };
    (0..40).for_each(|_| progressed.recv().expect("the writer goes on"));
    let board = Board::start_in(board.kill(), store);
    let acknowledged = writer.join().expect("the writer ends");
    let [one, two] = estimates(&mut board.client(), &paths);
    assert!((one - two).abs() < f64::EPSILON, "{one} and {two}");
    let last = f64::from(u32::try_from(acknowledged).expect("a small number"));
    assert!(one >= last, "{acknowledged} was acknowledged and {one} is there");
}

#[test]
fn a_batch_whose_answer_was_lost_can_be_repeated_after_a_kill() {
    a_batch_is_repeated(Store::Sqlite);
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn a_batch_whose_answer_was_lost_can_be_repeated_after_a_kill_on_postgresql() {
    a_batch_is_repeated(Store::postgres());
}

fn a_batch_is_repeated(store: Store) {
    let board = Board::start(store);
    let items = json!([
        { "id": "board", "method": "POST", "path": "/boards", "body": { "name": "Garden" } },
        { "method": "POST", "path": "/boards/$board.id/tasks", "body": { "title": "Fence" } },
    ]);
    let request = batch(&items).header("Idempotency-Key", "k1");
    let first = board.client().send(&request).expect(200);
    let board = Board::start_in(board.kill(), store);
    let again = board.client().send(&request).expect(200);
    assert_eq!(again.json(), first.json());
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
}
