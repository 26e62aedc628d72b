//! GET of a collection.

use etag_axum::{Api, Resource};

use crate::{spy::Spy, support::*};

async fn with_tasks(count: usize) -> Client {
    let api = serve(Resource::<Task>::new().page_size(2, 3));
    for id in 1..=count {
        api.create(&format!("/tasks/{id}"), "milk").await;
    }
    api
}

#[tokio::test]
async fn a_list_gives_each_value_with_its_tag() {
    let api = with_tasks(2).await;
    let list = api.get("/tasks", &[]).await;
    assert_eq!(list.status, 200);
    assert_eq!(list.header("content-type"), Some("application/json"));
    for (item, id) in [(0, "1"), (1, "2")] {
        let got = api.get(&format!("/tasks/{id}"), &[]).await;
        assert_eq!(list.json()["items"][item]["value"], got.json());
        assert_eq!(list.json()["items"][item]["etag"].as_str(), Some(&*got.etag()));
    }
    assert_eq!((list.json().get("next"), list.header("link")), (None, None));
}

#[tokio::test]
async fn an_empty_collection_is_an_empty_list() {
    let list = tasks().get("/tasks", &[]).await;
    assert_eq!((list.status.as_u16(), &list.body[..]), (200, &br#"{"items":[]}"#[..]));
}

#[tokio::test]
async fn pages_follow_each_other_by_cursor_and_link() {
    let api = with_tasks(5).await;
    let (mut path, mut seen) = ("/tasks".to_owned(), Vec::new());
    loop {
        let page = api.get(&path, &[]).await;
        seen.extend(
            page.json()["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|item| item["value"]["id"].as_str().unwrap().to_owned()),
        );
        let Some(link) = page.header("link") else { break };
        path = link.strip_prefix('<').and_then(|link| link.strip_suffix(">; rel=\"next\"")).unwrap().to_owned();
        assert!(path.ends_with(page.json()["next"].as_str().unwrap()));
    }
    assert_eq!(seen, ["1", "2", "3", "4", "5"]);
}

#[tokio::test]
async fn the_tag_of_a_list_changes_with_its_members_only() {
    let api = with_tasks(2).await;
    let etag = api.get("/tasks", &[]).await.etag();
    assert!(!etag.starts_with("W/"));
    assert_eq!(api.get("/tasks", &[&if_none_match(&etag)]).await.status, 304);
    api.put("/tasks/1", &["If-Match: *"], r#"{"title":"eggs"}"#).await;
    let edited = api.get("/tasks", &[&if_none_match(&etag)]).await;
    assert_eq!(edited.status, 200);
    api.delete("/tasks/2", &["If-Match: *"]).await;
    let shorter = api.get("/tasks", &[&if_none_match(&edited.etag())]).await;
    assert_eq!(shorter.status, 200);
    api.create("/tasks/3", "milk").await;
    let with_another = api.get("/tasks", &[&if_none_match(&shorter.etag())]).await;
    assert_eq!(with_another.status, 200);
    api.create("/tasks/4", "milk").await;
    let with_next = api.get("/tasks", &[&if_none_match(&with_another.etag())]).await;
    assert_eq!(with_next.status, 200, "the page now has a next one");
}

#[tokio::test]
async fn pages_of_other_queries_have_other_tags() {
    let api = with_tasks(1).await;
    let etag = api.get("/tasks", &[]).await.etag();
    assert_ne!(api.get("/tasks?limit=1", &[]).await.etag(), etag);
}

#[tokio::test]
async fn a_304_of_a_list_reads_tags_only_and_has_what_a_cache_needs() {
    let spy = Spy::default();
    let api = Client(Api::new(spy.clone()).resource(Resource::<Task>::new()).router());
    api.create("/tasks/1", "milk").await;
    let etag = api.get("/tasks", &[]).await.etag();
    spy.calls();
    let known = api.get("/tasks", &[&if_none_match(&etag)]).await;
    assert_eq!((known.status.as_u16(), known.etag(), known.header("cache-control")), (304, etag, Some("no-cache")));
    assert_eq!(spy.calls().into_iter().collect::<Vec<_>>(), [("scan_tags", 1)]);
}

#[tokio::test]
async fn a_condition_on_a_list_that_fails_is_412() {
    let api = with_tasks(1).await;
    let failed = api.get("/tasks", &["If-Match: \"x\""]).await;
    assert_eq!((failed.status.as_u16(), failed.problem()), (412, "condition-failed".to_owned()));
    assert_eq!(api.get("/tasks", &["If-Match: abc"]).await.status, 400);
    assert_eq!(api.get("/tasks", &["If-None-Match: abc"]).await.status, 200);
}

#[tokio::test]
async fn a_query_that_means_nothing_is_400() {
    let api = with_tasks(3).await;
    let next = api.get("/tasks", &[]).await.json()["next"].as_str().unwrap().to_owned();
    let tampered = next.replace(|_: char| true, "A");
    for query in [
        "limit=0",
        "limit=4",
        "limit=-1",
        "limit=x",
        "limit=1&limit=2",
        "cursor=",
        "cursor=x",
        "page=2",
        &format!("cursor={tampered}"),
    ] {
        let refused = api.get(&format!("/tasks?{query}"), &[]).await;
        assert_eq!(refused.status, 400, "{query}");
        assert_eq!(refused.problem(), "malformed-query");
    }
    assert_eq!(api.get(&format!("/tasks?limit=1&cursor={next}"), &[]).await.status, 200);
}

#[tokio::test]
async fn a_nested_router_gives_paths_as_the_client_sees_them() {
    let Client(router) = with_tasks(3).await;
    let api = Client(axum::Router::new().nest("/v1", router));
    assert!(api.get("/v1/tasks", &[]).await.header("link").unwrap().starts_with("</v1/tasks?limit=2&cursor="));
    assert_eq!(api.put("/v1/tasks/a%20b", &[], r#"{"title":"x"}"#).await.header("location"), Some("/v1/tasks/a%20b"));
    assert_eq!(api.get("/v1/tasks/none", &[]).await.json()["instance"], "/v1/tasks/none");
}
