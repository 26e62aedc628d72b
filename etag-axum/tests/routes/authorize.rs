//! The hooks (rule H8).

use etag_axum::{AccessRequest, Action, Api, Denied, Principal, Resource, ValueAccess};
use etag_core::MemoryStore;
use http::HeaderValue;

use crate::{spy::Spy, support::*};

/// Lets each caller do what its `Authorization` lists, and hides the rest.
fn by_action(request: &AccessRequest) -> Result<Principal, Denied> {
    let allowed = request.parts.headers.get("authorization").map(HeaderValue::to_str).unwrap().unwrap();
    let action = format!("{:?}", request.action);
    if allowed.split(' ').any(|one| one == action) { Ok(Principal::new("ada")) } else { Err(Denied::Hidden) }
}

fn hidden() -> Client {
    let hook = |request: AccessRequest| async move { by_action(&request) };
    Client(Api::new(MemoryStore::new()).resource(Resource::<Task>::new()).authorize(hook).router())
}

const ALL: &str = "Authorization: List Create Read Replace Patch Delete Describe";

#[tokio::test]
async fn hidden_and_missing_answer_alike() {
    let api = hidden();
    assert_eq!(api.put("/tasks/1", &[ALL], r#"{"title":"milk"}"#).await.status, 201);
    let none = "Authorization: none";
    let (hidden, missing) = (api.get("/tasks/1", &[none]).await, api.get("/tasks/2", &[ALL]).await);
    assert_eq!((hidden.status, &hidden.headers), (missing.status, &missing.headers));
    assert_eq!(hidden.json()["detail"], missing.json()["detail"]);
    assert_eq!(api.get("/tasks/1", &[none, "If-None-Match: *"]).await.status, 404);
    assert_eq!(api.put("/tasks/1", &[none, "If-Match: *"], "{}").await.status, 404);
}

#[tokio::test]
async fn who_may_write_but_not_read_learns_nothing_from_a_412() {
    let api = hidden();
    api.put("/tasks/1", &[ALL], r#"{"title":"milk"}"#).await;
    let writer = "Authorization: Replace Patch Delete";
    let headers = [writer, "If-Match: \"x\"", "Prefer: return=representation"];
    for refused in [
        api.put("/tasks/1", &headers, r#"{"title":"eggs"}"#).await,
        api.merge("/tasks/1", &headers, r#"{"title":"eggs"}"#).await,
        api.delete("/tasks/1", &headers).await,
    ] {
        assert_eq!((refused.status.as_u16(), refused.problem()), (412, "condition-failed".to_owned()));
        assert_eq!((refused.header("etag"), refused.header("last-modified")), (None, None));
        assert!(refused.json().get("state").is_none());
    }
    let patched = api.merge("/tasks/1", &[writer, "If-Match: *"], r#"{"tags":["a"]}"#).await;
    assert_eq!((patched.status.as_u16(), patched.body.len()), (204, 0), "the title is not theirs to see");
}

#[tokio::test]
async fn a_hook_that_denies_reads_leaves_lists_to_themselves() {
    let api = hidden();
    api.put("/tasks/1", &[ALL], r#"{"title":"milk"}"#).await;
    let lister = "Authorization: List";
    assert_eq!(api.get("/tasks/1", &[lister]).await.status, 404);
    assert_eq!(api.get("/tasks", &[lister]).await.json()["items"][0]["value"]["title"], "milk");
}

#[tokio::test]
async fn no_hook_is_asked_for_the_description_or_a_path_of_no_resource() {
    let api = hidden();
    assert_eq!(api.get("/openapi.json", &[]).await.status, 200);
    for path in ["/task", "/tasks/1/2", "/"] {
        let answer = api.get(path, &[]).await;
        assert_eq!((answer.status.as_u16(), answer.body.len()), (404, 0), "{path}");
    }
}

#[tokio::test]
async fn restricted_reads_are_private() {
    let api = hidden();
    let etag = api.put("/tasks/1", &[ALL], r#"{"title":"milk"}"#).await.etag();
    for path in ["/tasks/1", "/tasks", "/tasks/none"] {
        assert_eq!(api.get(path, &[ALL]).await.header("cache-control"), Some("private, no-cache"), "{path}");
    }
    let known = api.get("/tasks/1", &[ALL, &if_none_match(&etag)]).await;
    assert_eq!((known.status.as_u16(), known.header("cache-control")), (304, Some("private, no-cache")));
}

#[tokio::test]
async fn the_hook_sees_action_key_and_method() {
    let hook = |request: AccessRequest| async move {
        let key = request.key.map_or("-".to_owned(), |key| key.to_string());
        let seen = format!("{:?} {} {key} {}", request.action, request.collection, request.parts.method);
        Err(Denied::Unauthenticated(HeaderValue::try_from(seen).unwrap()))
    };
    let api = Client(Api::new(MemoryStore::new()).resource(Resource::<Task>::new()).authorize(hook).router());
    for (line, seen) in [
        ("GET /tasks", "List tasks - GET"),
        ("HEAD /tasks/a%20b", "Read tasks tasks/a b HEAD"),
        ("PUT /tasks/1", "Replace tasks tasks/1 PUT"),
        ("PATCH /tasks/1", "Patch tasks tasks/1 PATCH"),
        ("DELETE /tasks/%zz", "Delete tasks - DELETE"),
        ("POST /tasks/1", "Describe tasks tasks/1 POST"),
        ("OPTIONS /tasks", "Describe tasks - OPTIONS"),
    ] {
        assert_eq!(api.call(line, &[], "").await.header("www-authenticate"), Some(seen));
    }
}

/// Tasks belong to whom their first tag names; nobody else sees them or touches them.
fn owned(access: &ValueAccess<'_, Task>) -> Result<(), Denied> {
    let owns = |task: &Task| task.tags.first().is_some_and(|owner| owner == access.principal.name());
    if access.stored.is_some_and(|task| !owns(task)) {
        return Err(Denied::Hidden);
    }
    if access.new.is_some_and(|task| !owns(task)) { Err(Denied::Forbidden) } else { Ok(()) }
}

fn owners(spy: Spy) -> Client {
    let who = |request: AccessRequest| async move {
        let name = request.parts.headers.get("authorization").map_or("", |name| name.to_str().unwrap());
        Ok(Principal::new(name))
    };
    Client(Api::new(spy).resource(Resource::<Task>::new().authorize_value(owned)).authorize(who).router())
}

const ADA: &str = "Authorization: ada";
const BOB: &str = "Authorization: bob";
const HERS: &str = r#"{"title":"milk","tags":["ada"]}"#;

#[tokio::test]
async fn the_value_hook_guards_each_method() {
    let api = owners(Spy::default());
    let etag = api.put("/tasks/1", &[ADA], HERS).await.etag();
    assert_eq!(api.get("/tasks/1", &[ADA]).await.status, 200);
    assert_eq!(api.get("/tasks/1", &[ADA, &if_none_match(&etag)]).await.status, 304);
    for headers in [&[BOB][..], &[BOB, &if_none_match(&etag)], &[BOB, "If-Match: \"x\""]] {
        assert_eq!(api.get("/tasks/1", headers).await.status, 404, "{headers:?}");
        assert_eq!(api.put("/tasks/1", headers, HERS).await.status, 404, "{headers:?}");
        assert_eq!(api.merge("/tasks/1", headers, "{}").await.status, 404, "{headers:?}");
        assert_eq!(api.delete("/tasks/1", headers).await.status, 404, "{headers:?}");
    }
    assert_eq!(api.put("/tasks/1", &[ADA, &if_match(&etag)], r#"{"title":"x","tags":["bob"]}"#).await.status, 403);
    assert_eq!(api.put("/tasks/2", &[BOB], HERS).await.status, 403);
    assert_eq!(api.put("/tasks/1", &[ADA, &if_match(&etag)], r#"{"title":"x","tags":["ada"]}"#).await.status, 200);
    assert_eq!(api.delete("/tasks/1", &[ADA, "If-Match: *"]).await.status, 204);
}

#[tokio::test]
async fn lists_leave_out_what_the_value_hook_hides_and_so_do_their_tags() {
    let api = owners(Spy::default());
    api.put("/tasks/1", &[ADA], HERS).await;
    let before = api.get("/tasks", &[BOB]).await;
    assert_eq!(&before.body[..], br#"{"items":[]}"#);
    api.put("/tasks/1", &[ADA, "If-Match: *"], r#"{"title":"eggs","tags":["ada"]}"#).await;
    assert_eq!(api.get("/tasks", &[BOB, &if_none_match(&before.etag())]).await.status, 304);
    assert_eq!(api.get("/tasks", &[ADA]).await.json()["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_was_authorised_is_what_is_written() {
    let spy = Spy::default();
    let api = owners(spy.clone());
    api.put("/tasks/1", &[ADA], HERS).await;
    // Between the hook's look and the commit the task becomes nobody's.
    spy.meddle(1);
    assert_eq!(api.put("/tasks/1", &[ADA, "If-Match: *"], HERS).await.status, 404);
    spy.meddle(1);
    assert_eq!(api.put("/tasks/2", &[ADA], HERS).await.status, 404);
    api.put("/tasks/3", &[ADA], HERS).await;
    spy.meddle(1);
    assert_eq!(api.delete("/tasks/3", &[ADA, "If-Match: *"]).await.status, 404);
    api.put("/tasks/4", &[ADA], HERS).await;
    spy.meddle(1);
    assert_eq!(api.merge("/tasks/4", &[ADA, "If-Match: *"], r#"{"tags":["ada"]}"#).await.status, 404);
}

#[tokio::test]
async fn the_value_hook_learns_the_action() {
    let hook = |access: &ValueAccess<'_, Task>| match access.action {
        Action::Delete => Err(Denied::Forbidden),
        _ => Ok(()),
    };
    let api = serve(Resource::<Task>::new().authorize_value(hook));
    let etag = api.create("/tasks/1", "milk").await;
    assert_eq!(api.delete("/tasks/1", &[&if_match(&etag)]).await.status, 403);
    assert_eq!(api.merge("/tasks/1", &[&if_match(&etag)], r#"{"title":"eggs"}"#).await.status, 200);
}
