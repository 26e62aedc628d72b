//! How much is read, and what is said past that (rule H6); conditions and paths that can't be read.

use etag_axum::{Api, Limits, Resource};
use etag_core::{MemoryStore, TagLimits};
use http::{HeaderValue, Request};

use crate::support::*;

fn limited(limits: Limits) -> Client {
    Client(Api::new(MemoryStore::new()).resource(Resource::<Task>::new()).limits(limits).router())
}

#[tokio::test]
async fn a_body_past_the_limit_is_413() {
    let api = limited(Limits { body_bytes: 20, ..Limits::default() });
    let refused = api.put("/tasks/1", &[], format!(r#"{{"title":"{}"}}"#, "x".repeat(20))).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (413, "body-too-large".to_owned()));
    assert!(refused.json()["detail"].as_str().unwrap().contains("20 bytes"));
    assert_eq!(api.put("/tasks/1", &[], r#"{"title":"milk"}"#).await.status, 201);
}

#[tokio::test]
async fn conditions_past_a_limit_are_431_on_every_method() {
    let api = limited(Limits { tags: TagLimits { bytes: 100, tags: 2 }, ..Limits::default() });
    api.create("/tasks/1", "milk").await;
    let many = "If-None-Match: \"1\", \"2\", \"3\"";
    let long = format!("If-Match: \"{}\"", "x".repeat(100));
    for condition in [many, &long] {
        for line in ["GET /tasks/1", "HEAD /tasks/1", "DELETE /tasks/1", "GET /tasks"] {
            assert_eq!(api.call(line, &[condition], "").await.status, 431, "{line} {condition}");
        }
        let refused = api.put("/tasks/1", &[condition], "{").await;
        assert_eq!((refused.status.as_u16(), refused.problem()), (431, "condition-too-large".to_owned()));
    }
}

#[tokio::test]
async fn ten_thousand_tags_are_refused_and_a_thousand_are_read() {
    let api = tasks();
    let etag = api.create("/tasks/1", "milk").await;
    let list = |count: usize| format!("If-Match: {}{etag}", "\"x\", ".repeat(count - 1));
    assert_eq!(api.put("/tasks/1", &[&list(1000)], r#"{"title":"eggs"}"#).await.status, 200);
    assert_eq!(api.put("/tasks/1", &[&list(10_000)], r#"{"title":"tea"}"#).await.status, 431);
}

#[tokio::test]
async fn a_malformed_condition_names_header_line_and_byte() {
    let api = tasks();
    api.create("/tasks/1", "milk").await;
    let refused = api.put("/tasks/1", &["If-Match: \"1\"", "If-Match: \"2\" \"3\""], "{}").await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (400, "malformed-condition".to_owned()));
    let problem = refused.json();
    assert_eq!((&problem["header"], &problem["line"], &problem["byte"]), (&"If-Match".into(), &2.into(), &5.into()));
}

#[tokio::test]
async fn malformed_is_never_absent() {
    let api = tasks();
    for condition in [
        "If-None-Match: abc",
        "If-Match: 1",
        "If-Match: ",
        "If-None-Match: *, \"1\"",
        "If-Match: \"1",
        "If-Match: w/\"1\"",
    ] {
        assert_eq!(api.put("/tasks/1", &[condition], r#"{"title":"milk"}"#).await.status, 400, "{condition}");
    }
    assert_eq!(api.get("/tasks/1", &[]).await.status, 404);
}

#[tokio::test]
async fn bytes_from_0x80_are_read_in_tags() {
    let api = tasks();
    let etag = api.create("/tasks/1", "milk").await;
    let condition = [b"\"\xE9\", ", etag.as_bytes()].concat();
    let request = Request::get("/tasks/1").header("if-none-match", HeaderValue::from_bytes(&condition).unwrap());
    assert_eq!(api.send(request.body("".into()).unwrap()).await.status, 304);
}

#[tokio::test]
async fn an_id_past_the_limit_names_nothing() {
    let api = limited(Limits { id_bytes: 3, ..Limits::default() });
    assert_eq!(api.get("/tasks/1234", &[]).await.status, 404);
    let refused = api.put("/tasks/1234", &[], r#"{"title":"milk"}"#).await;
    assert_eq!((refused.status.as_u16(), refused.problem()), (400, "malformed-path".to_owned()));
    assert_eq!(api.put("/tasks/123", &[], r#"{"title":"milk"}"#).await.status, 201);
}

#[tokio::test]
async fn a_path_that_cant_be_read_is_400() {
    let api = tasks();
    for path in ["/tasks/%zz", "/tasks/%", "/tasks/%2", "/tasks/%FF"] {
        for line in ["GET", "HEAD", "PUT", "DELETE", "PATCH"] {
            let content_type = "Content-Type: application/merge-patch+json";
            let kind = if line == "PATCH" { content_type } else { "Content-Type: application/json" };
            assert_eq!(api.call(&format!("{line} {path}"), &[kind], "{}").await.status, 400, "{line} {path}");
        }
    }
}

#[tokio::test]
async fn ids_may_hold_what_paths_encode() {
    let api = tasks();
    for (path, id) in
        [("/tasks/a%2Fb", "a/b"), ("/tasks/a%25b", "a%b"), ("/tasks/%C3%A9%20", "é "), ("/tasks/a+b", "a+b")]
    {
        let created = api.put(path, &[], r#"{"title":"milk"}"#).await;
        assert_eq!((created.status.as_u16(), created.json()["id"].as_str()), (201, Some(id)));
        let location = created.header("location").unwrap();
        assert_eq!(api.get(location, &[]).await.json()["id"], id, "{location}");
    }
}
