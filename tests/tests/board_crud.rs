//! Every method of both collections, and what each answers to good and bad requests.

mod support;

use serde_json::{Value, json};
use support::{Board, Client, Request, Response, Store, Task, new_id};

const FULL: &str = r#"{
    "title": "Paint the fence", "description": "White.", "tags": ["garden", "weekend"], "priority": "high",
    "estimate": 1.5, "done": true, "due_date": "2027-03-20", "board_id": "01976a00-0000-7000-8000-000000000002"
}"#;

fn full() -> Value {
    serde_json::from_str(FULL).expect("JSON")
}

/// Runs a test against both stores.
fn with_client(test: impl Fn(&mut Client)) {
    for store in Store::ALL {
        let board = Board::start(store);
        test(&mut board.client());
    }
}

fn with_task(test: impl Fn(&mut Client, &Task)) {
    with_client(|client| {
        let task = Task::create(client);
        test(client, &task);
    });
}

#[track_caller]
fn assert_has(document: &Value, members: &Value) {
    for (name, value) in members.as_object().expect("an object") {
        assert_eq!(&document[name], value, "{name} of {document}");
    }
}

/// Rule T6: the tag of a success is the tag that GET gives, and the next `If-Match` takes it.
#[track_caller]
fn assert_tag_is_valid(client: &mut Client, path: &str, written: &Response) {
    let read = client.send(&Request::get(path)).expect(200);
    assert_eq!(read.etag(), written.etag());
    assert_eq!(read.last_modified(), written.last_modified());
    client.send(&Request::get(path).if_none_match(written.etag())).expect(304);
}

#[test]
fn post_creates_under_an_id_of_the_servers() {
    with_client(|client| {
        let created = client.send(&Request::post("/tasks", &full())).expect(201);
        let path = created.header("location").expect("a Location").to_owned();
        assert_has(&created.json(), &full());
        let id = created.json()["id"].as_str().expect("a text").to_owned();
        assert_eq!(path, format!("/tasks/{id}"));
        assert_tag_is_valid(client, &path, &created);
        assert_eq!(client.send(&Request::get(&path)).json(), created.json());
    });
}

#[test]
fn only_the_title_is_required() {
    with_client(|client| {
        let created = client.send(&Request::post("/tasks", &json!({ "title": "x" }))).expect(201).json();
        let defaults = json!({
            "title": "x", "description": "", "tags": [], "estimate": 0.0, "done": false, "due_date": null, "board_id": null,
        });
        assert_has(&created, &defaults);
        client.send(&Request::post("/tasks", &json!({}))).expect_problem(422, &["title"]);
        client.send(&Request::post("/boards", &json!({}))).expect_problem(422, &["name"]);
    });
}

#[test]
fn put_creates_under_an_id_of_the_clients() {
    with_client(|client| {
        let path = format!("/tasks/{}", new_id());
        let created = client.send(&Request::put(&path, &full()).if_none_match("*")).expect(201);
        assert_has(&created.json(), &full());
        assert_tag_is_valid(client, &path, &created);
        let again = Request::put(&path, &json!({ "title": "late" }));
        client.send(&again.clone().if_none_match("*")).expect_problem(412, &["If-None-Match"]);
        client.send(&again).expect_problem(428, &["If-Match"]);
        assert_has(&client.send(&Request::get(&path)).json(), &full());
    });
}

#[test]
fn put_replaces_all_that_a_client_may_write() {
    with_client(|client| {
        let task = Task::create_as(client, &full());
        let replaced =
            client.send(&Request::put(&task.path, &json!({ "title": "y" })).if_match(&task.etag)).expect(200);
        assert_has(
            &replaced.json(),
            &json!({ "title": "y", "description": "", "tags": [], "board_id": null, "done": false }),
        );
        assert_ne!(replaced.etag(), task.etag);
        assert_tag_is_valid(client, &task.path, &replaced);
        assert_eq!(replaced.header("content-location").unwrap_or(&task.path), task.path);
    });
}

#[test]
fn a_merge_patch_changes_what_it_names() {
    with_client(|client| {
        let task = Task::create_as(client, &full());
        let edit = json!({ "done": false, "due_date": null, "tags": ["roof"] });
        let patched = client.send(&Request::patch(&task.path, &edit).if_match(&task.etag)).expect(200);
        assert_has(&patched.json(), &edit);
        assert_has(&patched.json(), &json!({ "title": "Paint the fence", "estimate": 1.5, "priority": "high" }));
        assert_tag_is_valid(client, &task.path, &patched);
    });
}

