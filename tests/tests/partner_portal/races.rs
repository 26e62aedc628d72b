//! Many writers at once.

use serde_json::json;

use crate::support::{Example, Request, Response, Store, on_every_store, race, rounds};
use crate::{OFFER, PORTAL, at, create, document, get};

const WRITERS: usize = 32;
const ROUNDS: usize = 8;

fn put(path: &str, writer: usize, condition: &str) -> Request {
    Request::put(at(path), &document(&format!("writer {writer}"))).if_match(condition)
}

fn count(answers: &[Response], status: u16) -> usize {
    answers.iter().filter(|answer| answer.status == status).count()
}

fn puts_under_one_tag(portal: &Example) {
    let mut clients: Vec<_> = (0..WRITERS).map(|_| portal.client()).collect();
    create(&mut clients[0]);
    for _ in rounds(ROUNDS) {
        let etag = get(&mut clients[0], OFFER).etag();
        let answers = race(&mut clients, |writer| put(OFFER, writer, &etag));
        assert_eq!((count(&answers, 200), count(&answers, 412)), (1, WRITERS - 1), "{answers:?}");
        let winner = answers.iter().position(|answer| answer.status == 200).expect("there is one");
        let offer = get(&mut clients[0], OFFER);
        assert_eq!(offer.json()["definition"]["displayText"], json!(format!("writer {winner}")));
        assert_eq!(offer.etag(), answers[winner].etag());
    }
}

fn puts_under_a_wildcard(portal: &Example) {
    let mut clients: Vec<_> = (0..WRITERS).map(|_| portal.client()).collect();
    for round in rounds(ROUNDS) {
        let path = format!("/api/publishers/contoso/offers/vm{round}");
        let answers = race(&mut clients, |writer| put(&path, writer, "*"));
        assert_eq!((count(&answers, 201), count(&answers, 200)), (1, WRITERS - 1), "{answers:?}");
        let mut tags: Vec<_> = answers.iter().map(Response::etag).collect();
        tags.sort_unstable();
        tags.dedup();
        assert_eq!(tags.len(), WRITERS);
        assert_eq!(Some(&get(&mut clients[0], &path).etag()), tags.last());
    }
}

#[test]
fn of_32_puts_under_one_tag_one_wins() {
    for store in Store::ALL {
        puts_under_one_tag(&Example::start(PORTAL, store, &[]));
    }
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn of_32_puts_under_one_tag_one_wins_on_every_store() {
    on_every_store(PORTAL, &[], puts_under_one_tag);
}

#[test]
fn of_32_puts_under_a_wildcard_one_creates_and_all_succeed() {
    for store in Store::ALL {
        puts_under_a_wildcard(&Example::start(PORTAL, store, &[]));
    }
}

#[test]
#[ignore = "needs PostgreSQL: run by cargo xtask test"]
fn of_32_puts_under_a_wildcard_one_creates_and_all_succeed_on_every_store() {
    on_every_store(PORTAL, &[], puts_under_a_wildcard);
}
