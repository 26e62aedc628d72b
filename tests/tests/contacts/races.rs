//! Many writers with one tag: one wins, through the service's own protocol.

use serde_json::{Value, json};

use crate::{
    CONTACTS, biography_of, create_ada, etag_of, get, name_of, patch, source_etag_of,
    support::{Example, Request, Response, Store, race, rounds},
    with_biography,
};

const WRITERS: usize = 32;
const ROUNDS: usize = 4;

/// Asserts that one won and that all others were told that their tag is stale; gives the winner.
#[track_caller]
pub(crate) fn one_winner(answers: &[Response]) -> usize {
    let winners: Vec<_> = answers.iter().enumerate().filter(|(_, answer)| answer.status == 200).collect();
    let [(winner, _)] = winners[..] else { panic!("{} winners", winners.len()) };
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        assert_eq!(answer.json()["error"]["status"], "FAILED_PRECONDITION", "{answer:?}");
    }
    winner
}

fn of_the_person(ada: &Value, number: usize) -> Request {
    patch(name_of(ada), "biographies", &with_biography(etag_of(ada), &number.to_string()))
}

fn of_the_source(ada: &Value, number: usize) -> Request {
    let sources = json!([{ "type": "CONTACT", "etag": source_etag_of(ada) }]);
    let body = json!({ "metadata": { "sources": sources }, "biographies": [{ "value": number.to_string() }] });
    patch(name_of(ada), "biographies", &body)
}

fn of_all_in_batches(ada: &Value, number: usize) -> Request {
    let person = with_biography(etag_of(ada), &number.to_string());
    let body = json!({ "contacts": { (name_of(ada)): person }, "updateMask": "biographies", "readMask": "names" });
    Request::post("/v1/people:batchUpdateContacts", &body)
}

/// Each names the state in one of the ways that there are.
fn in_any_way(ada: &Value, number: usize) -> Request {
    [of_the_person, of_the_source, of_all_in_batches][number % 3](ada, number)
}

fn updates_under_one_tag(server: &Example) {
    let mut clients: Vec<_> = (0..WRITERS).map(|_| server.client()).collect();
    for _ in rounds(ROUNDS) {
        let ada = create_ada(&mut clients[0]);
        let winner = one_winner(&race(&mut clients, |number| in_any_way(&ada, number)));
        let stored = get(&mut clients[0], name_of(&ada));
        assert_eq!(biography_of(&stored), Some(&*winner.to_string()));
        assert_ne!(etag_of(&stored), etag_of(&ada));
    }
}

#[test]
fn of_32_updates_under_one_tag_one_wins() {
    for store in Store::ALL {
        updates_under_one_tag(&Example::start(CONTACTS, store, &[]));
    }
}

#[test]
fn tags_that_tell_fields_let_no_second_writer_win() {
    updates_under_one_tag(&Example::start(CONTACTS, Store::Memory, &["--person-tags", "state-and-fields"]));
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn of_32_updates_under_one_tag_one_wins_on_postgresql() {
    updates_under_one_tag(&Example::start(CONTACTS, Store::postgres(), &[]));
}

#[test]
fn the_window_lets_no_second_writer_win() {
    updates_under_one_tag_in_the_window(&Example::start(CONTACTS, Store::Memory, &["--propagation-ms", "600000"]));
}

fn updates_under_one_tag_in_the_window(server: &Example) {
    let mut clients: Vec<_> = (0..WRITERS).map(|_| server.client()).collect();
    for _ in rounds(ROUNDS) {
        let ada = create_ada(&mut clients[0]);
        one_winner(&race(&mut clients, |number| in_any_way(&ada, number)));
        // Whoever reads within the window gets the tag before, and loses with it.
        let stale = get(&mut clients[0], name_of(&ada));
        assert_eq!(etag_of(&stale), etag_of(&ada));
        let late = race(&mut clients, |number| in_any_way(&stale, number));
        assert!(late.iter().all(|answer| answer.status == 400), "{late:?}");
    }
}

fn groups_of_one_name(server: &Example) {
    let mut clients: Vec<_> = (0..WRITERS).map(|_| server.client()).collect();
    for round in rounds(ROUNDS) {
        let body = json!({ "contactGroup": { "name": format!("round {round}") } });
        let create = Request::post("/v1/contactGroups", &body);
        let statuses: Vec<_> = race(&mut clients, |_| create.clone()).iter().map(|it| it.status).collect();
        assert_eq!(statuses.iter().filter(|status| **status == 200).count(), 1, "{statuses:?}");
        assert_eq!(statuses.iter().filter(|status| **status == 409).count(), WRITERS - 1, "{statuses:?}");
    }
}

#[test]
fn of_32_groups_with_one_name_one_is_made() {
    for store in Store::ALL {
        groups_of_one_name(&Example::start(CONTACTS, store, &[]));
    }
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn of_32_groups_with_one_name_one_is_made_on_postgresql() {
    groups_of_one_name(&Example::start(CONTACTS, Store::postgres(), &[]));
}