#[test]
fn a_json_patch_changes_what_it_names() {
    with_client(|client| {
        let task = Task::create_as(client, &full());
        let edit = json!([
            { "op": "test", "path": "/done", "value": true },
            { "op": "replace", "path": "/done", "value": false },
            { "op": "add", "path": "/tags/-", "value": "zinc" },
            { "op": "remove", "path": "/due_date" },
        ]);
        let patched = client.send(&Request::json_patch(&task.path, &edit).if_match(&task.etag)).expect(200);
        assert_has(&patched.json(), &json!({ "done": false, "tags": ["garden", "weekend", "zinc"], "due_date": null }));
        assert_tag_is_valid(client, &task.path, &patched);
    });
}

#[test]
fn a_json_patch_that_does_not_fit_is_409_and_changes_nothing() {
    with_task(|client, task| {
        let before = task.read(client);
        let patches = [
            json!([{ "op": "replace", "path": "/done", "value": true }, { "op": "test", "path": "/title", "value": "no" }]),
            json!([{ "op": "remove", "path": "/tags/7" }]),
            json!([{ "op": "replace", "path": "/nothing/here", "value": 1 }]),
        ];
        for patch in patches {
            client.send(&Request::json_patch(&task.path, &patch).if_match(&task.etag)).expect_problem(409, &["/"]);
        }
        let after = task.read(client);
        assert_eq!((after.etag(), after.body), (before.etag(), before.body));
    });
}

#[test]
fn a_patch_that_is_none_is_refused() {
    with_task(|client, task| {
        let patch = |body: &Value| Request::json_patch(&task.path, body).if_match(&task.etag);
        client.send(&patch(&json!({ "op": "remove" }))).expect_problem(400, &[]);
        client.send(&patch(&json!([{ "op": "explode", "path": "/title" }]))).expect_problem(400, &["explode"]);
        let merge = |body: &Value| Request::patch(&task.path, body).if_match(&task.etag);
        client.send(&merge(&json!({ "title": null }))).expect_problem(422, &["title"]);
        client.send(&merge(&json!({ "estimate": "much" }))).expect_problem(422, &["estimate"]);
        client.send(&merge(&json!(7))).expect_problem(422, &[]);
        assert_eq!(task.read(client).etag(), task.etag);
    });
}

