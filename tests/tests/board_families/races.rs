//! Many writers of one family at once: no deadlock, no orphan, no lost update.

use std::{
    collections::{HashMap, HashSet},
    sync::Barrier,
    thread,
};

use serde_json::{Value, json};

use crate::{
    links::{Touched, touched, touched_at},
    support::{Board, Client, Request, Response, Store, Task, new_id, rounds},
};

const WRITERS: usize = 32;
const ROUNDS: usize = 4;
const WRITES: usize = 6;

/// Runs all of these at once, each with a client of its own.
fn at_once<T: Send>(board: &Board, count: usize, work: impl Fn(usize, &mut Client) -> T + Sync) -> Vec<T> {
    let (start, work) = (&Barrier::new(count), &work);
    thread::scope(|scope| {
        let workers = (0..count).map(|number| {
            let mut client = board.client();
            scope.spawn(move || {
                start.wait();
                work(number, &mut client)
            })
        });
        let workers: Vec<_> = workers.collect();
        workers.into_iter().map(|worker| worker.join().expect("all were answered")).collect()
    })
}

fn new_board(client: &mut Client) -> String {
    let path = format!("/boards/{}", new_id());
    client.send(&Request::put(&path, &json!({ "name": "Races" })).if_none_match("*")).expect(201);
    path
}

fn id_of(path: &str) -> &str {
    path.rsplit('/').next().expect("a segment")
}

/// Items of a task, each with its tag.
fn new_items(client: &mut Client, task: &Task) -> Vec<(String, String)> {
    let path = format!("{}/items", task.path);
    let item = |number: usize| {
        let created = client.send(&Request::post(&path, &json!({ "title": format!("{number}") }))).expect(201);
        (created.header("location").expect("a Location").to_owned(), created.etag())
    };
    (0..WRITERS).map(item).collect()
}

/// Everything of a list.
fn all(client: &mut Client, path: &str) -> Vec<Value> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = client.send(&Request::get(format!("{path}?limit=500{cursor}"))).expect(200).json();
        found.extend(page["items"].as_array().expect("a list").iter().map(|item| item["value"].clone()));
        let Some(next) = page["next"].as_str() else { return found };
        cursor = format!("&cursor={next}");
    }
}

/// Writes its own child over and over; gives what it touched, in order, until the child is gone.
fn write_child(client: &mut Client, task: &Task, (path, etag): &(String, String), writes: usize) -> Vec<Touched> {
    let (mut etag, mut told) = (etag.clone(), Vec::new());
    for write in 1..=writes {
        let edit = Request::patch(path, &json!({ "title": format!("write {write}") }));
        let answer = client.send(&edit.if_match(&etag));
        if answer.status == 404 {
            break;
        }
        let answer = answer.expect(200);
        etag = answer.etag();
        let touch = touched_at(&answer, &task.path);
        let parent = client.send(&Request::get(&task.path).if_none_match(&touch.before));
        assert!(matches!(parent.status, 200 | 404), "the parent's tag is still the one before: {parent:?}");
        told.push(touch);
    }
    told
}

/// Asserts that the steps are one chain from one tag to another, as those of commits that came one by one.
fn assert_one_chain(steps: &[Touched], first: &str, last: &str) {
    let by_before: HashMap<_, _> = steps.iter().map(|step| (&*step.before, &*step.now)).collect();
    assert_eq!(by_before.len(), steps.len(), "two writes were told the same step");
    let mut at = first;
    for _ in steps {
        at = by_before.get(at).unwrap_or_else(|| panic!("no step leads on from {at}"));
    }
    assert_eq!(at, last);
}

pub(crate) fn each_of_32_children_moves_their_parent_on(store: Store) {
    let board = Board::start(store);
    let client = &mut board.client();
    for _ in rounds(ROUNDS) {
        let task = Task::create(client);
        let items = new_items(client, &task);
        let first = task.read(client).etag();
        let told = at_once(&board, WRITERS, |number, client| write_child(client, &task, &items[number], WRITES));
        for ((path, _), told) in items.iter().zip(&told) {
            let title = client.send(&Request::get(path)).expect(200).json()["title"].clone();
            assert_eq!((told.len(), title), (WRITES, json!(format!("write {WRITES}"))));
        }
        assert_one_chain(&told.concat(), &first, &task.read(client).etag());
    }
}

