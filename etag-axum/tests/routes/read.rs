//! GET and HEAD of a resource.

use etag_axum::{Api, Resource};
use http::HeaderValue;

use crate::{spy::Spy, support::*};

#[tokio::test]
async fn get_answers_the_stored_bytes_with_their_tag() {
    let api = tasks();
    let etag = api.create("/tasks/1", "milk").await;
    let got = api.get("/tasks/1", &[]).await;
    assert_eq!((got.status.as_u16(), got.etag()), (200, etag));
    assert_eq!(&got.body[..], br#"{"id":"1","title":"milk","tags":[]}"#);
    assert_eq!(got.header("content-type"), Some("application/json"));
    assert_eq!(got.header("content-length"), Some("35"));
    assert_eq!(got.header("cache-control"), Some("no-cache"));
    assert!(got.header("last-modified").is_some());
}

#[tokio::test]
async fn head_answers_as_get_without_the_body() {
    let api = tasks();
    api.create("/tasks/1", "milk").await;
    let (get, head) = (api.get("/tasks/1", &[]).await, api.call("HEAD /tasks/1", &[], "").await);
    assert_eq!((head.status, head.headers), (get.status, get.headers));
    assert!(head.body.is_empty());
    assert_eq!(api.call("HEAD /tasks/2", &[], "").await.status, 404);
}

#[tokio::test]
async fn a_known_tag_is_304_with_what_a_cache_needs() {
    let api = tasks();
    let etag = api.create("/tasks/1", "milk").await;
    for condition in [etag.clone(), format!("W/{etag}"), format!("\"a,b\", {etag}"), "*".to_owned()] {
        let known = api.get("/tasks/1", &[&if_none_match(&condition)]).await;
        assert_eq!((known.status.as_u16(), known.etag()), (304, etag.clone()), "{condition}");
        assert_eq!(known.header("cache-control"), Some("no-cache"));
        assert!(known.header("last-modified").is_some());
        assert_eq!((known.body.len(), known.header("content-length"), known.header("content-type")), (0, None, None));
    }
    assert_eq!(api.call("HEAD /tasks/1", &[&if_none_match(&etag)], "").await.status, 304);
}

#[tokio::test]
async fn tags_are_found_in_every_header_line() {
    let api = tasks();
    let etag = api.create("/tasks/1", "milk").await;
    assert_eq!(api.get("/tasks/1", &["If-None-Match: \"x\"", &if_none_match(&etag)]).await.status, 304);
}

#[tokio::test]
async fn another_tag_gets_the_state() {
    let api = tasks();
    api.create("/tasks/1", "milk").await;
    assert_eq!(api.get("/tasks/1", &["If-None-Match: \"x\""]).await.status, 200);
}

#[tokio::test]
async fn a_malformed_if_none_match_is_never_304() {
    let api = tasks();
    let etag = api.create("/tasks/1", "milk").await;
    for condition in ["abc".to_owned(), format!("{etag} {etag}"), format!("{etag}, *"), etag.replace('"', "")] {
        let got = api.get("/tasks/1", &[&if_none_match(&condition)]).await;
        assert_eq!(got.status, 200, "{condition}");
    }
}

#[tokio::test]
async fn if_match_on_a_read_is_412_or_400() {
    let api = tasks();
    let etag = api.create("/tasks/1", "milk").await;
    assert_eq!(api.get("/tasks/1", &[&if_match(&etag)]).await.status, 200);
    let failed = api.get("/tasks/1", &["If-Match: \"x\""]).await;
    assert_eq!((failed.status.as_u16(), failed.etag()), (412, etag));
    let malformed = api.get("/tasks/1", &["If-Match: abc"]).await;
    assert_eq!((malformed.status.as_u16(), malformed.problem()), (400, "malformed-condition".to_owned()));
}

#[tokio::test]
async fn if_modified_since_is_ignored_beside_if_none_match() {
    let api = tasks();
    let created = api.put("/tasks/1", &[], r#"{"title":"milk"}"#).await;
    let since = format!("If-Modified-Since: {}", created.header("last-modified").unwrap());
    assert_eq!(api.get("/tasks/1", &[&since]).await.status, 304);
    assert_eq!(api.get("/tasks/1", &[&since, "If-None-Match: \"x\""]).await.status, 200);
    assert_eq!(api.get("/tasks/1", &["If-Modified-Since: Sun, 06 Nov 1994 08:49:37 GMT"]).await.status, 200);
}

#[tokio::test]
async fn a_date_that_two_states_share_is_never_304() {
    let clock = Stopped::new();
    let api = Client(Api::new(store_at(&clock)).resource(Resource::<Task>::new()).router());
    let first = api.put("/tasks/1", &[], r#"{"title":"milk"}"#).await;
    let since = format!("If-Modified-Since: {}", first.header("last-modified").unwrap());
    let second = api.put("/tasks/1", &[&if_match(&first.etag())], r#"{"title":"tea"}"#).await;
    assert_eq!(second.header("last-modified"), first.header("last-modified"));
    assert_eq!(api.get("/tasks/1", &[&since]).await.status, 200);
    assert_eq!(api.get("/tasks/1", &[&since, &if_none_match(&second.etag())]).await.status, 304);
    let later = "If-Modified-Since: Sun, 06 Nov 1994 08:49:38 GMT";
    assert_eq!(api.get("/tasks/1", &[later]).await.status, 304);
    let earlier = "If-Unmodified-Since: Sun, 06 Nov 1994 08:49:36 GMT";
    assert_eq!(api.get("/tasks/1", &[earlier]).await.status, 412);
}

#[tokio::test]
async fn last_modified_is_never_in_the_future() {
    let clock = Stopped::new();
    let api = Client(Api::new(store_at(&clock)).resource(Resource::<Task>::new()).router());
    clock.advance(60);
    let etag = api.create("/tasks/1", "milk").await;
    clock.set_back(60);
    let got = api.get("/tasks/1", &[]).await;
    assert_eq!(got.header("last-modified"), Some("Sun, 06 Nov 1994 08:49:37 GMT"));
    let changed = api.put("/tasks/1", &[&if_match(&etag)], r#"{"title":"tea"}"#).await;
    assert_eq!(changed.header("last-modified"), got.header("last-modified"));
}

#[tokio::test]
async fn a_304_reads_no_body() {
    let spy = Spy::default();
    let api = Client(Api::new(spy.clone()).resource(Resource::<Task>::new()).router());
    let etag = api.create("/tasks/1", "milk").await;
    spy.calls();
    assert_eq!(api.get("/tasks/1", &[&if_none_match(&etag)]).await.status, 304);
    assert_eq!(spy.calls().into_iter().collect::<Vec<_>>(), [("head", 1)]);
    assert_eq!(api.get("/tasks/1", &[]).await.status, 200);
    assert_eq!(spy.calls().into_iter().collect::<Vec<_>>(), [("read", 1)]);
}

#[tokio::test]
async fn cache_control_is_the_authors_on_200_and_304() {
    let api = serve(Resource::<Task>::new().cache_control(HeaderValue::from_static("max-age=5")));
    let etag = api.create("/tasks/1", "milk").await;
    for headers in [&[][..], &[&*if_none_match(&etag)]] {
        assert_eq!(api.get("/tasks/1", headers).await.header("cache-control"), Some("max-age=5"));
    }
    assert_eq!(api.get("/tasks/2", &[]).await.header("cache-control"), Some("no-cache"));
}

#[tokio::test]
async fn what_is_missing_is_404_before_its_conditions() {
    let api = tasks();
    for headers in [&[][..], &["If-Match: *"], &["If-Match: abc"], &["If-None-Match: *"]] {
        let missing = api.get("/tasks/1", headers).await;
        assert_eq!((missing.status.as_u16(), missing.problem()), (404, "not-found".to_owned()), "{headers:?}");
        assert_eq!(missing.json()["instance"], "/tasks/1");
    }
}
