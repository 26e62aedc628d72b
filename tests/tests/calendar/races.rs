//! Many writers with one tag, through the service's own protocol: one wins, on every store.

use serde_json::{Value, json};

use super::{
    EVENTS, event, patch,
    support::{Example, Request, Response, Store, on_every_store, race, rounds},
};

const WRITERS: usize = 32;
const ROUNDS: usize = 4;

/// Asserts that one writer won and all others got 412; gives the winner.
#[track_caller]
fn one_winner(answers: &[Response], win: u16, loss: u16) -> usize {
    let statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == loss).count(), answers.len() - 1, "{statuses:?}");
    statuses.iter().position(|status| *status == win).unwrap_or_else(|| panic!("no {win} in {statuses:?}"))
}

/// Races for new events, each under its first tag; `check` sees the winner and what is stored.
fn races(
    calendar: &Example,
    win: u16,
    request: impl Fn(usize, &str) -> Request + Sync,
    check: impl Fn(usize, &Response),
) {
    let mut clients: Vec<_> = (0..WRITERS).map(|_| calendar.client()).collect();
    for _ in rounds(ROUNDS) {
        let created = clients[0].send(&Request::post(EVENTS, &event("Lunch"))).expect(200);
        let path = format!("{EVENTS}/{}", created.json()["id"].as_str().expect("events have ids"));
        let answers = race(&mut clients, |number| request(number, &path).if_match(created.etag()));
        let winner = one_winner(&answers, win, 412);
        let stored = clients[0].send(&Request::get(&path)).expect(200);
        check(winner, &stored);
        if win == 200 {
            assert_eq!(answers[winner].etag(), stored.etag());
        }
    }
}

fn updates(calendar: &Example, request: impl Fn(&str, &Value) -> Request + Sync) {
    let title = |number: usize| format!("writer {number}");
    let update = |number, path: &str| request(path, &event(&title(number)));
    races(calendar, 200, update, |winner, stored| assert_eq!(stored.json()["summary"], title(winner)));
}

fn puts(calendar: &Example) {
    updates(calendar, |path, body| Request::put(path, body));
}

fn patches(calendar: &Example) {
    updates(calendar, |path, body| patch(path, &json!({ "summary": body["summary"] })));
}

fn deletes(calendar: &Example) {
    let is_cancelled = |_, stored: &Response| assert_eq!(stored.json()["status"], "cancelled");
    races(calendar, 204, |_, path| Request::delete(path), is_cancelled);
}

fn inserts(calendar: &Example) {
    let mut clients: Vec<_> = (0..WRITERS).map(|_| calendar.client()).collect();
    for round in 0..ROUNDS {
        let answers = race(&mut clients, |number| {
            let mut body = event(&format!("writer {number}"));
            body["id"] = format!("race{round}").into();
            Request::post(EVENTS, &body)
        });
        let winner = one_winner(&answers, 200, 409);
        let stored = clients[0].send(&Request::get(format!("{EVENTS}/race{round}"))).expect(200);
        assert_eq!(stored.json(), answers[winner].json());
    }
}

/// One event moves to where it has been before while others write what is there of it: it moves, unless they have brought it
/// back.
fn moves(calendar: &Example) {
    let mut clients: Vec<_> = (0..WRITERS).map(|_| calendar.client()).collect();
    let team = json!({ "summary": "Team" });
    let team = clients[0].send(&Request::post("/calendar/v3/calendars", &team)).expect(200).json();
    let team = team["id"].as_str().expect("calendars have ids").to_owned();
    let there = format!("/calendar/v3/calendars/{team}/events");
    let created = clients[0].send(&Request::post(EVENTS, &event("Lunch"))).expect(200).json();
    let id = created["id"].as_str().expect("events have ids");
    let mut to = |from: &str, destination: &str| {
        let path = format!("{from}/{id}/move?destination={destination}");
        clients[0].send(&Request::new("POST", path)).expect(200);
    };
    to(EVENTS, &team);
    to(&there, "primary");
    for _ in rounds(ROUNDS) {
        let answers = race(&mut clients, |number| match number % 8 {
            0 => Request::new("POST", format!("{EVENTS}/{id}/move?destination={team}")),
            _ => patch(&format!("{there}/{id}"), &json!({ "summary": number.to_string(), "status": "cancelled" })),
        });
        let moved = answers.iter().step_by(8).filter(|answer| answer.status == 200).count();
        let statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
        assert!(moved == 1 && statuses.iter().all(|status| [200, 409, 410].contains(status)), "{statuses:?}");
        // It may have been cancelled there right after it had come.
        clients[0].send(&patch(&format!("{there}/{id}"), &json!({ "status": "cancelled" }))).expect(200);
        clients[0].send(&patch(&format!("{EVENTS}/{id}"), &json!({ "status": "confirmed" }))).expect(200);
    }
}

/// In memory and on `SQLite`, for which nothing must be installed.
fn here(race: impl Fn(&Example)) {
    for store in Store::ALL {
        race(&Example::start("calendar", store, &[]));
    }
}

#[test]
fn of_32_puts_under_one_tag_one_wins() {
    here(puts);
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn of_32_puts_under_one_tag_one_wins_on_every_store() {
    on_every_store("calendar", &[], puts);
}

#[test]
fn of_32_patches_under_one_tag_one_wins() {
    here(patches);
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn of_32_patches_under_one_tag_one_wins_on_every_store() {
    on_every_store("calendar", &[], patches);
}

#[test]
fn of_32_deletes_under_one_tag_one_wins() {
    here(deletes);
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn of_32_deletes_under_one_tag_one_wins_on_every_store() {
    on_every_store("calendar", &[], deletes);
}

#[test]
fn of_32_inserts_of_one_id_one_wins() {
    here(inserts);
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn of_32_inserts_of_one_id_one_wins_on_every_store() {
    on_every_store("calendar", &[], inserts);
}

#[test]
fn a_move_meets_its_destination_as_it_is() {
    here(moves);
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn a_move_meets_its_destination_as_it_is_on_every_store() {
    on_every_store("calendar", &[], moves);
}