pub(crate) fn a_parent_that_goes_under_32_writers_leaves_no_orphan(store: Store) {
    let board = Board::start(store);
    let client = &mut board.client();
    for _ in rounds(ROUNDS) {
        let task = Task::create(client);
        let items = new_items(client, &task);
        at_once(&board, WRITERS + 1, |number, client| match items.get(number) {
            Some(item) => drop(write_child(client, &task, item, WRITES * 2)),
            None => delete_under_what_it_saw(client, &task),
        });
        client.send(&Request::get(&task.path)).expect(404);
        client.send(&Request::get(format!("{}/details", task.path))).expect(404);
        for (path, _) in &items {
            client.send(&Request::get(path)).expect(404);
        }
        let left = all(client, "/items");
        assert!(left.iter().all(|item| item["task_id"] != id_of(&task.path)), "{left:?}");
    }
}

/// Deletes under the tag that it read, as often as others are faster.
fn delete_under_what_it_saw(client: &mut Client, task: &Task) {
    loop {
        let seen = task.read(client);
        let answer = client.send(&Request::delete(&task.path).if_match(seen.etag()));
        if answer.status == 204 {
            return;
        }
        answer.expect_problem(412, &["edited"]);
    }
}

pub(crate) fn a_board_that_is_deleted_while_tasks_come_leaves_none(store: Store) {
    let board = Board::start(store);
    let client = &mut board.client();
    for round in rounds(ROUNDS * 4) {
        let path = new_board(client);
        let stray = Task::create(client);
        // The deleter's place decides how often it is the first.
        let deleter = round % 8;
        let answers = at_once(&board, 8, |number, client| match number {
            _ if number == deleter => client.send(&Request::delete(&path).if_match("*")),
            _ => client.send(&arrival(number, &path, &stray)),
        });
        assert_all_or_none(client, &path, deleter, &answers);
    }
}

/// One of the ways by which a task comes to a board.
fn arrival(number: usize, board: &str, stray: &Task) -> Request {
    let named = json!({ "title": "x", "board_id": id_of(board) });
    match number % 4 {
        0 => Request::post(format!("{board}/tasks"), &json!({ "title": "x" })),
        1 => Request::post("/tasks", &named),
        2 => Request::put(format!("/tasks/{}", new_id()), &named).if_none_match("*"),
        _ => Request::patch(&stray.path, &json!({ "board_id": id_of(board) })).if_match("*"),
    }
}

/// Either the board is gone and nobody came, or somebody came and it stays.
fn assert_all_or_none(client: &mut Client, board: &str, deleter: usize, answers: &[Response]) {
    let arrivals = answers.iter().enumerate().filter(|(number, _)| *number != deleter);
    let (came, refused): (Vec<_>, Vec<_>) = arrivals.partition(|(_, answer)| answer.is_success());
    let here = all(client, "/tasks").iter().filter(|task| task["board_id"] == id_of(board)).count();
    if answers[deleter].status == 204 {
        assert!(came.is_empty(), "{came:?} on a board that is gone");
        for (number, answer) in refused {
            assert_eq!(answer.status, if number % 4 == 0 { 404 } else { 422 }, "{answer:?}");
        }
        client.send(&Request::get(board)).expect(404);
        assert_eq!(here, 0, "orphans");
    } else {
        answers[deleter].clone().expect_problem(409, &["has-children", "/tasks/"]);
        assert!(refused.is_empty(), "{refused:?}");
        client.send(&Request::get(board)).expect(200);
        let moves = (0..answers.len()).filter(|number| *number != deleter && number % 4 == 3).count();
        assert_eq!(here, came.len() - moves.saturating_sub(1), "the moves are of one task");
    }
}

pub(crate) fn moves_between_two_boards_in_both_directions_all_end(store: Store) {
    let server = Board::start(store);
    let client = &mut server.client();
    for _ in rounds(ROUNDS) {
        let boards = [new_board(client), new_board(client)];
        let tasks: Vec<_> = (0..16)
            .map(|number| Task::create_as(client, &json!({ "title": "x", "board_id": id_of(&boards[number % 2]) })))
            .collect();
        let first = boards.clone().map(|path| client.send(&Request::get(path)).expect(200).etag());
        let told = at_once(&server, tasks.len(), |number, client| {
            let to = id_of(&boards[(number + 1) % 2]);
            let request = Request::patch(&tasks[number].path, &json!({ "board_id": to }));
            touched(&client.send(&request.if_match(&tasks[number].etag)).expect(200))
        });
        let told = told.concat();
        for (path, first) in boards.iter().zip(first) {
            let steps: Vec<_> = told.iter().filter(|step| step.path == *path).cloned().collect();
            assert_eq!(steps.len(), tasks.len(), "each move touches both");
            assert_one_chain(&steps, &first, &client.send(&Request::get(path)).expect(200).etag());
        }
        let tags: HashSet<_> = told.iter().map(|step| &step.now).collect();
        assert_eq!(tags.len(), told.len());
    }
}
