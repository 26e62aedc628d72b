//! A client edits a task's details, the task's tag moves, and the client's next write of the task has the tag from before.

use serde_json::json;

use crate::{
    links::touched_at,
    served::Served,
    support::{Board, Client, Request, Response, Store, Task},
};

/// Edits the details of a task.
fn edit_details(client: &mut Client, task: &Task) -> Response {
    let path = format!("{}/details", task.path);
    let details = client.send(&Request::get(&path)).expect(200);
    let edit = Request::patch(&path, &json!({ "notes": "Two coats." }));
    client.send(&edit.if_match(details.etag())).expect(200)
}

/// Asserts that a delete under this tag is refused with what changed and what is current.
fn assert_explained(client: &mut Client, task: &Task, etag: &str, changed: &[&str]) -> Response {
    let refused = client.send(&Request::delete(&task.path).if_match(etag)).expect_problem(412, &["If-Match"]);
    let problem = refused.json();
    assert_eq!((&problem["state"], &problem["changed"]), (&json!("edited"), &json!(changed)), "{problem}");
    assert_eq!(refused.etag(), task.read(client).etag());
    refused
}

fn assert_gone(client: &mut Client, task: &Task) {
    for path in [task.path.clone(), format!("{}/details", task.path), format!("{}/items", task.path)] {
        client.send(&Request::get(path)).expect(404);
    }
}

pub(crate) fn a_refresh_shows_what_the_tag_then_covers(store: Store) {
    let board = Board::start(store);
    let client = &mut board.client();
    let task = Task::create(client);
    edit_details(client, &task);
    let refused = assert_explained(client, &task, &task.etag, &[]);
    let seen = task.read(client);
    assert_eq!(seen.etag(), refused.etag());
    client.send(&Request::delete(&task.path).if_match(seen.etag())).expect(204);
    assert_gone(client, &task);
}

pub(crate) fn a_holder_of_the_tag_before_goes_on_with_the_one_after(store: Store) {
    let board = Board::start(store);
    let client = &mut board.client();
    let task = Task::create(client);
    let edited = edit_details(client, &task);
    assert_explained(client, &task, &task.etag, &[]);
    let touched = touched_at(&edited, &task.path);
    let advanced = touched.advance(&task.etag).expect("the client held the tag before");
    client.send(&Request::delete(&task.path).if_match(advanced)).expect(204);
    assert_gone(client, &task);
}

/// Another's edit came between, which the client has never seen: the tag after its own write covers that edit, too.
pub(crate) fn a_holder_of_another_tag_does_not_advance(store: Store) {
    let board = Board::start(store);
    let (client, another) = (&mut board.client(), &mut board.client());
    let task = Task::create(client);
    another.send(&Request::patch(&task.path, &json!({ "title": "Keep it" })).if_match(&task.etag)).expect(200);
    let edited = edit_details(client, &task);
    let touched = touched_at(&edited, &task.path);
    assert_eq!(touched.now, task.read(client).etag(), "a delete under it would be done");
    assert_eq!(touched.advance(&task.etag), None);
    assert_explained(client, &task, &task.etag, &["title"]);
    assert_eq!(task.read(client).json()["title"], "Keep it");
}

/// Where the author chose `lock = own` the editor of the parent has nothing to do.
pub(crate) fn an_editor_of_a_parent_with_a_lock_of_its_own_goes_on(store: Store) {
    let served = Served::start(store);
    let client = &mut served.client();
    let held = client.send(&Request::put("/pages/1", &json!({ "text": "a" })).if_none_match("*")).expect(201).etag();
    let comment = json!({ "page_id": "1", "text": "hm" });
    let comment = client.send(&Request::put("/comments/1", &comment).if_none_match("*")).expect(201);
    let moved = touched_at(&comment, "/pages/1");
    assert_eq!((&moved.before, &moved.now), (&held, &client.send(&Request::get("/pages/1")).etag()));
    // Who deletes the page would delete the comment, and caches may show it.
    client.send(&Request::delete("/pages/1").if_match(&held)).expect_problem(412, &[]);
    client.send(&Request::get("/pages/1").if_none_match(&held)).expect(200);

    let edited = client.send(&Request::patch("/pages/1", &json!({ "text": "b" })).if_match(&held)).expect(200);
    client.send(&Request::put("/pages/1", &json!({ "text": "c" })).if_match(&held)).expect_problem(412, &["text"]);
    client.send(&Request::delete("/pages/1").if_match(edited.etag())).expect(204);
    client.send(&Request::get("/comments/1")).expect(404);
}