#[test]
fn delete_removes_once() {
    with_task(|client, task| {
        let delete = Request::delete(&task.path);
        client.send(&delete).expect_problem(428, &["If-Match"]);
        client.send(&delete.clone().if_match(r#""stale""#)).expect_problem(412, &["If-Match"]);
        let deleted = client.send(&delete.clone().if_match(&task.etag)).expect(204);
        assert_eq!(deleted.header("etag"), None);
        client.send(&Request::get(&task.path)).expect_problem(404, &[]);
        client.send(&delete.if_match(&task.etag)).expect_problem(404, &[]);
    });
}

#[test]
fn every_tag_of_a_success_is_taken_by_the_next_write() {
    with_client(|client| {
        let path = format!("/tasks/{}", new_id());
        let mut etag = client.send(&Request::put(&path, &full())).expect(201).etag();
        for number in 0..3 {
            let put = Request::put(&path, &json!({ "title": format!("put {number}") }));
            etag = client.send(&put.if_match(etag)).expect(200).etag();
            let merge = Request::patch(&path, &json!({ "title": format!("merge {number}") }));
            etag = client.send(&merge.if_match(etag)).expect(200).etag();
            let operations = json!([{ "op": "replace", "path": "/title", "value": format!("patch {number}") }]);
            etag = client.send(&Request::json_patch(&path, &operations).if_match(etag)).expect(200).etag();
            let minimal = Request::patch(&path, &json!({ "title": format!("minimal {number}") }));
            etag = client.send(&minimal.header("Prefer", "return=minimal").if_match(etag)).etag();
            let head = client.send(&Request::new("HEAD", &path)).expect(200);
            assert_eq!(head.etag(), etag);
        }
        client.send(&Request::delete(&path).if_match(etag)).expect(204);
    });
}

/// Rule P7.
#[test]
fn a_write_that_changes_nothing_keeps_the_tag() {
    with_task(|client, task| {
        let before = task.read(client);
        let again = client.send(&Request::put(&task.path, &before.json()).if_match(&task.etag)).expect(200);
        assert_eq!((again.etag(), again.last_modified()), (task.etag.clone(), task.last_modified.clone()));
        let nothing = client.send(&Request::patch(&task.path, &json!({})).if_match(&task.etag)).expect(200);
        assert_eq!(nothing.etag(), task.etag);
        assert_eq!(task.read(client).body, before.body);
    });
}

#[test]
fn head_has_the_headers_of_get_and_no_body() {
    with_task(|client, task| {
        for path in [task.path.as_str(), "/tasks", "/tasks/nobody", "/openapi.json"] {
            let (get, head) = (client.send(&Request::get(path)), client.send(&Request::new("HEAD", path)));
            assert_eq!(get.status, head.status, "{path}");
            assert!(head.body.is_empty());
            let of = |response: &Response| {
                let mut headers = response.headers.clone();
                headers.retain(|(name, _)| name != "date");
                headers.sort();
                headers
            };
            assert_eq!(of(&get), of(&head), "{path}");
        }
    });
}

#[test]
fn options_tells_what_can_be_done() {
    with_task(|client, task| {
        let item = client.send(&Request::new("OPTIONS", &task.path));
        assert!([200, 204].contains(&item.status), "{item:?}");
        assert_eq!(sorted(item.members("allow")), ["delete", "get", "head", "options", "patch", "put"]);
        let accept = item.members("accept-patch");
        assert!(accept.contains(&"application/merge-patch+json".to_owned()), "{item:?}");
        assert!(accept.contains(&"application/json-patch+json".to_owned()), "{item:?}");
        let list = client.send(&Request::new("OPTIONS", "/tasks"));
        assert_eq!(sorted(list.members("allow")), ["get", "head", "options", "post"]);
    });
}

fn sorted(mut members: Vec<String>) -> Vec<String> {
    members.sort();
    members
}

#[test]
fn another_method_is_405_with_allow() {
    with_task(|client, task| {
        for (method, path) in
            [("POST", task.path.as_str()), ("PROPFIND", &task.path), ("DELETE", "/tasks"), ("PUT", "/tasks")]
        {
            let answer = client.send(&Request::new(method, path)).expect_problem(405, &[]);
            assert!(answer.members("allow").contains(&"get".to_owned()), "{answer:?}");
        }
        // 405 comes before the condition.
        client.send(&Request::new("POST", &task.path).if_match("abc")).expect(405);
    });
}

#[test]
fn another_media_type_is_415() {
    with_task(|client, task| {
        let text = |request: Request| request.if_match(&task.etag).body("text/plain", "{\"title\":\"x\"}");
        client.send(&text(Request::new("PUT", &task.path))).expect_problem(415, &["application/json"]);
        client.send(&text(Request::new("POST", "/tasks"))).expect_problem(415, &["application/json"]);
        let patch = client.send(&text(Request::new("PATCH", &task.path))).expect_problem(415, &[]);
        assert!(patch.members("accept-patch").contains(&"application/merge-patch+json".to_owned()), "{patch:?}");
        let untyped = Request::new("PUT", &task.path).if_match(&task.etag).with_bytes("{\"title\":\"x\"}");
        client.send(&untyped).expect_problem(415, &["application/json"]);
        // 415 comes before 404 and the condition.
        client.send(&Request::new("PATCH", format!("/tasks/{}", new_id())).body("text/plain", "x")).expect(415);
        client.send(&Request::new("PUT", &task.path).if_match("abc").body("text/plain", "x")).expect(415);
        assert_eq!(task.read(client).etag(), task.etag);
    });
}

#[test]
fn parameters_of_the_media_type_are_accepted() {
    with_task(|client, task| {
        let put = Request::new("PUT", &task.path).if_match(&task.etag);
        client.send(&put.body("Application/JSON; charset=utf-8", "{\"title\":\"x\"}")).expect(200);
    });
}

#[test]
fn prefer_minimal_leaves_the_body_out() {
    with_task(|client, task| {
        let minimal = |request: Request| request.header("Prefer", "return=minimal");
        let created = client.send(&minimal(Request::post("/tasks", &full()))).expect(201);
        assert!(created.body.is_empty() && created.header("location").is_some(), "{created:?}");
        let replaced = client.send(&minimal(Request::put(&task.path, &full()).if_match(&task.etag)));
        assert!([200, 204].contains(&replaced.status) && replaced.body.is_empty(), "{replaced:?}");
        assert_eq!(replaced.header("preference-applied"), Some("return=minimal"));
        assert_tag_is_valid(client, &task.path, &replaced);
    });
}

/// RFC 8144 §3.2.
#[test]
fn prefer_representation_shows_the_current_state_in_a_412() {
    with_task(|client, task| {
        let put = Request::put(&task.path, &full()).if_match(r#""stale""#).header("Prefer", "return=representation");
        let failed = client.send(&put).expect(412);
        assert_eq!(failed.header("content-type"), Some("application/json"));
        assert_eq!(failed.header("preference-applied"), Some("return=representation"));
        assert_eq!(failed.header("content-location"), Some(task.path.as_str()));
        assert_eq!(failed.etag(), task.etag);
        assert_eq!(failed.json(), task.read(client).json());
    });
}

#[test]
fn a_broken_rule_is_422_that_names_each_field() {
    with_task(|client, task| {
        let put = |body: Value| Request::put(&task.path, &body).if_match(&task.etag);
        client.send(&put(json!({ "title": "" }))).expect_problem(422, &["/title", "empty"]);
        client.send(&put(json!({ "title": "   " }))).expect_problem(422, &["/title"]);
        client.send(&put(json!({ "title": "é".repeat(201) }))).expect_problem(422, &["/title", "200"]);
        client.send(&put(json!({ "title": "é".repeat(200) }))).expect(200);
        let both = json!({ "title": "", "estimate": -1, "tags": [" "] });
        client.send(&Request::post("/tasks", &both)).expect_problem(422, &["/title", "/estimate", "/tags"]);
        let patch = Request::patch(&task.path, &json!({ "title": "" })).if_match("*");
        client.send(&patch).expect_problem(422, &["/title"]);
        client.send(&Request::post("/boards", &json!({ "name": "" }))).expect_problem(422, &["/name"]);
    });
}

#[test]
fn a_member_of_the_wrong_type_is_422_that_names_it() {
    with_client(|client| {
        let wrong = [
            ("title", json!(7)),
            ("tags", json!("a")),
            ("estimate", json!("1")),
            ("done", json!("yes")),
            ("priority", json!("urgent")),
            ("due_date", json!("2027-02-30")),
            ("board_id", json!("nobody")),
            ("tags/1", json!(["a", 1])),
        ];
        for (pointer, value) in wrong {
            let mut body = json!({ "title": "x" });
            body[pointer.split('/').next().expect("a name")] = value;
            client.send(&Request::post("/tasks", &body)).expect_problem(422, &[&format!("/{pointer}")]);
        }
    });
}

#[test]
fn the_stale_condition_is_told_before_the_broken_rule() {
    with_task(|client, task| {
        client.send(&Request::put(&task.path, &json!({ "title": "" })).if_match(r#""stale""#)).expect(412);
        client.send(&Request::put(&task.path, &json!({ "title": "" }))).expect(428);
        client.send(&Request::patch(&task.path, &json!({ "title": "" })).if_match(r#""stale""#)).expect(412);
    });
}

#[test]
fn what_is_not_json_is_400_that_names_the_line() {
    with_task(|client, task| {
        let broken = "{\n  \"title\": \"x\",\n  oops\n}";
        let put = |body: &str| Request::new("PUT", &task.path).if_match(&task.etag).body("application/json", body);
        client.send(&put(broken)).expect_problem(400, &["line 3"]);
        client.send(&Request::new("POST", "/tasks").body("application/json", broken)).expect_problem(400, &["line 3"]);
        client.send(&put("")).expect_problem(400, &[]);
        client.send(&put("{} {}")).expect_problem(400, &[]);
        client.send(&put(&"[".repeat(100_000))).expect_problem(400, &[]);
        client.send(&put("[]")).expect_problem(422, &["object"]);
    });
}

#[test]
fn a_body_that_is_too_long_is_413() {
    with_task(|client, task| {
        let long = json!({ "title": "x", "description": "x".repeat(1_500_000) });
        let mut own =
            |request: Request| client.send(&request.header("Connection", "close")).expect_problem(413, &["bytes"]);
        own(Request::post("/tasks", &long));
        own(Request::put(&task.path, &long).if_match(&task.etag));
        assert_eq!(task.read(client).etag(), task.etag);
    });
}

#[test]
fn the_id_is_the_paths() {
    with_task(|client, task| {
        let put = |id: Value| Request::put(&task.path, &json!({ "id": id, "title": "x" })).if_match("*");
        client.send(&put(json!(new_id()))).expect_problem(422, &["/id"]);
        client.send(&put(json!(7))).expect_problem(422, &["/id"]);
        let own = task.path.trim_start_matches("/tasks/");
        client.send(&put(json!(own))).expect(200);
        client
            .send(&Request::patch(&task.path, &json!({ "id": new_id() })).if_match("*"))
            .expect_problem(422, &["/id"]);
    });
}

#[test]
fn what_the_store_fills_in_cannot_be_set() {
    with_task(|client, task| {
        let forged = json!({
            "title": "x", "revision": 4711, "created_at": "1999-01-01T00:00:00Z", "modified_at": "2999-01-01T00:00:00Z",
        });
        let before = task.read(client).json();
        // A PUT may send back what GET gave, so what it says of these is passed over …
        let after = client.send(&Request::put(&task.path, &forged).if_match("*")).expect(200).json();
        assert_eq!(after["created_at"], before["created_at"]);
        assert_ne!(after["modified_at"], forged["modified_at"]);
        assert_ne!(after["revision"], forged["revision"]);
        // … but a patch names what it wants to change.
        let patch = Request::patch(&task.path, &forged).if_match("*");
        client.send(&patch).expect_problem(422, &["/created_at", "/modified_at", "/revision"]);
        let created = client.send(&Request::post("/tasks", &forged)).expect(201).json();
        assert_ne!(created["created_at"], forged["created_at"]);
        assert_ne!(created["revision"], forged["revision"]);
    });
}

#[test]
fn what_is_no_id_names_no_resource() {
    with_client(|client| {
        let upper = new_id().to_uppercase();
        for id in ["nobody", "0", "%00", "%ff", "a%2fb", upper.as_str(), &"x".repeat(5000)] {
            let path = format!("/tasks/{id}");
            client.send(&Request::get(&path)).expect_client_error();
            client.send(&Request::put(&path, &full())).expect_client_error();
            client.send(&Request::delete(&path).if_match("*")).expect_client_error();
        }
        for path in ["/", "/nothing", "/tasks/", "/tasks//", "/tasks/x/y"] {
            client.send(&Request::get(path)).expect(404);
        }
    });
}

#[test]
fn a_repeat_under_an_idempotency_key_is_answered_as_the_first() {
    with_task(|client, task| {
        let key = format!("\"{}\"", new_id());
        let once = |request: Request| request.header("Idempotency-Key", &key);
        let put = once(Request::put(&task.path, &full()).if_match(&task.etag));
        let first = client.send(&put).expect(200);
        let repeat = client.send(&put).expect(200);
        assert_eq!((repeat.etag(), &repeat.body), (first.etag(), &first.body));
        let other = once(Request::put(&task.path, &json!({ "title": "other" })).if_match(first.etag()));
        client.send(&other).expect_problem(422, &["Idempotency-Key"]);
        assert_eq!(task.read(client).etag(), first.etag());
    });
}

#[test]
fn a_repeated_post_creates_one_task() {
    with_client(|client| {
        let post = Request::post("/tasks", &full()).header("Idempotency-Key", new_id());
        let (first, repeat) = (client.send(&post).expect(201), client.send(&post).expect(201));
        assert_eq!(first.header("location"), repeat.header("location"));
        assert_eq!(first.etag(), repeat.etag());
    });
}

#[test]
fn a_repeated_delete_is_answered_as_the_first() {
    with_task(|client, task| {
        let delete = Request::delete(&task.path).if_match(&task.etag).header("Idempotency-Key", new_id());
        client.send(&delete).expect(204);
        client.send(&delete).expect(204);
    });
}

#[test]
fn browsers_see_the_tag_and_may_send_conditions() {
    with_task(|client, task| {
        let read = client.send(&Request::get(&task.path).header("Origin", "https://page.test")).expect(200);
        assert!(read.header("access-control-allow-origin").is_some(), "{read:?}");
        assert!(read.members("access-control-expose-headers").contains(&"etag".to_owned()), "{read:?}");
        let preflight = Request::new("OPTIONS", &task.path)
            .header("Origin", "https://page.test")
            .header("Access-Control-Request-Method", "PUT")
            .header("Access-Control-Request-Headers", "if-match,content-type");
        let allowed = client.send(&preflight);
        assert!(allowed.is_success(), "{allowed:?}");
        assert!(allowed.members("access-control-allow-headers").contains(&"if-match".to_owned()), "{allowed:?}");
        assert!(allowed.members("access-control-allow-methods").contains(&"put".to_owned()), "{allowed:?}");
    });
}
