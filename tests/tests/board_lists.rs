//! Lists: pages, cursors that stay valid, and the tag of a page.

mod support;

use serde_json::{Value, json};
use support::{Board, Client, Request, Response, Store, Task, new_id};

fn with_client(test: impl Fn(&mut Client)) {
    for store in Store::ALL {
        let board = Board::start(store);
        test(&mut board.client());
    }
}

fn page(client: &mut Client, path: &str) -> Response {
    client.send(&Request::get(path)).expect(200)
}

fn items(page: &Response) -> Vec<Value> {
    page.json()["items"].as_array().expect("a list").clone()
}

fn ids(page: &Response) -> Vec<String> {
    items(page).iter().map(|item| item["value"]["id"].as_str().expect("an id").to_owned()).collect()
}

/// The path of the next page.
fn next(page: &Response, limit: usize) -> Option<String> {
    let next = page.json()["next"].as_str().map(|cursor| format!("/tasks?limit={limit}&cursor={cursor}"));
    let link = page.header("link").map(|link| link.trim_start_matches('<').split('>').next().unwrap_or("").to_owned());
    assert_eq!(next, link, "the body's cursor and the Link header");
    next
}

fn rest(client: &mut Client, from: String, limit: usize) -> Vec<String> {
    let (mut found, mut path) = (Vec::new(), Some(from));
    while let Some(next_path) = path {
        let page = page(client, &next_path);
        found.extend(ids(&page));
        path = next(&page, limit);
        assert!(found.len() < 1000, "the pages have no end");
    }
    found
}

#[test]
fn pages_hold_each_task_once_in_the_order_of_their_creation() {
    with_client(|client| {
        let before = ids(&page(client, "/tasks?limit=500"));
        let created: Vec<_> = (0..7).map(|_| Task::create(client).path.replace("/tasks/", "")).collect();
        let expected = [before, created].concat();
        for limit in [1, 3, expected.len(), 500] {
            assert_eq!(rest(client, format!("/tasks?limit={limit}"), limit), expected, "{limit} a page");
        }
    });
}

#[test]
fn a_cursor_stays_valid_whatever_is_created_changed_or_deleted() {
    with_client(|client| {
        let tasks: Vec<_> = (0..6).map(|_| Task::create(client)).collect();
        let total = ids(&page(client, "/tasks?limit=500")).len();
        let first = page(client, &format!("/tasks?limit={}", total - 3));
        let path = next(&first, total - 3).expect("a next page");
        // The last of the page read and the first of the next go, one of those to come changes, one is new.
        client.send(&Request::delete(&tasks[2].path).if_match(&tasks[2].etag)).expect(204);
        client.send(&Request::delete(&tasks[3].path).if_match(&tasks[3].etag)).expect(204);
        tasks[4].edit(client);
        let new = Task::create(client);
        let expected: Vec<_> = [&tasks[4], &tasks[5], &new].map(|task| task.path.replace("/tasks/", "")).into();
        assert_eq!(rest(client, path, total - 3), expected);
    });
}

#[test]
fn each_item_has_the_tag_that_the_next_write_takes() {
    with_client(|client| {
        for item in items(&page(client, "/tasks")) {
            let path = format!("/tasks/{}", item["value"]["id"].as_str().expect("an id"));
            let read = client.send(&Request::get(&path)).expect(200);
            assert_eq!(item["etag"], read.etag());
            assert_eq!(item["value"], read.json());
            let edit = Request::patch(&path, &json!({ "description": new_id() }));
            client.send(&edit.if_match(item["etag"].as_str().expect("a tag"))).expect(200);
        }
    });
}

#[test]
fn a_page_that_is_known_is_304_until_something_on_it_changes() {
    with_client(|client| {
        let task = Task::create(client);
        let list = page(client, "/tasks");
        let known = Request::get("/tasks").if_none_match(list.etag());
        let same = client.send(&known).expect(304);
        for name in ["etag", "cache-control", "vary"] {
            assert_eq!(same.members(name), list.members(name), "{name} of 304 and 200");
        }
        client.send(&known.clone().if_none_match(r#""x""#)).expect(304);
        let edited = task.edit(client);
        let changed = client.send(&known).expect(200);
        assert_ne!(changed.etag(), list.etag());
        client.send(&Request::delete(&task.path).if_match(edited.etag())).expect(204);
        assert_ne!(page(client, "/tasks").etag(), changed.etag());
    });
}

#[test]
fn a_first_page_keeps_its_tag_while_others_change() {
    with_client(|client| {
        let tasks: Vec<_> = (0..3).map(|_| Task::create(client)).collect();
        let first = page(client, "/tasks?limit=2");
        tasks[2].edit(client);
        client.send(&Request::get("/tasks?limit=2").if_none_match(first.etag())).expect(304);
    });
}

#[test]
fn pages_of_other_queries_have_other_tags() {
    with_client(|client| {
        let tags = ["/tasks?limit=1", "/tasks?limit=2", "/tasks?limit=400", "/tasks", "/boards"]
            .map(|path| page(client, path).etag());
        let distinct: std::collections::BTreeSet<_> = tags.iter().collect();
        assert_eq!(distinct.len(), tags.len(), "{tags:?}");
    });
}

#[test]
fn a_failed_if_match_on_a_page_is_412_with_its_tag() {
    with_client(|client| {
        let list = page(client, "/tasks");
        client.send(&Request::get("/tasks").if_match(list.etag())).expect(200);
        let failed = client.send(&Request::get("/tasks").if_match(r#""stale""#)).expect_problem(412, &["If-Match"]);
        assert_eq!(failed.etag(), list.etag());
        client.send(&Request::get("/tasks").if_match("abc")).expect_problem(400, &["If-Match", "byte 1"]);
        client.send(&Request::get("/tasks").if_none_match("abc")).expect(200);
    });
}

#[test]
fn a_query_that_cannot_be_read_is_400() {
    with_client(|client| {
        let elsewhere = page(client, "/boards?limit=1").json()["next"].as_str().expect("two boards").to_owned();
        let wrong = [
            "limit=0",
            "limit=-1",
            "limit=many",
            "limit=501",
            "limit=99999999999999999999",
            "cursor=AAAA",
            "cursor=",
            "lmit=3",
            "limit=1&limit=2",
        ];
        for query in wrong {
            client.send(&Request::get(format!("/tasks?{query}"))).expect_problem(400, &[]);
        }
        client.send(&Request::get(format!("/tasks?cursor={elsewhere}"))).expect_problem(400, &["cursor"]);
    });
}

#[test]
fn an_empty_collection_is_an_empty_page() {
    with_client(|client| {
        // A board with tasks can't be deleted.
        for collection in ["/tasks", "/boards"] {
            for item in items(&page(client, collection)) {
                let path = format!("{collection}/{}", item["value"]["id"].as_str().expect("an id"));
                let etag = client.send(&Request::get(&path)).expect(200).etag();
                client.send(&Request::delete(path).if_match(etag)).expect(204);
            }
        }
        let empty = page(client, "/boards");
        assert_eq!(empty.json(), json!({ "items": [] }));
        client.send(&Request::get("/boards").if_none_match(empty.etag())).expect(304);
    });
}
