//! Many writers with one version: one wins, on every store.

use serde_json::json;

use crate::{
    multipart::{batch, change_set, operation, parts},
    service::{DUPLICATE, ROOT, STALE, assert_error, patch, path_in, post},
    support::{Client, Example, Request, Response, Store, new_id, race, rounds},
};

const WRITERS: usize = 32;
const ROUNDS: usize = 4;

/// Takes the only answer with this status out, and gives its writer.
#[track_caller]
fn one_winner(answers: &mut Vec<Response>, status: u16) -> usize {
    let won = |answer: &&Response| answer.status == status;
    assert_eq!(answers.iter().filter(won).count(), 1, "{answers:?}");
    let winner = answers.iter().position(|answer| answer.status == status).expect("one won");
    answers.remove(winner);
    winner
}

fn on(store: Store, test: impl Fn(&mut [Client])) {
    let server = Example::start("dataverse", store, &[]);
    let mut clients: Vec<_> = (0..WRITERS).map(|_| server.client()).collect();
    for _ in rounds(ROUNDS) {
        test(&mut clients);
    }
}

fn name_of(number: usize) -> serde_json::Value {
    json!({ "name": format!("writer {number}") })
}

fn new_account(client: &mut Client) -> (String, String) {
    let created = client.send(&post("accounts", &json!({}))).expect(204);
    let path = path_in(created.header("odata-entityid").expect("where it is"));
    let version = client.send(&Request::get(&path)).expect(200).etag();
    (path, version)
}

/// One test for each store.
macro_rules! on_each_store {
    ($($name:ident),* $(,)?) => {
        mod memory {
            $(#[test] fn $name() { super::on(crate::support::Store::Memory, super::$name); })*
        }
        mod sqlite {
            $(#[test] fn $name() { super::on(crate::support::Store::Sqlite, super::$name); })*
        }
        mod postgresql {
            $(
                #[test]
                #[ignore = "needs PostgreSQL: run by cargo xtask test"]
                fn $name() { super::on(crate::support::Store::postgres(), super::$name); }
            )*
        }
    };
}

on_each_store!(
    of_32_patches_under_one_version_one_wins,
    of_32_deletes_under_one_version_one_wins,
    of_32_upserts_that_only_create_one_wins,
    of_32_creates_of_one_id_one_wins,
    of_32_change_sets_under_two_versions_one_wins,
    no_unguarded_patch_is_lost,
);

fn of_32_patches_under_one_version_one_wins(clients: &mut [Client]) {
    let (path, version) = new_account(&mut clients[0]);
    let mut answers = race(clients, |number| patch(&path, &name_of(number)).if_match(&version));
    let winner = one_winner(&mut answers, 204);
    for answer in answers {
        assert_error(answer, 412, "0x80060882", STALE);
    }
    let row = clients[0].send(&Request::get(&path)).expect(200).json();
    assert_eq!(row["name"], name_of(winner)["name"]);
}

fn of_32_deletes_under_one_version_one_wins(clients: &mut [Client]) {
    let (path, version) = new_account(&mut clients[0]);
    let mut answers = race(clients, |_| Request::delete(&path).if_match(&version));
    one_winner(&mut answers, 204);
    assert!(answers.iter().all(|answer| answer.status == 404), "{answers:?}");
}

fn of_32_upserts_that_only_create_one_wins(clients: &mut [Client]) {
    let path = format!("{ROOT}/accounts({})", new_id());
    let mut answers = race(clients, |number| patch(&path, &name_of(number)).if_none_match("*"));
    let winner = one_winner(&mut answers, 204);
    for answer in answers {
        assert_error(answer, 412, "0x80040237", DUPLICATE);
    }
    let row = clients[0].send(&Request::get(&path)).expect(200).json();
    assert_eq!(row["name"], name_of(winner)["name"]);
}

fn of_32_creates_of_one_id_one_wins(clients: &mut [Client]) {
    let columns = json!({ "accountid": new_id() });
    let mut answers = race(clients, |_| post("accounts", &columns));
    one_winner(&mut answers, 204);
    for answer in answers {
        assert_error(answer, 412, "0x80040237", DUPLICATE);
    }
}

fn of_32_change_sets_under_two_versions_one_wins(clients: &mut [Client]) {
    let rows = [new_account(&mut clients[0]), new_account(&mut clients[0])];
    let mut answers = race(clients, |number| {
        // Half of them in the other order, which must not let two of them wait for each other.
        let mut updates = rows.each_ref().map(|(path, version)| {
            operation(&format!("PATCH {path}"), &[&format!("If-Match: {version}")], Some(&name_of(number)))
        });
        if number % 2 == 1 {
            updates.reverse();
        }
        batch(&[change_set(&updates)])
    });
    let winner = one_winner(&mut answers, 200);
    for answer in answers {
        let mut steps = parts(&answer.expect(412));
        assert_eq!((steps.len(), steps.remove(0).alone().status), (1, 412));
    }
    for (path, _) in &rows {
        let row = clients[0].send(&Request::get(path)).expect(200).json();
        assert_eq!(row["name"], name_of(winner)["name"]);
    }
}

/// Each sets a column of its own row version: all are done, one after the other.
fn no_unguarded_patch_is_lost(clients: &mut [Client]) {
    const COLUMNS: [&str; 4] = ["name", "description", "telephone1", "emailaddress1"];
    let (path, version) = new_account(&mut clients[0]);
    let answers = race(&mut clients[..COLUMNS.len()], |number| patch(&path, &json!({ COLUMNS[number]: "set" })));
    assert!(answers.iter().all(|answer| answer.status == 204), "{answers:?}");
    let row = clients[0].send(&Request::get(&path)).expect(200).json();
    assert!(COLUMNS.iter().all(|column| row[column] == "set"), "{row}");
    assert_ne!(row["@odata.etag"], version);
}
