//! Many writers with one tag, through the service's own protocol, on every store.

use serde_json::{Value, json};

use crate::{
    CONFLICTED, Client, Example, Planner, Request, Response, Store, Task, delete, item, patch,
    support::{on_every_store, race, rounds},
};

const WRITERS: usize = 32;
const ROUNDS: usize = 4;

/// Asserts that one writer won and that all others got `loss`; gives the winner.
#[track_caller]
fn one_winner(answers: &[Response], loss: u16) -> usize {
    let statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == loss).count(), answers.len() - 1, "{statuses:?}");
    statuses.iter().position(|status| *status == 204).unwrap_or_else(|| panic!("no 204 in {statuses:?}"))
}

/// Rounds of races, each about a new task.
fn races(example: &Example, round: impl Fn(&mut [Client], &Task)) {
    let mut clients: Vec<_> = (0..WRITERS).map(|_| example.client()).collect();
    let plan = crate::create(&mut clients[0], "plans", &json!({ "owner": "g", "title": "Race" }));
    for _ in rounds(ROUNDS) {
        let task = Task::create(&mut clients[0], &plan);
        round(&mut clients, &task);
    }
}

fn read(client: &mut Client, path: &str) -> Value {
    client.send(&Request::get(format!("/v1.0{path}"))).expect(200).json()
}

fn title(number: usize) -> String {
    format!("writer {number}")
}

fn titles(example: &Example) {
    races(example, |clients, task| {
        let change = |number| patch(&task.path(), &json!({ "title": title(number) })).if_match(&task.etag);
        let answers = race(clients, change);
        let winner = one_winner(&answers, 409);
        let stored = read(&mut clients[0], &task.path());
        assert_eq!(stored["title"], title(winner));
        assert_eq!(crate::etag(&stored), answers[winner].etag());
        let loser = answers.into_iter().find(|answer| answer.status == 409).expect("31 lost");
        loser.expect_error(409, CONFLICTED);
    });
}

fn items(example: &Example) {
    races(example, |clients, task| {
        let change = |number| patch(&task.details(), &json!({ "checklist": { "a": item(&title(number)) } }));
        let answers = race(clients, |number| change(number).if_match(&task.details_etag));
        let winner = one_winner(&answers, 409);
        assert_eq!(read(&mut clients[0], &task.details())["checklist"]["a"]["title"], title(winner));
        assert_eq!(read(&mut clients[0], &task.path())["checklistItemCount"], 1);
    });
}

fn deletes(example: &Example) {
    races(example, |clients, task| {
        let answers = race(clients, |_| delete(&task.path()).if_match(&task.etag));
        one_winner(&answers, 404);
    });
}

/// Each with an item of its own: all are accepted, none is lost, and the task has counted all of them.
fn own_items(example: &Example) {
    races(example, |clients, task| {
        let change = |number| patch(&task.details(), &json!({ "checklist": { title(number): item("mine") } }));
        let answers = race(clients, |number| change(number).if_match(&task.details_etag));
        assert!(answers.iter().all(|answer| answer.status == 204), "{answers:?}");
        let details = read(&mut clients[0], &task.details());
        assert_eq!(details["checklist"].as_object().map(serde_json::Map::len), Some(WRITERS));
        assert_eq!(read(&mut clients[0], &task.path())["checklistItemCount"], WRITERS);
    });
}

/// Half change the details and half delete the task, all under the tags that they have read: a delete that wins found
/// nothing changed.
fn details_and_deletes(example: &Example) {
    races(example, |clients, task| {
        let answers = race(clients, |number| match number % 2 {
            0 => patch(&task.details(), &json!({ "description": title(number) })).if_match(&task.details_etag),
            _ => delete(&task.path()).if_match(&task.etag),
        });
        let winners: Vec<_> = (0..WRITERS).filter(|number| answers[*number].status == 204).collect();
        assert_eq!(winners.len(), 1, "{answers:?}");
        let loss = if winners[0].is_multiple_of(2) { 409 } else { 404 };
        assert!(answers.iter().all(|answer| matches!(answer.status, 204 | 404 | 409)), "{answers:?}");
        assert!(answers.iter().filter(|answer| answer.status == loss).count() == WRITERS - 1, "{answers:?}");
    });
}

const FLAGS: &[&str] = &["--max-checklist-items", "40"];

/// In memory and on `SQLite`, where nothing must be installed.
fn here(race: fn(&Example)) {
    for store in Store::ALL {
        race(&Example::start("planner", store, FLAGS));
    }
}

fn everywhere(race: fn(&Example)) {
    on_every_store("planner", FLAGS, race);
}

#[test]
fn of_32_titles_under_one_tag_one_wins() {
    here(titles);
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn of_32_titles_under_one_tag_one_wins_on_every_store() {
    everywhere(titles);
}

#[test]
fn of_32_changes_of_one_item_one_wins() {
    here(items);
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn of_32_changes_of_one_item_one_wins_on_every_store() {
    everywhere(items);
}

#[test]
fn of_32_deletes_under_one_tag_one_wins() {
    here(deletes);
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn of_32_deletes_under_one_tag_one_wins_on_every_store() {
    everywhere(deletes);
}

#[test]
fn of_32_changes_of_own_items_none_is_lost() {
    here(own_items);
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn of_32_changes_of_own_items_none_is_lost_on_every_store() {
    everywhere(own_items);
}

#[test]
fn of_details_and_deletes_one_wins() {
    here(details_and_deletes);
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn of_details_and_deletes_one_wins_on_every_store() {
    everywhere(details_and_deletes);
}

/// The store outlives the process: tags that were given before are known after.
#[test]
fn former_tags_are_known_after_a_restart() {
    let mut planner = Planner::on(Example::start("planner", Store::Sqlite, &[]));
    let task = planner.task();
    planner.patch(&task.path(), &task.etag, &json!({ "title": "a" })).expect(204);
    let example = Example::start_in(planner.example.kill(), "planner", Store::Sqlite, &[]);
    let mut client = example.client();
    let change = |body: &Value| patch(&task.path(), body).if_match(&task.etag);
    client.send(&change(&json!({ "title": "b" }))).expect_error(409, CONFLICTED);
    let changed = client.send(&change(&json!({ "priority": 1 }))).expect(204).etag();
    client.send(&delete(&task.path()).if_match(changed)).expect(204);
}
